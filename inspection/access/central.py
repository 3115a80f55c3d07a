"""Who stands above the offices: the installation as the place of those who administer offices."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inspection.access.office import office_named
from inspection.access.roles import require_fitting
from inspection.records.audit import INSTALLATION
from inspection.records.store import Records
from inspection.records.tables.offices import Office, Role
from inspection.settings import Settings

CODE: Final = "(central)"
"""No office is called so: the code of an office has no parentheses."""


def place_for(
    records: Records, roles: Collection[Role], office: str | None, settings: Settings
) -> UUID:
    """
    Where a person of these roles belongs: to the office that is named, or above all of them.

    Raises
    ------
    UsageError
        ``office_unnamed``.
    RefusedError
        ``office_unknown``; ``role_central_alone``.
    """
    if Role.CENTRAL_ADMIN not in roles:
        return office_named(records, office)
    require_fitting(INSTALLATION if office is None else office_named(records, office), roles)
    return central_place(records, profile=settings.profile, language=str(settings.language))


def central_place(records: Records, *, profile: str, language: str) -> UUID:
    """
    The place of central administrators, made when the first of them is taken in.

    It is an office that owns no case and never gets one, so that whatever keeps offices apart
    keeps its people from the cases of all of them. Its audit log is that of the installation.
    """
    place = Office(
        id=INSTALLATION,
        code=CODE,
        name="Tinjau",
        time_zone="UTC",
        profile=profile,
        language=language,
    )
    try:
        with records.writing(INSTALLATION) as session:
            if session.scalars(select(Office.id)).first() is None:
                session.add(place)
    except IntegrityError:  # made by another command at the same moment
        pass
    return INSTALLATION
