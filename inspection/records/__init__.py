"""The permits' records in a database: SQLite in one file, or PostgreSQL, by one setting."""
