"""Doors to other software: the forms in which results leave."""
