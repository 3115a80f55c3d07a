"""What people said of findings and inspections, as it is told: with who they are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.review_shown import DecisionTold, FindingTold, PersonTold, ReviewTold
from inspection.records.tables.inspections import Decision, Finding, Review
from inspection.review.standing import last_words
from inspection.review.telling import people_of


def reviews_told(session: Session, reviews: Sequence[Review]) -> list[ReviewTold]:
    """Words on findings, in the order given."""
    people = people_of(session, [one.reviewed_by for one in reviews])
    return [_with(ReviewTold, one, people[one.reviewed_by]) for one in reviews]


def decisions_told(session: Session, decisions: Sequence[Decision]) -> list[DecisionTold]:
    """Decisions, in the order given."""
    people = people_of(session, [one.decided_by for one in decisions])
    return [_with(DecisionTold, one, people[one.decided_by]) for one in decisions]


def findings_told[Shape: FindingTold](
    session: Session, findings: Sequence[Finding], shape: type[Shape]
) -> list[Shape]:
    """Findings in this shape, each with the last word on it."""
    words = reviews_told(session, list(last_words(session, findings).values()))
    last = {one.finding_id: one for one in words}
    return [
        shape.model_validate(one).model_copy(update={"review": last.get(one.id)})
        for one in findings
    ]


def _with[Told: (ReviewTold, DecisionTold)](shape: type[Told], row: object, by: object) -> Told:
    named: dict[str, Any] = {
        name: getattr(row, name)
        for name, field in shape.model_fields.items()
        if name != "by" and field.is_required()
    }
    return shape(by=PersonTold.model_validate(by), **named)
