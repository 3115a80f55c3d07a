"""The log of a flight: what its crew states of it, claimed and never proven."""
