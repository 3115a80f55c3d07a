"""Attach: file the finished report with the permit's record."""

from pathlib import Path

from inspection.model import Permit
from inspection.ports import Archive, Filed


def attach(report: Path, permit: Permit | None, *, archive: Archive) -> Filed | None:
    """File a report folder with its permit; without a permit there is no record to file with."""
    return archive.file(permit.id, report) if permit else None
