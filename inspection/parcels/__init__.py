"""Parcels: flights on a memory stick, for where no line carries them; signed, and exact."""
