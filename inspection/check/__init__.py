"""The check: what files are, where they lie and what is wrong with them, before any upload."""
