"""Inspections as jobs that survive any crash."""
