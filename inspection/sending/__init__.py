"""The other end of an upload: files are sent over whatever line there is, for hours if need be."""
