"""A process that makes inspections and nothing else: what it does without, before it begins."""

from geo.memory import keep_free
from geo.undivided import work_undivided
from inspection.exchange.frames import forgo_frames


def live_lean() -> None:
    """Load no tables, keep memory for the next array, have no threads but our own."""
    forgo_frames()
    keep_free()
    work_undivided()
