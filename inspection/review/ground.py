"""Ground that counts by what people said so far: what several findings cover counts once."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.disturbance import Epoch
from inspection.degrees import Rings
from inspection.objects.store import ObjectStore
from inspection.records.tables.inspections import Finding, InspectionRun, ReviewOutcome
from inspection.review.sealed import yardstick_of
from inspection.review.speaking import VALUES, stated_by
from inspection.review.standing import last_words, standing_of
from inspection.review_note import ReviewedAreas

OPEN: Final = (Epoch.NEW, Epoch.STANDING)
"""Ground that lies open; what recovered does not."""


@dataclass(frozen=True, kw_only=True)
class CountedGround:
    """Hectares by location; a finding without a word counts as it was measured."""

    reviews_sha256: str
    """Of the words that it follows from (`inspection.review.standing.Standing.sha256`)."""

    new: ReviewedAreas
    disturbed: ReviewedAreas
    """New and standing together: what a decided report states as `review.areas_ha`."""


def counted_ground(session: Session, objects: ObjectStore, run: InspectionRun) -> CountedGround:
    """Measure the ground of a finished inspection that is not rejected."""
    standing = standing_of(session, run.id)
    asked = select(Finding).where(Finding.inspection_id == run.id)
    findings = session.scalars(asked.order_by(Finding.created_at, Finding.id)).all()
    last = last_words(session, findings)
    outlines: dict[str, list[Rings]] = {str(epoch): [] for epoch in Epoch}
    for one in findings:
        word = last.get(one.id)
        if word is None or word.outcome is not ReviewOutcome.REJECTED:
            edit = word.edit if word is not None else None
            stated = stated_by(one) if edit is None else VALUES.validate_python(edit)
            outlines[one.epoch].append(stated.vertices)
    yardstick = yardstick_of(objects, run)
    return CountedGround(
        reviews_sha256=standing.sha256,
        new=yardstick.areas(outlines[Epoch.NEW]),
        disturbed=yardstick.areas([one for epoch in OPEN for one in outlines[epoch]]),
    )
