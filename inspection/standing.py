"""A report's place on its permit's record, and what was on the record before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

UNREVIEWED = "unreviewed"


@dataclass(frozen=True, kw_only=True)
class PastReport:
    """An earlier report on the permit's record."""

    version: int
    inspection: str
    created_at: str
    captured_at: str | None
    sha256: str
    ledger_ha: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class RecordNote:
    """The report's place among those of its permit, at the time it was made."""

    state: str
    """``unreviewed``: people have not decided yet; else their decision."""

    version: int | None
    """Counts the permit's reports from 1; None where no record was at hand."""

    supersedes: str | None
    """Hash of the report before it; None for the first."""

    history: list[PastReport]


def record_note(past: Sequence[PastReport] | None, *, inspection: str) -> RecordNote:
    """
    Say which report of the permit this is; None means that no record was at hand.

    An inspection that is on the record already keeps the place it has, so that making it
    again gives the same report.
    """
    if past is None:
        return RecordNote(state=UNREVIEWED, version=None, supersedes=None, history=[])
    places = [n for n, one in enumerate(past) if one.inspection == inspection]
    before = list(past[: places[0]] if places else past)
    return RecordNote(
        state=UNREVIEWED,
        version=len(before) + 1,
        supersedes=before[-1].sha256 if before else None,
        history=before,
    )
