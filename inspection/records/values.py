"""What a permit's record says: each value as its sources state it, under any correction."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.evidence.canonical import canonical_bytes
from inspection.language import Json
from inspection.records.tables.permits import Correction, ImportedValue

_PLACES: Final = ("village", "district", "regency")
"""From the near to the far; where none of them is on record, what the record calls the location."""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A value as one source states it now."""

    source: str
    value: Json
    where: str
    import_id: UUID
    at: datetime
    """When it was taken in."""


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A value as an officer states it."""

    value: Json
    reason: str
    by: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """One field of a permit's record."""

    stated: tuple[Stated, ...]
    """By each source, in the order in which they first spoke of it."""

    correction: Corrected | None

    @property
    def is_conflict(self) -> bool:
        """Whether the sources differ; none of them is preferred."""
        return any(not alike(one.value, self.stated[0].value) for one in self.stated[1:])

    @property
    def value(self) -> Json:
        """What counts; None where sources differ and no officer settled it."""
        if self.correction is not None:
            return self.correction.value
        return self.stated[0].value if self.stated and not self.is_conflict else None


@dataclass(frozen=True, kw_only=True)
class Gist:
    """A permit in a few words; None where that is unknown, or where sources differ."""

    holder: str | None
    kind: str | None
    place: str | None


def gist(values: Mapping[str, Resolved]) -> Gist:
    """Whose a permit is, what it is and where, by what counts of each."""

    def text(field: str) -> str | None:
        said = values.get(field)
        return said.value if said and isinstance(said.value, str) and said.value else None

    places = [place for field in _PLACES if (place := text(field)) is not None]
    return Gist(
        holder=text("holder_name"),
        kind=text("permit_type") or text("permit_name"),
        place=", ".join(places) or text("location"),
    )


def resolved(session: Session, permit_id: UUID) -> dict[str, Resolved]:
    """Every field of a permit's record, by name."""
    return resolved_of(session, [permit_id])[permit_id]


def resolved_of(
    session: Session, permit_ids: Collection[UUID], *, fields: Collection[str] | None = None
) -> dict[UUID, dict[str, Resolved]]:
    """Every field of the records of some permits, by name; or these fields alone."""
    imported: dict[UUID, list[ImportedValue]] = {one: [] for one in permit_ids}
    corrected: dict[UUID, dict[str, Correction]] = {one: {} for one in permit_ids}
    values = select(ImportedValue).where(ImportedValue.permit_id.in_(permit_ids))
    corrections = select(Correction).where(Correction.permit_id.in_(permit_ids))
    if fields is not None:
        values = values.where(ImportedValue.field.in_(fields))
        corrections = corrections.where(Correction.field.in_(fields))
    for value in session.scalars(values.order_by(ImportedValue.created_at, ImportedValue.id)):
        imported[value.permit_id].append(value)
    for one in session.scalars(corrections.order_by(Correction.created_at, Correction.id)):
        corrected[one.permit_id][one.field] = one
    return {permit: _resolved(current(imported[permit]), corrected[permit]) for permit in imported}


def _resolved(
    stated: dict[str, dict[str, list[ImportedValue]]], in_force: dict[str, Correction]
) -> dict[str, Resolved]:
    return {
        field: Resolved(
            stated=tuple(_stated(one) for said in stated.get(field, {}).values() for one in said),
            correction=_corrected(in_force.get(field)),
        )
        for field in sorted(stated.keys() | in_force.keys())
    }


def current(values: Iterable[ImportedValue]) -> dict[str, dict[str, list[ImportedValue]]]:
    """What each source said last, by field and source, of values in the order they came."""
    latest: dict[str, dict[str, list[ImportedValue]]] = {}
    for one in values:
        said = latest.setdefault(one.field, {}).setdefault(one.source, [])
        # One file may contradict itself: all of its words stay until a later file speaks.
        if said and said[-1].import_id != one.import_id:
            said.clear()
        said.append(one)
    return latest


def alike(one: Json, other: Json) -> bool:
    """Whether two values say the same: case and blanks tell nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    return canonical_bytes(one) == canonical_bytes(other)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _stated(row: ImportedValue) -> Stated:
    return Stated(
        source=row.source,
        value=row.value,
        where=row.where,
        import_id=row.import_id,
        at=row.created_at,
    )


def _corrected(row: Correction | None) -> Corrected | None:
    if row is None or row.is_withdrawn:
        return None
    return Corrected(value=row.value, reason=row.reason, by=row.corrected_by, at=row.created_at)
