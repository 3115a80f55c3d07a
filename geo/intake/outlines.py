"""Uploaded outlines in any vector form: read once, in the child, into plain values."""

import shutil
from pathlib import Path
from typing import Any, Final

from geo.errors import RefusedError
from geo.fault import Fault, Faulty
from geo.intake.form import Form, form_of
from geo.intake.room import SOURCE, WORKING, child_folder
from geo.intake.sandbox import Allowance, answer_of_child
from geo.vector.archive import judged, only
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import Written, unpacked

MAX_BYTES: Final = 64 << 20

COMPANIONS: Final = (".dbf", ".prj", ".cpg")
"""Files beside a bare shapefile that say what its outlines are called and where they lie."""

_SECONDS: Final = 25.0
_MEMORY_BYTES: Final = 1_400_000_000
_WORKING_BYTES: Final = 256 << 20
_JOURNAL: Final = "-wal"


def read_outlines(
    path: Path, *, subject: str, most_bytes: int = MAX_BYTES, most_vertices: int
) -> Written:
    """
    Everything that a vector file holds, as written.

    Parameters
    ----------
    path
        The upload; it is only read. The companions of a bare shapefile are taken from beside it.
    subject
        What the file is meant to be; codes of the sandbox begin with it.
    most_bytes, most_vertices
        Protective limits of the file and of all its outlines together.

    Raises
    ------
    Faulty, Unfit
        What the form's reader, the gate before it or these limits find.
    RefusedError
        ``boundary_takes_too_long``, ``boundary_takes_too_much_memory``, ``boundary_unreadable``.
    UnfinishedError
        ``boundary_reader_not_started``, ``disk_full``.
    """
    beside = companions(path)
    size = sum(one.stat().st_size for one in (path, *beside.values()))
    if size > most_bytes:
        raise Unfit(Reason.TOO_LARGE, megabytes=size >> 20, limit=most_bytes >> 20)
    form = form_of(path)
    _judge(path, form)
    allowance = Allowance(seconds=_SECONDS, memory_bytes=_MEMORY_BYTES, file_bytes=_WORKING_BYTES)
    with child_folder(path, beside=None) as folder:
        for ending, file in beside.items():
            shutil.copyfile(file, folder / (SOURCE + ending))
        said = answer_of_child(
            "outlines",
            {"form": form, "most_vertices": most_vertices},
            folder=folder,
            allowance=allowance,
            subject=subject,
        )
        try:
            _raise_told(said)
            return unpacked((folder / WORKING).read_bytes())
        except (KeyError, OSError, TypeError, ValueError):
            # A child that no longer obeys us.
            raise RefusedError(f"{subject}_unreadable") from None


def companions(path: Path) -> dict[str, Path]:
    """Files that belong to a bare shapefile, by their endings; upper case is as good."""
    if path.suffix.lower() != ".shp":
        return {}
    return {
        one.suffix.lower(): one
        for one in sorted(path.resolve().parent.iterdir())
        if one.stem == path.stem and one.suffix.lower() in COMPANIONS and one.is_file()
    }


def _judge(path: Path, form: Form) -> None:
    """Refuse what the container shows by itself, before a child is started."""
    match form:
        case Form.ZIPPED_SHAPEFILE:
            only(judged(path), ".shp")
        case Form.KMZ:
            only(judged(path), ".kml")
        case Form.GEOPACKAGE:
            journal = path.with_name(path.name + _JOURNAL)
            if journal.is_file() and journal.stat().st_size:
                raise Unfit(Reason.UNSAVED)
        case _:
            pass


def _raise_told(said: dict[str, Any]) -> None:
    """Raise what the child found, with no more words than we foresaw."""
    where = said.get("where")
    told = None if where is None else str(where)[:200]
    if "fault" in said:
        raise Faulty(Fault(said["fault"]), where=told)
    if "reason" in said:
        facts = {
            str(name): value[:200] if isinstance(value, str) else value
            for name, value in said["facts"].items()
            if isinstance(value, str | int | float)
        }
        raise Unfit(Reason(said["reason"]), where=told, **facts)
