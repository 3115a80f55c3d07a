"""The object store: bytes that decide, kept under their own hash and never changed."""
