"""The one thing that a route is about: it is there, and who asks may do this to it."""

from uuid import UUID

from sqlalchemy.orm import Session

from inspection.access.rights import Action, Actor, authorize
from inspection.errors import AbsentError
from inspection.records.tables.base import OfficeOwned


def reached[Kind: OfficeOwned](
    session: Session,
    kind: type[Kind],
    key: UUID,
    actor: Actor,
    action: Action,
    *,
    to_change: bool = False,
) -> Kind:
    """
    The row of that id, held until the session ends where it is `to_change`.

    Raises
    ------
    AbsentError
        ``absent`` if there is none within reach.
    ForbiddenError
        As `inspection.access.rights.authorize`.
    """
    row = session.get(kind, key, with_for_update=True if to_change else None)
    if row is None:
        raise AbsentError("absent")
    authorize(actor, action, row)
    return row
