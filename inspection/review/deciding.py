"""The decision on an inspection: by a second person, on the reviews that this person saw."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.errors import ConflictError
from inspection.records.audit import Deed, record
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    InspectionRun,
    ReviewOutcome,
    ReviewState,
)
from inspection.records.tables.reports import Reissue, ReissueState, Report
from inspection.review.standing import require_open, standing_of
from inspection.review.telling import told

NEEDS_NOTE: Final = (DecisionOutcome.RETURNED, DecisionOutcome.DECLINED)
"""Decisions that somebody will ask the reason of."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a person decides."""

    outcome: DecisionOutcome
    note: str
    reviews_sha256: str
    """Of the reviews they saw (`inspection.review.standing.Standing.sha256`)."""

    attach: bool = False
    """Whether the report with a final decision is to be attached as soon as it is written."""


def decide(session: Session, run: InspectionRun, verdict: Verdict, *, by: UUID) -> Decision:
    """
    Put a decision on the record; one that is final has the report written again.

    Raises
    ------
    ConflictError
        ``review_not_yet``, ``review_closed``, ``reviews_changed`` if somebody spoke since,
        ``findings_open`` if a finding has no outcome yet.
    RefusedError
        ``note_needed``.
    """
    require_open(session, run)
    if verdict.outcome in NEEDS_NOTE and not verdict.note.strip():
        raise RefusedError("note_needed")
    standing = standing_of(session, run.id)
    if standing.sha256 != verdict.reviews_sha256:
        raise ConflictError("reviews_changed")
    is_final = verdict.outcome is not DecisionOutcome.RETURNED
    if is_final and standing.open:
        raise ConflictError("findings_open", count=standing.open)
    decision = Decision(
        inspection_id=run.id,
        submitted_by=run.submitted_by,
        decided_by=by,
        outcome=verdict.outcome,
        note=verdict.note,
        reviews_sha256=standing.sha256,
    )
    session.add(decision)
    run.review = ReviewState(verdict.outcome)
    if is_final:
        asked = select(Report.id).where(Report.sha256 == run.document_sha256)
        session.add(
            Reissue(
                decision_id=decision.id,
                inspection_id=run.id,
                permit_id=run.permit_id,
                report_id=session.scalars(asked).one(),
                review=told(session, decision),
                state=ReissueState.WAITING,
                attempt=1,
                is_to_attach=verdict.attach,
            )
        )
    deed = Deed(
        action="inspection.decided",
        subject_kind="inspection",
        subject_id=str(run.id),
        facts={
            "decision": str(decision.id),
            "outcome": str(verdict.outcome),
            "reviews_sha256": standing.sha256,
            **({"attach": True} if is_final and verdict.attach else {}),
            **{str(one): standing.count(one) for one in ReviewOutcome},
        },
    )
    record(session, deed, actor=str(by))
    return decision


def write_again(session: Session, reissue: Reissue, *, by: UUID) -> None:
    """
    Put a report in line once more whose writing failed.

    Raises
    ------
    ConflictError
        ``reissue_not_failed``.
    """
    session.refresh(reissue, with_for_update=True)
    if reissue.state is not ReissueState.FAILED:
        raise ConflictError("reissue_not_failed")
    reissue.state, reissue.problem = ReissueState.WAITING, None
    reissue.attempt += 1
    deed = Deed(
        action="report.wanted",
        subject_kind="inspection",
        subject_id=str(reissue.inspection_id),
        facts={"decision": str(reissue.decision_id), "attempt": reissue.attempt},
    )
    record(session, deed, actor=str(by))
