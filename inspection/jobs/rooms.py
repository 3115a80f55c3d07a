"""Rooms of jobs that another machine took over and ended: nobody else removes them."""

import shutil
import time
from pathlib import Path
from typing import Final
from uuid import UUID

from inspection.jobs.submission import OPEN
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun

OLD_S: Final = 24 * 3600


def clear_rooms(records: Records, folder: Path, *, older_than_s: float = OLD_S) -> int:
    """Remove the rooms of inspections that ended, once nothing was written in them for long."""
    cleared = 0
    latest = time.time() - older_than_s
    for room in sorted(folder.iterdir()) if folder.is_dir() else ():
        run = _named(room)
        if run is None or room.stat().st_mtime > latest:
            continue
        with records.reading_all() as session:
            row = session.get(InspectionRun, run)
        if row is None or row.state not in OPEN:
            shutil.rmtree(room)
            cleared += 1
    return cleared


def _named(room: Path) -> UUID | None:
    try:
        return UUID(room.name)
    except ValueError:  # of another kind of job
        return None
