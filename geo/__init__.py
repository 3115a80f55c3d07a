"""Pixels and shapes: one technique a module; knows nothing of permits, people or the web."""
