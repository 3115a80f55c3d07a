"""The commands of the command line, one a module: parse, call, print."""
