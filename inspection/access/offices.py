"""The offices of an installation, as whoever runs it makes them: each apart from the others."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspection.access.people import Entry, add_person, require_login, require_name
from inspection.errors import ConflictError, RefusedError, UsageError
from inspection.language import Json, Language
from inspection.profiles.reading import profile_names
from inspection.records.audit import Deed, record
from inspection.records.calendar import zone_named
from inspection.records.store import Records
from inspection.records.tables.offices import Office, Role

CODE: Final = r"[a-z0-9][a-z0-9-]{0,63}"
"""What the code of an office looks like: by it commands and identity providers name it."""

KNOWN: Final = ("name", "time_zone", "profile", "language")
"""What is known of an office, and may change."""


def add_office(  # noqa: PLR0913 - one for each thing that is known of an office
    records: Records,
    *,
    code: str,
    name: str,
    time_zone: str,
    profile: str,
    language: Language,
    admin: str,
) -> Entry:
    """
    Make an office with its first administrator.

    Raises
    ------
    UsageError
        ``office_code_impossible``, ``name_impossible``, ``login_impossible``.
    RefusedError
        ``time_zone_unknown``, ``profile_unknown``.
    ConflictError
        ``office_taken``, ``login_taken``.
    """
    if re.fullmatch(CODE, code) is None:
        raise UsageError("office_code_impossible", where=code)
    require_login(admin)
    office = Office(
        code=code, name=name, time_zone=time_zone, profile=profile, language=str(language)
    )
    with records.writing(office.id) as session:
        _put(session, office)
        _note(session, office, "office.added", ["code", *KNOWN])
        return add_person(session, login=admin, name="Admin", roles=[Role.ADMIN], by=None)


def change_office(
    records: Records,
    office_id: UUID,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    profile: str | None = None,
    language: Language | None = None,
) -> Office:
    """
    State some of what is known of an office anew; inspections that are asked for later go by it.

    Raises
    ------
    UsageError
        ``name_impossible``.
    RefusedError
        ``time_zone_unknown``, ``profile_unknown``.
    """
    told = {"name": name, "time_zone": time_zone, "profile": profile, "language": language}
    with records.writing(office_id) as session:
        office = session.get_one(Office, office_id)
        changed = [
            field
            for field, value in told.items()
            if value is not None and getattr(office, field) != value
        ]
        for field in changed:
            setattr(office, field, str(told[field]))
        _require_sense(office)
        if changed:
            _note(session, office, "office.changed", changed)
        return office


def offices(records: Records) -> Sequence[Office]:
    """All offices of the installation, by their codes."""
    with records.reading_all() as session:
        return session.scalars(select(Office).order_by(Office.code)).all()


def _require_sense(office: Office) -> None:
    require_name(office.name)
    zone_named(office.time_zone)
    known = profile_names()
    if office.profile not in known:
        raise RefusedError("profile_unknown", where=office.profile, known=", ".join(known))


def _put(session: Session, office: Office) -> None:
    _require_sense(office)
    try:
        with session.begin_nested():
            session.add(office)
            session.flush()
    except IntegrityError as error:
        raise ConflictError("office_taken", where=office.code) from error


def _note(session: Session, office: Office, action: str, fields: Sequence[str]) -> None:
    facts: dict[str, Json] = {field: getattr(office, field) for field in fields}
    deed = Deed(action=action, subject_kind="office", subject_id=str(office.id), facts=facts)
    record(session, deed, actor=None)
