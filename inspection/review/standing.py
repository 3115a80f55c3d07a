"""Where a review stands: the last word on each finding, how many there are, and their hash."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import ConflictError
from inspection.evidence.canonical import canonical_bytes
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    Finding,
    InspectionRun,
    InspectionState,
    Review,
    ReviewOutcome,
    ReviewState,
)

DECIDED: Final = (ReviewState.APPROVED, ReviewState.DECLINED)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A finding, as far as it is counted."""

    id: UUID
    code: str
    is_added: bool


@dataclass(frozen=True, kw_only=True)
class Said:
    """A word, as far as it is counted."""

    id: UUID
    outcome: ReviewOutcome


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The findings of one inspection, and the last word on each that has one."""

    findings: Sequence[Listed]
    """The inspection's own in its order, then those added by hand."""

    last: Mapping[UUID, Said]
    """By the finding's id."""

    returned: Sequence[UUID]
    """The decisions that gave it back, in their order."""

    @property
    def open(self) -> int:
        """How many findings nobody has spoken of."""
        return len(self.findings) - len(self.last)

    def count(self, outcome: ReviewOutcome) -> int:
        """How many findings have this outcome."""
        return sum(one.outcome is outcome for one in self.last.values())

    @property
    def sha256(self) -> str:
        """Hash of what was said last: another word, or that it was given back, makes another."""
        said = [
            [one.code, str(self.last[one.id].id) if one.id in self.last else None]
            for one in self.findings
        ]
        said += [["returned", str(one)] for one in self.returned]
        return hashlib.sha256(canonical_bytes(said)).hexdigest()


def standing_of(session: Session, inspection_id: UUID) -> Standing:
    """Where the review of an inspection stands; outlines and notes are left where they are."""
    # There may be thousands, and whoever waits for a report asks again and again.
    findings = (
        select(Finding.id, Finding.code, Finding.added_by)
        .where(Finding.inspection_id == inspection_id)
        .order_by(Finding.created_at, Finding.id)
    )
    words = (
        select(Review.finding_id, Review.id, Review.outcome)
        .join(Finding, Finding.id == Review.finding_id)
        .where(Finding.inspection_id == inspection_id)
        .order_by(Review.sequence)
    )
    returned = (
        select(Decision.id)
        .where(
            Decision.inspection_id == inspection_id,
            Decision.outcome == DecisionOutcome.RETURNED,
        )
        .order_by(Decision.created_at, Decision.id)
    )
    return Standing(
        findings=[
            Listed(id=one.id, code=one.code, is_added=one.added_by is not None)
            for one in session.execute(findings)
        ],
        last={
            one.finding_id: Said(id=one.id, outcome=one.outcome) for one in session.execute(words)
        },
        returned=session.scalars(returned).all(),
    )


def last_words(session: Session, findings: Sequence[Finding]) -> dict[UUID, Review]:
    """The last word on each of some findings that has one, by the finding's id."""
    words = (
        select(Review)
        .where(Review.finding_id.in_([one.id for one in findings]))
        .order_by(Review.sequence)
    )
    return {word.finding_id: word for word in session.scalars(words)}


def require_open(session: Session, run: InspectionRun) -> None:
    """
    Require that there is something to review and that no decision stands; hold others back.

    Raises
    ------
    ConflictError
        ``review_not_yet`` or ``review_closed``.
    """
    # Whoever writes of a review holds this row: a decision sees all words or comes before them.
    session.refresh(run, with_for_update=True)
    if run.state is not InspectionState.DONE or run.document_sha256 is None:
        raise ConflictError("review_not_yet")
    if run.review in DECIDED:
        raise ConflictError("review_closed")
