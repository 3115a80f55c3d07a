"""Asking for an inspection, taking it back, and whose turn it is: all on the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.errors import about
from inspection.errors import ConflictError
from inspection.jobs.asked import Asked, files_of
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.reports import Reissue, ReissueState

OPEN: Final = (InspectionState.SUBMITTED, InspectionState.RUNNING)
AGAIN: Final = (InspectionState.FAILED, InspectionState.QUARANTINED, InspectionState.CANCELLED)
"""Ends after which it may go better another time; an input that was refused stays so."""

_LOCK: Final = 0x7475726E73
"""Number of the lock under which PostgreSQL lets one worker at a time take a turn."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the record knows of the inspection: its permit, boundary and flights, and by whom."""

    permit_id: UUID
    boundary_id: UUID
    current_id: UUID
    baseline_id: UUID | None
    submitted_by: UUID


def submit(session: Session, objects: ObjectStore, asked: Asked, subject: Subject) -> InspectionRun:
    """
    Put an inspection in line; some worker begins it when its office's turn comes.

    Raises
    ------
    RefusedError
        As `require_files`.
    """
    require_files(objects, asked)
    return put_in_line(session, asked, subject)


def require_files(objects: ObjectStore, asked: Asked) -> None:
    """
    See that every file is in the store.

    Raises
    ------
    RefusedError
        ``object_missing``.
    """
    for _, file in files_of(asked):
        with about(file.name):
            objects.stored(file.sha256)


def put_in_line(
    session: Session, asked: Asked, subject: Subject, *, actor: UUID | None = None
) -> InspectionRun:
    """Put an inspection in line whose files are known to be in the store."""
    run = InspectionRun(
        permit_id=subject.permit_id,
        boundary_id=subject.boundary_id,
        current_id=subject.current_id,
        baseline_id=subject.baseline_id,
        submitted_by=subject.submitted_by,
        request=asked.model_dump(mode="json", exclude_defaults=True),
        state=InspectionState.SUBMITTED,
        share=0.0,
    )
    session.add(run)
    deed = Deed(
        action="inspection.submitted",
        subject_kind="inspection",
        subject_id=str(run.id),
        facts={
            "permit": str(subject.permit_id),
            "files": {place: file.sha256 for place, file in files_of(asked)},
        },
    )
    record(session, deed, actor=str(actor or subject.submitted_by))
    return run


def cancel(session: Session, run_id: UUID, *, by: UUID) -> bool:
    """Take an inspection back; False where it has ended already. Its worker stops in seconds."""
    run = session.get(InspectionRun, run_id, with_for_update=True)
    if run is None or run.state not in OPEN:
        return False
    end(session, run, InspectionState.CANCELLED, problem=None, actor=str(by))
    return True


def retry(session: Session, objects: ObjectStore, run_id: UUID, *, by: UUID) -> InspectionRun:
    """
    Put in line again what ended without a result, as it was asked, under a name of its own.

    Whoever asked for it first is still who submitted it: nobody decides on their own.

    Raises
    ------
    ConflictError
        ``inspection_not_retried`` if it did not end so, ``inspection_retried_before``.
    RefusedError
        As `require_files`.
    """
    before = session.get_one(InspectionRun, run_id, with_for_update=True)
    if before.state not in AGAIN:
        raise ConflictError("inspection_not_retried", state=str(before.state))
    known = select(InspectionRun.id).where(InspectionRun.retry_of_id == run_id)
    if session.scalars(known).first() is not None:
        raise ConflictError("inspection_retried_before")
    asked = Asked.model_validate(before.request)
    require_files(objects, asked)
    subject = Subject(
        permit_id=before.permit_id,
        boundary_id=before.boundary_id,
        current_id=before.current_id,
        baseline_id=before.baseline_id,
        submitted_by=before.submitted_by,
    )
    run = put_in_line(session, asked, subject, actor=by)
    run.retry_of_id = run_id
    deed = Deed(
        action="inspection.retried",
        subject_kind="inspection",
        subject_id=str(run_id),
        facts={"as": str(run.id)},
    )
    record(session, deed, actor=str(by))
    return run


def end(
    session: Session,
    run: InspectionRun,
    state: InspectionState,
    *,
    problem: dict[str, Json] | None,
    actor: str | None = None,
) -> None:
    """Write on the record how an inspection ended without a result."""
    run.state, run.finished_at = state, now()
    run.problem = problem
    deed = Deed(
        action=f"inspection.{state}",
        subject_kind="inspection",
        subject_id=str(run.id),
        facts={"code": str(problem["code"])} if problem else {},
    )
    record(session, deed, actor=actor, chain=run.office_id)


def take_turns(records: Records, free: int) -> list[tuple[UUID, UUID]]:
    """
    Begin up to so many inspections; gives office and inspection of each.

    The office that waited longest since its last beginning is next, and its oldest
    inspection goes first: one with a thousand waiting holds nobody else up. Of one permit only
    one runs at a time, for each report states those before it.
    """
    begun: list[tuple[UUID, UUID]] = []
    with records.writing_all() as session:
        take_the_turn(session)
        while len(begun) < free and (run := _next(session)) is not None:
            run.state, run.started_at = InspectionState.RUNNING, now()
            deed = Deed(
                action="inspection.started", subject_kind="inspection", subject_id=str(run.id)
            )
            record(session, deed, actor=None, chain=run.office_id)
            session.flush()
            begun.append((run.office_id, run.id))
    return begun


def take_the_turn(session: Session) -> None:
    """Let one worker at a time choose what it begins, until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def busy_permits(session: Session) -> set[UUID]:
    """Permits of which something runs that will be a report: of each only one may at a time."""
    inspected = select(InspectionRun.permit_id).where(
        InspectionRun.state == InspectionState.RUNNING
    )
    rewritten = select(Reissue.permit_id).where(Reissue.state == ReissueState.RUNNING)
    return {*session.scalars(inspected), *session.scalars(rewritten)}


def _next(session: Session) -> InspectionRun | None:
    waiting = (
        InspectionRun.state == InspectionState.SUBMITTED,
        InspectionRun.permit_id.not_in(busy_permits(session)),
    )
    offices = session.scalars(select(InspectionRun.office_id).where(*waiting).distinct()).all()
    if not offices:
        return None
    asked = (
        select(InspectionRun.office_id, func.max(InspectionRun.started_at))
        .where(InspectionRun.office_id.in_(offices), InspectionRun.started_at.is_not(None))
        .group_by(InspectionRun.office_id)
    )
    last: dict[UUID, datetime | None] = {one[0]: one[1] for one in session.execute(asked)}
    longest = min(offices, key=lambda one: (one in last, last.get(one), one))
    return session.scalars(
        select(InspectionRun)
        .where(*waiting, InspectionRun.office_id == longest)
        .order_by(InspectionRun.created_at, InspectionRun.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
