"""The sections of the report, one a module; each is told from the document alone."""
