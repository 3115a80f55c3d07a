"""Permits as other systems export them: read by a mapping, with provenance, and never retyped."""
