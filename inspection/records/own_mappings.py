"""Mappings of an office's own: sent, read at once, and kept as they were; the last one counts."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError, ConflictError
from inspection.exchange.permits.mapping import (
    Mapping,
    mapping_from,
    mapping_names,
    read_mapping,
)
from inspection.records.audit import Deed, record
from inspection.records.tables.permits import MappingVersion


def state_mapping(
    session: Session, mapping: Mapping, content: bytes, *, by: UUID
) -> MappingVersion:
    """
    Keep what a mapping was read from; what is kept already is not kept twice.

    Raises
    ------
    ConflictError
        ``mapping_comes_along`` for a name that the product itself uses.
    """
    name = mapping.name
    if name in mapping_names():
        raise ConflictError("mapping_comes_along", where=name)
    sha256 = hashlib.sha256(content).hexdigest()
    before = kept_mapping(session, name)
    if before is not None and before.sha256 == sha256:
        return before
    row = MappingVersion(name=name, sha256=sha256, content=content.decode(), stated_by=by)
    return _recorded(session, row, "mapping.stated")


def end_mapping(session: Session, name: str, *, by: UUID) -> None:
    """
    Let a mapping count no more; what was read by it stays.

    Raises
    ------
    AbsentError
        ``absent``.
    """
    before = kept_mapping(session, name)
    if before is None:
        raise AbsentError("absent")
    row = MappingVersion(name=name, sha256=before.sha256, content=None, stated_by=by)
    _recorded(session, row, "mapping.ended")


def kept_mapping(session: Session, name: str) -> MappingVersion | None:
    """The mapping of this name that counts now, of the office's own."""
    asked = (
        select(MappingVersion)
        .where(MappingVersion.name == name)
        .order_by(MappingVersion.created_at.desc(), MappingVersion.id.desc())
        .limit(1)
    )
    row = session.scalars(asked).one_or_none()
    return row if row is not None and row.content is not None else None


def kept_mappings(session: Session) -> Sequence[MappingVersion]:
    """All mappings of the office's own that count now, by name."""
    names = session.scalars(select(MappingVersion.name).distinct().order_by(MappingVersion.name))
    found = (kept_mapping(session, name) for name in names.all())
    return [one for one in found if one is not None]


def mapping_named(session: Session, name_or_file: str) -> Mapping:
    """
    Read a mapping by name, the office's own before those that come along; or from a file.

    Raises
    ------
    RefusedError
        As `read_mapping`.
    """
    own = kept_mapping(session, name_or_file)
    if own is not None and own.content is not None:
        return mapping_from(own.content.encode(), name=own.name)
    return read_mapping(name_or_file)


def _recorded(session: Session, row: MappingVersion, action: str) -> MappingVersion:
    session.add(row)
    deed = Deed(
        action=action,
        subject_kind="mapping",
        subject_id=str(row.id),
        facts={"name": row.name, "sha256": row.sha256},
    )
    record(session, deed, actor=str(row.stated_by))
    return row
