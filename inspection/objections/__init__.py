"""What anybody may do without signing in: hold a report against the record, and object to it."""
