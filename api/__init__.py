"""The door for other programs and for browsers: thin; it parses, calls and formats."""
