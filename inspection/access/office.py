"""Which office, and which person, is meant by whoever runs an installation."""

from uuid import UUID

from sqlalchemy import select

from geo.errors import RefusedError
from inspection.access.people import actor_of
from inspection.access.rights import Actor
from inspection.errors import UsageError
from inspection.records.audit import INSTALLATION
from inspection.records.store import Records
from inspection.records.tables.offices import Office, User


def office_named(records: Records, code: str | None) -> UUID:
    """
    The office of this code, or the only one there is.

    Raises
    ------
    UsageError
        ``office_unnamed`` if there are several.
    RefusedError
        ``office_unknown``.
    """
    asked = select(Office).where(Office.id != INSTALLATION)
    if code is not None:
        asked = asked.where(Office.code == code)
    with records.reading_all() as session:
        found = session.scalars(asked.limit(2)).all()
    if len(found) > 1:
        raise UsageError("office_unnamed")
    if not found:
        raise RefusedError("office_unknown", where=code)
    return found[0].id


def actor_named(records: Records, login: str) -> Actor:
    """
    The person of this login, as one who asks; nobody whose account was closed.

    Raises
    ------
    RefusedError
        ``user_unknown``.
    """
    with records.reading_all() as session:
        asked = select(User).where(User.login == login.casefold(), User.closed_at.is_(None))
        user = session.scalars(asked).one_or_none()
        if user is None:
            raise RefusedError("user_unknown", where=login)
        return actor_of(session, user)


def person_named(records: Records, login: str) -> tuple[UUID, UUID]:
    """
    The office and the person of this login.

    Raises
    ------
    RefusedError
        ``user_unknown``.
    """
    with records.reading_all() as session:
        asked = select(User).where(User.login == login.casefold())
        found = session.scalars(asked).one_or_none()
    if found is None:
        raise RefusedError("user_unknown", where=login)
    return found.office_id, found.id
