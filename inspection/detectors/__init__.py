"""What scores change: the network that comes along, an office's own, or the evidence alone."""
