"""Reports on their way out: read by colleagues, attached to the record, sent to other systems."""
