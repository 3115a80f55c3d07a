"""Keys of field laptops: told to the office once, ended at once; each deed is on the record."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspection.errors import ConflictError, RefusedError
from inspection.language import Json
from inspection.parcels.device_key import public_key_of
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.tables.offices import DeviceKey


def add_device_key(
    session: Session, *, user_id: UUID, name: str, key: str, by: UUID | None
) -> DeviceKey:
    """
    Take note of whose laptop signs with a key.

    Raises
    ------
    RefusedError
        ``device_key_unreadable``.
    ConflictError
        ``device_key_taken``: a key is one person's, and one that was ended stays so.
    """
    row = DeviceKey(user_id=user_id, name=name, public_key=public_key_of(key))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise ConflictError("device_key_taken") from error
    _record(session, "device_key.added", row, by)
    return row


def end_device_key(session: Session, row: DeviceKey, *, by: UUID | None) -> None:
    """Let a key count no more, at once."""
    if row.ended_at is None:
        row.ended_at = now()
        _record(session, "device_key.ended", row, by)


def device_key_of(session: Session, *, user_id: UUID, key: str) -> DeviceKey:
    """
    Find a key of a person.

    Raises
    ------
    RefusedError
        ``device_key_unreadable``, ``device_key_unknown``.
    """
    asked = select(DeviceKey).where(
        DeviceKey.user_id == user_id, DeviceKey.public_key == public_key_of(key)
    )
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise RefusedError("device_key_unknown")
    return found


def _record(session: Session, action: str, row: DeviceKey, by: UUID | None) -> None:
    facts: dict[str, Json] = {"user": str(row.user_id), "public_key": row.public_key}
    deed = Deed(
        action=action,
        subject_kind="device_key",
        subject_id=str(row.id),
        facts=facts,
        private={"name": row.name},
    )
    record(session, deed, actor=str(by) if by else None)
