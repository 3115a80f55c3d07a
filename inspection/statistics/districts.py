"""In which regency and district permits lie, by what counts on their record."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from inspection.exchange.permits.vocabulary import Field
from inspection.records.values import resolved_of

_IN_ONE_QUESTION: Final = 400
_FIELDS: Final = (Field.REGENCY, Field.DISTRICT)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A regency and its district; districts of two regencies may share a name."""

    key: tuple[str, ...]
    """By which it is the same: case and blanks tell nothing."""

    regency: str | None = field(compare=False)
    """None where no source says, or sources differ and nobody settled it."""

    district: str | None = field(compare=False)


NOWHERE: Final = Place(key=("", ""), regency=None, district=None)


def places_of(session: Session, permit_ids: Collection[UUID]) -> dict[UUID, Place]:
    """The place of each permit that has one on record."""
    return {
        permit: _place(*(fields[one].value if one in fields else None for one in _FIELDS))
        for some in batched(permit_ids, _IN_ONE_QUESTION)
        for permit, fields in resolved_of(session, some, fields=_FIELDS).items()
    }


def _place(regency: object, district: object) -> Place:
    names = [
        " ".join(one.split()) if isinstance(one, str) and one.strip() else None
        for one in (regency, district)
    ]
    key = tuple((one or "").casefold() for one in names)
    return Place(key=key, regency=names[0], district=names[1])
