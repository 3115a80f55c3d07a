"""Asking what other rules would change in what is published, and giving that up."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from geo.errors import RefusedError
from inspection.jobs.batches import items_of
from inspection.jobs.tried_rules import known_rules, own_rules
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.searching import saying
from inspection.records.tables.batches import Batch
from inspection.records.tables.inspections import InspectionRun, InspectionState, ReviewState
from inspection.records.tables.permits import Permit
from inspection.records.tables.trials import Trial, TrialItem, TrialState

MOST: Final = 2000
"""Results that are tried together."""

OPEN: Final = (TrialState.WAITING, TrialState.RUNNING)
_IN_ONE_QUESTION: Final = 400


@dataclass(frozen=True, kw_only=True)
class Published:
    """A result on record, and what was asked for it."""

    run_id: UUID
    sha256: str
    request: dict[str, Json]

    @classmethod
    def of(cls, run: InspectionRun) -> Self:
        """That of an inspection that is done."""
        return cls(run_id=run.id, sha256=str(run.document_sha256), request=run.request)


@dataclass(frozen=True, kw_only=True)
class TrialWanted:
    """The rules to try, and on what."""

    profile: str | None = None
    """Name of some that come along."""

    rules: str | None = None
    """Or a file of one's own."""

    batch: Batch | None = None
    """Whose results are tried; None for the newest result of each permit."""

    words: str | None = None
    """Words that those permits have; None for all."""


def try_rules(session: Session, wanted: TrialWanted, *, by: UUID) -> Trial:
    """
    Put in line what is published, to be inspected by other rules; it stays as it is.

    Raises
    ------
    RefusedError
        ``trial_nothing_published``, ``trial_too_many``; of the rules as
        `inspection.jobs.tried_rules`.
    """
    if wanted.rules is not None:
        profile = own_rules(wanted.rules).name
    else:
        profile = known_rules(wanted.profile or "").name
    found = _of_batch(session, wanted.batch) if wanted.batch else _newest(session, wanted.words)
    if not found:
        raise RefusedError("trial_nothing_published")
    if len(found) > MOST:
        raise RefusedError("trial_too_many", limit=MOST)
    trial = Trial(
        submitted_by=by,
        profile=profile,
        rules=wanted.rules,
        batch_id=wanted.batch.id if wanted.batch else None,
        words=wanted.words,
    )
    session.add(trial)
    session.add_all(
        TrialItem(
            trial_id=trial.id,
            position=position,
            inspection_id=one.run_id,
            document_sha256=one.sha256,
            request=one.request
            if wanted.rules is not None
            else {**one.request, "profile": profile},
            state=TrialState.WAITING,
        )
        for position, one in enumerate(found)
    )
    facts = {"profile": profile, "inspections": len(found)}
    _told(session, "trial.submitted", trial, facts, by)
    return trial


def cancel_trial(session: Session, trial: Trial, *, by: UUID) -> int:
    """Give up what has not ended of a trial; gives how many these were."""
    asked = (
        update(TrialItem)
        .where(TrialItem.trial_id == trial.id, TrialItem.state.in_(OPEN))
        .values(state=TrialState.CANCELLED)
        .returning(TrialItem.id)
    )
    ended = len(session.execute(asked).all())
    if ended:
        _told(session, "trial.cancelled", trial, {"inspections": ended}, by)
    return ended


def counts_of_trials(
    session: Session, trials: Sequence[Trial]
) -> dict[UUID, tuple[dict[TrialState, int], int]]:
    """How many of each trial are in each state, and in how many an answer would be another."""
    ids = [one.id for one in trials]
    states: dict[UUID, dict[TrialState, int]] = {one: {} for one in ids}
    changed = dict.fromkeys(ids, 0)
    asked = (
        select(
            TrialItem.trial_id,
            TrialItem.state,
            func.count(),
            func.count().filter(TrialItem.changes > 0),
        )
        .where(TrialItem.trial_id.in_(ids))
        .group_by(TrialItem.trial_id, TrialItem.state)
    )
    for trial, state, many, others in session.execute(asked):
        states[trial][state] = many
        changed[trial] += others
    return {one: (states[one], changed[one]) for one in ids}


def _published(run: type[InspectionRun]) -> tuple[ColumnElement[bool], ...]:
    """Of inspections: that their result is on record, and was not declined."""
    return (
        run.state == InspectionState.DONE,
        run.document_sha256.is_not(None),
        or_(run.review.is_(None), run.review != ReviewState.DECLINED),
    )


def _of_batch(session: Session, batch: Batch) -> list[Published]:
    ids = [one.run.id for one in items_of(session, batch) if one.run is not None]
    found: dict[UUID, Published] = {}
    for some in batched(ids, _IN_ONE_QUESTION):
        asked = select(InspectionRun).where(*_published(InspectionRun), InspectionRun.id.in_(some))
        found |= {row.id: Published.of(row) for row in session.scalars(asked)}
    return [found[one] for one in ids if one in found]


def _newest(session: Session, words: str | None) -> list[Published]:
    permits = select(Permit)
    if words:
        permits = saying(permits, words)
    other = aliased(InspectionRun)
    newest = (
        select(other.id)
        .where(other.permit_id == InspectionRun.permit_id, *_published(other))
        .order_by(other.created_at.desc(), other.id.desc())
        .limit(1)
        .correlate(InspectionRun)
        .scalar_subquery()
    )
    asked = (
        select(InspectionRun)
        .where(
            InspectionRun.id == newest,
            InspectionRun.permit_id.in_(permits.with_only_columns(Permit.id)),
        )
        .order_by(InspectionRun.created_at, InspectionRun.id)
        .limit(MOST + 1)
    )
    return [Published.of(row) for row in session.scalars(asked)]


def _told(session: Session, action: str, trial: Trial, facts: dict[str, Any], by: UUID) -> None:
    deed = Deed(action=action, subject_kind="trial", subject_id=str(trial.id), facts=facts)
    record(session, deed, actor=str(by))
