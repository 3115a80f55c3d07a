"""How permits are told in lists: by number, by whom they are held, what they are and where."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from api.permit_schemas import PermitListed, PermitShown
from inspection.records.tables.permits import Permit
from inspection.records.values import Resolved, gist, resolved_of


def listed(session: Session, permits: Sequence[Permit]) -> list[PermitListed]:
    """Tell permits with what counts of each; what sources say differently is left out."""
    values = resolved_of(session, [one.id for one in permits])
    return [_listed(one, values[one.id]) for one in permits]


def _listed(permit: Permit, values: Mapping[str, Resolved]) -> PermitListed:
    said = gist(values)
    return PermitListed(
        **PermitShown.model_validate(permit).model_dump(),
        holder=said.holder,
        kind=said.kind,
        place=said.place,
    )
