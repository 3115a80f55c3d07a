"""Many inspections by one table: told apart, run side by side, gathered into one answer."""
