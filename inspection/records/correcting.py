"""What officers state: corrections laid over imported values, and the limits of a permit."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from inspection.errors import ConflictError, RefusedError
from inspection.exchange.permits.vocabulary import Field
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.brought import SEARCHED, with_words
from inspection.records.tables.permits import Correction, Permit, PermitLimit
from inspection.records.values import Resolved, resolved

NUMBERS: Final = frozenset(
    {Field.DECLARED_AREA_HA, Field.LAND_AREA_M2, Field.LATITUDE, Field.LONGITUDE}
)
DAYS: Final = frozenset(
    {
        Field.APPLIED_ON,
        Field.BUSINESS_REGISTERED_ON,
        Field.COMPLETED_ON,
        Field.ISSUED_ON,
        Field.RECOMMENDED_ON,
        Field.VALID_FROM,
        Field.VALID_UNTIL,
    }
)
UNITS: Final = {"max_disturbed_ha": "ha"}
"""Limits that an inspection checks, and the unit of each."""


@dataclass(frozen=True, kw_only=True)
class LimitStated:
    """A limit of a permit, and who says so."""

    code: str
    value: float | None
    """None where the permit has no such limit any more."""

    source: str
    valid_from: date | None = None
    valid_until: date | None = None


def correct(
    session: Session, permit: Permit, field: Field, value: Json, *, reason: str, by: UUID
) -> Correction:
    """
    State what counts instead of what was imported, which stays beneath it.

    Raises
    ------
    RefusedError
        ``correction_value`` where it is no number or no day, as the field's values are.
    """
    _require_fitting(field, value)
    row = Correction(
        permit_id=permit.id,
        field=str(field),
        value=value,
        is_withdrawn=False,
        reason=reason,
        corrected_by=by,
    )
    if field in SEARCHED:
        permit.words = with_words(permit.words, str(value))
    return _recorded(session, row, "value.corrected")


def choose(
    session: Session, permit: Permit, field: Field, source: str, *, reason: str, by: UUID
) -> Correction:
    """
    Let the word of one source count where sources differ.

    Raises
    ------
    RefusedError
        ``correction_source`` where it says nothing of the field, or several things.
    """
    held = resolved(session, permit.id).get(field)
    said = [one.value for one in held.stated if one.source == source] if held else []
    if len(said) != 1:
        raise RefusedError("correction_source", where=str(field), source=source)
    row = Correction(
        permit_id=permit.id,
        field=str(field),
        value=said[0],
        is_withdrawn=False,
        reason=reason,
        corrected_by=by,
    )
    return _recorded(session, row, "value.chosen", {"source": source})


def withdraw(
    session: Session, permit: Permit, field: Field, *, reason: str, by: UUID
) -> Correction:
    """
    Take a correction back, so that what was imported counts again.

    Raises
    ------
    ConflictError
        ``correction_absent``.
    """
    held: Resolved | None = resolved(session, permit.id).get(field)
    if held is None or held.correction is None:
        raise ConflictError("correction_absent", where=str(field))
    row = Correction(
        permit_id=permit.id,
        field=str(field),
        value=None,
        is_withdrawn=True,
        reason=reason,
        corrected_by=by,
    )
    return _recorded(session, row, "correction.withdrawn")


def state_limit(session: Session, permit: Permit, stated: LimitStated, *, by: UUID) -> PermitLimit:
    """
    State a limit of the permit; it takes the place of the one before it, which stays readable.

    Raises
    ------
    RefusedError
        ``limit_unknown`` for one that no inspection checks; ``limit_term``.
    """
    if stated.code not in UNITS:
        raise RefusedError("limit_unknown", where="code", known=", ".join(UNITS))
    begins, ends = stated.valid_from, stated.valid_until
    if begins is not None and ends is not None and ends < begins:
        raise RefusedError("limit_term", where="valid_until")
    row = PermitLimit(
        permit_id=permit.id,
        code=stated.code,
        value=stated.value,
        unit=UNITS[stated.code],
        valid_from=begins,
        valid_until=ends,
        source=stated.source,
        sha256=None,
        stated_by=by,
    )
    session.add(row)
    deed = Deed(
        action="limit.stated",
        subject_kind="permit",
        subject_id=str(permit.id),
        facts={"limit": str(row.id), "code": row.code, "value": row.value},
    )
    record(session, deed, actor=str(by))
    return row


def _recorded(
    session: Session, row: Correction, action: str, more: dict[str, Json] | None = None
) -> Correction:
    session.add(row)
    # The value may name a person, and so may the reason: the log names the row.
    facts: dict[str, Json] = {"correction": str(row.id), "field": row.field, **(more or {})}
    deed = Deed(action=action, subject_kind="permit", subject_id=str(row.permit_id), facts=facts)
    record(session, deed, actor=str(row.corrected_by))
    return row


def _require_fitting(field: Field, value: Json) -> None:
    if field is Field.POSITIONS:
        # Which of its readings is right, a person says by one longitude and one latitude.
        raise RefusedError("correction_value", where=str(field), kind="longitude, latitude")
    if field in NUMBERS:
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise RefusedError("correction_value", where=str(field), kind="12.5")
    elif not isinstance(value, str) or not value.strip():
        raise RefusedError("correction_value", where=str(field), kind="abc")
    elif field in DAYS and not _is_day(value):
        raise RefusedError("correction_value", where=str(field), kind="YYYY-MM-DD")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
