"""Figures of an office: how much it did and how long that took, of its work and of nobody's."""
