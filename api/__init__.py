"""The door for other programs and for browsers: thin, so far without a route."""
