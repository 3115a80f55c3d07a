"""A person's word on a finding: accepted, rejected for a reason, or edited; all words stay."""

from dataclasses import dataclass, fields, replace
from uuid import UUID

from pydantic import TypeAdapter
from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.errors import ConflictError
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.tables.inspections import (
    Finding,
    InspectionRun,
    Review,
    ReviewOutcome,
)
from inspection.records.tables.offices import User
from inspection.report.scene import polygons
from inspection.review.reasons import reasons
from inspection.review.sealed import yardstick_of
from inspection.review.standing import require_open
from inspection.review_note import ReviewedValues

VALUES = TypeAdapter(ReviewedValues)
STATED = tuple(
    "class" if one.name == "ground_class" else one.name for one in fields(ReviewedValues)
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a person says of a finding."""

    outcome: ReviewOutcome
    note: str = ""
    reason_code: str | None = None
    """Of a rejection."""

    outline: MultiPolygon | None = None
    """Of an edit: in degrees, in place of the finding's own."""

    ground_class: str | None = None
    """Of an edit: in place of the finding's own."""

    expects: int | None = None
    """How many words on it its speaker knows; None where whatever was said is spoken over."""


def speak(
    session: Session, objects: ObjectStore, finding: Finding, word: Word, *, by: UUID
) -> Review:
    """
    Put a word on the record, the latest of which counts; it changes nothing of the finding.

    Whoever says again what they said last adds nothing: that word is given back.

    Raises
    ------
    ConflictError
        ``review_not_yet``, ``review_closed``, ``word_not_the_last`` if somebody spoke
        since, ``word_before_lost`` if what it follows is not on the record.
    RefusedError
        ``reason_unknown``, ``note_needed``, ``edit_empty``, ``edit_changes_nothing``, and what
        `inspection.yardstick.Yardstick.values` refuses.
    """
    run = session.get_one(InspectionRun, finding.inspection_id)
    require_open(session, run)
    _require_last(session, finding, word)
    _require_sense(word)
    last = _last(session, finding)
    if last is not None and last.reviewed_by == by and _says(last, word):
        return last
    edit = None
    if word.outcome is ReviewOutcome.EDITED:
        edit = as_json(_edited(session, objects, finding, word))
    return put_word(session, finding, word, edit=edit, by=by)


def put_word(
    session: Session, finding: Finding, word: Word, *, edit: dict[str, Json] | None, by: UUID
) -> Review:
    """Write a word behind those before it."""
    spoken = select(func.max(Review.sequence)).where(Review.finding_id == finding.id)
    review = Review(
        finding_id=finding.id,
        sequence=(session.scalar(spoken) or 0) + 1,
        reviewed_by=by,
        outcome=word.outcome,
        reason_code=word.reason_code,
        note=word.note,
        edit=edit,
    )
    session.add(review)
    # What a person wrote may name others: the log holds the code alone.
    deed = Deed(
        action=f"finding.{word.outcome}",
        subject_kind="finding",
        subject_id=str(finding.id),
        facts={
            "inspection": str(finding.inspection_id),
            "finding": finding.code,
            "review": str(review.id),
            "reason": word.reason_code,
        },
    )
    record(session, deed, actor=str(by))
    return review


def as_json(values: ReviewedValues) -> dict[str, Json]:
    """Values as the records keep them."""
    plain: dict[str, Json] = VALUES.dump_python(values, mode="json", by_alias=True)
    return plain


def stated_by(finding: Finding) -> ReviewedValues:
    """What a finding itself states, of all that a person may state instead."""
    return VALUES.validate_python({name: finding.document[name] for name in STATED})


def _require_last(session: Session, finding: Finding, word: Word) -> None:
    last = _last(session, finding)
    if word.expects is None or word.expects == (last.sequence if last else 0):
        return
    # A page that is ahead of the record has lost what it said before: nobody else spoke.
    if last is None or word.expects > last.sequence:
        raise ConflictError("word_before_lost", finding=finding.code)
    name = session.get_one(User, last.reviewed_by).name
    raise ConflictError("word_not_the_last", finding=finding.code, name=name)


def _require_sense(word: Word) -> None:
    if word.outcome is ReviewOutcome.REJECTED:
        reason = reasons().get(word.reason_code or "")
        if reason is None:
            raise RefusedError("reason_unknown", known=", ".join(reasons()))
        if reason.needs_note and not word.note.strip():
            raise RefusedError("note_needed")
    if word.outcome is ReviewOutcome.EDITED and word.outline is None and word.ground_class is None:
        raise RefusedError("edit_empty")


def _says(last: Review, word: Word) -> bool:
    """Whether a word says nothing but what the last one did; of edits that is told by measuring."""
    return word.outcome is not ReviewOutcome.EDITED and (
        (last.outcome, last.reason_code, last.note) == (word.outcome, word.reason_code, word.note)
    )


def _edited(session: Session, objects: ObjectStore, finding: Finding, word: Word) -> ReviewedValues:
    """What is stated in place of the finding's own values: measured, never typed."""
    stated = stated_by(finding)
    yardstick = yardstick_of(objects, session.get_one(InspectionRun, finding.inspection_id))
    ground_class = word.ground_class or stated.ground_class
    if word.outline is None:
        edited = replace(stated, ground_class=ground_class)
    else:
        edited = yardstick.values(
            word.outline,
            ground_class=ground_class,
            epoch=stated.epoch,
            instead_of=polygons(stated.vertices),
        )
    for before in (stated, _last_edit(session, finding)):
        if (
            before is not None
            and before.ground_class == edited.ground_class
            and yardstick.is_same_ground(before.vertices, edited.vertices)
        ):
            raise RefusedError("edit_changes_nothing")
    return edited


def _last_edit(session: Session, finding: Finding) -> ReviewedValues | None:
    """What counts now, where the last word was an edit."""
    last = _last(session, finding)
    return VALUES.validate_python(last.edit) if last is not None and last.edit else None


def _last(session: Session, finding: Finding) -> Review | None:
    spoken = select(Review).where(Review.finding_id == finding.id)
    return session.scalars(spoken.order_by(Review.sequence.desc()).limit(1)).one_or_none()
