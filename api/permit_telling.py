"""How permits are told in lists: by number, by whom they are held, what they are and where."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from api.permit_schemas import PermitListed, PermitShown
from inspection.records.tables.permits import Permit
from inspection.records.values import Resolved, resolved_of

_PLACES: Final = ("village", "district", "regency")
"""From the near to the far; where none of them is on record, what the record calls the location."""


def listed(session: Session, permits: Sequence[Permit]) -> list[PermitListed]:
    """Tell permits with what counts of each; what sources say differently is left out."""
    values = resolved_of(session, [one.id for one in permits])
    return [_listed(one, values[one.id]) for one in permits]


def _listed(permit: Permit, values: Mapping[str, Resolved]) -> PermitListed:
    def text(field: str) -> str | None:
        said = values.get(field)
        return said.value if said and isinstance(said.value, str) and said.value else None

    places = [place for field in _PLACES if (place := text(field)) is not None]
    return PermitListed(
        **PermitShown.model_validate(permit).model_dump(),
        holder=text("holder_name"),
        kind=text("permit_type") or text("permit_name"),
        place=", ".join(places) or text("location"),
    )
