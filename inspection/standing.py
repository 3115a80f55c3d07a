"""A report's place on its permit's record, and what was on the record before it."""

from collections.abc import Sequence

from inspection.provenance import PastReport, RecordNote

UNREVIEWED = "unreviewed"


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
