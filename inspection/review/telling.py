"""What the new report says of a review: fixed when the decision is made, whatever changes later."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.language import Json
from inspection.records.tables.inspections import Decision, Finding, Review
from inspection.records.tables.offices import Role, User
from inspection.review.speaking import as_json, stated_by
from inspection.review_note import REVIEWED, Person


def told(session: Session, decision: Decision) -> dict[str, Json]:
    """The review as the new document carries it, of findings that all have an outcome."""
    found = (
        select(Finding)
        .where(Finding.inspection_id == decision.inspection_id)
        .order_by(Finding.created_at, Finding.id)
    )
    spoken = (
        select(Review)
        .join(Finding, Finding.id == Review.finding_id)
        .where(Finding.inspection_id == decision.inspection_id)
        .order_by(Review.sequence)
    )
    findings = session.scalars(found).all()
    last = {one.finding_id: one for one in session.scalars(spoken)}
    words = [last[one.id] for one in findings]
    adders = [one.added_by for one in findings if one.added_by is not None]
    people = people_of(session, {decision.decided_by, *(one.reviewed_by for one in words), *adders})
    first = _first_words(session, [one for one in findings if one.added_by])
    plain = {
        "decision": {
            "outcome": str(decision.outcome),
            "note": decision.note,
            "by": people[decision.decided_by],
            "at": moment(decision.created_at),
            "reviews_sha256": decision.reviews_sha256,
        },
        "findings": [
            _review(finding, word, people) for finding, word in zip(findings, words, strict=True)
        ],
        "added": [
            {
                "id": finding.code,
                "note": first[finding.id].note,
                "by": people[finding.added_by],
                "at": moment(finding.created_at),
                "values": as_json(stated_by(finding)),
            }
            for finding in findings
            if finding.added_by is not None
        ],
    }
    fixed: dict[str, Json] = REVIEWED.dump_python(
        REVIEWED.validate_python(plain), mode="json", by_alias=True
    )
    return fixed


def moment(at: datetime) -> str:
    """A time as documents state it."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _review(finding: Finding, word: Review, people: Mapping[UUID, Any]) -> dict[str, Any]:
    return {
        "finding": finding.code,
        "outcome": str(word.outcome),
        "reason_code": word.reason_code,
        "note": word.note,
        "by": people[word.reviewed_by],
        "at": moment(word.created_at),
        "words": word.sequence,
        "values": word.edit,
    }


def people_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Name and role of each; whoever speaks in a review does so as a reviewer."""
    found = session.scalars(select(User).where(User.id.in_(set(ids))))
    return {one.id: Person(name=one.name, role=str(Role.REVIEWER)) for one in found}


def _first_words(session: Session, findings: Iterable[Finding]) -> dict[UUID, Review]:
    """What was said of findings by those who added them."""
    asked = select(Review).where(
        Review.finding_id.in_([one.id for one in findings]), Review.sequence == 1
    )
    return {one.finding_id: one for one in session.scalars(asked)}
