"""The offices of an installation, as those above them make and state them: each apart from all."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspection.access.people import Entry, add_person, end_sessions, require_login, require_name
from inspection.errors import ConflictError, RefusedError, UsageError
from inspection.evidence.canonical import canonical_bytes
from inspection.language import Json, Language
from inspection.profiles.reading import profile_names
from inspection.records.audit import INSTALLATION, Deed, record
from inspection.records.calendar import zone_named
from inspection.records.columns import now, text_of
from inspection.records.store import Records
from inspection.records.tables.offices import Office, Role, SignIn

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
    admin_name: str = "Admin",
    by: UUID | None = None,
) -> tuple[Office, Entry]:
    """
    Make an office with its first administrator; `by` is a central administrator.

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
        _note(session, office, "office.added", ["code", *KNOWN], by)
        entry = add_person(session, login=admin, name=admin_name, roles=[Role.ADMIN], by=by)
        return office, entry


def change_office(  # noqa: PLR0913 - one for each thing that may change
    records: Records,
    office_id: UUID,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    profile: str | None = None,
    language: Language | None = None,
    is_suspended: bool | None = None,
    seen: str | None = None,
    by: UUID | None = None,
) -> Office:
    """
    State some of what is known of an office anew; inspections that are asked for later go by it.

    While it is suspended none of its people is signed in or can sign in; what is on its record
    stays, and the public verifies and follows it as before. `seen` is the state of the office
    (`state_of`) that whoever changes it had before them.

    Raises
    ------
    UsageError
        ``name_impossible``.
    RefusedError
        ``time_zone_unknown``, ``profile_unknown``.
    ConflictError
        ``office_changed`` if somebody else changed it since it was seen so.
    """
    told = {"name": name, "time_zone": time_zone, "profile": profile, "language": language}
    with records.writing(office_id) as session:
        # Rows that refer to the office may come meanwhile: its key stays as it is.
        office = session.get_one(Office, office_id, with_for_update={"key_share": True})
        if seen is not None and seen != state_of(office):
            raise ConflictError("office_changed")
        changed = [
            field
            for field, value in told.items()
            if value is not None and getattr(office, field) != value
        ]
        for field in changed:
            setattr(office, field, str(told[field]))
        _require_sense(office)
        if changed:
            _note(session, office, "office.changed", changed, by)
        if is_suspended is not None and is_suspended != (office.suspended_at is not None):
            _suspend(session, office, is_suspended=is_suspended, by=by)
        return office


def offices(records: Records) -> Sequence[Office]:
    """All offices of the installation, by their codes."""
    with records.reading_all() as session:
        known = select(Office).where(Office.id != INSTALLATION)
        return session.scalars(known.order_by(Office.code)).all()


def state_of(office: Office) -> str:
    """The hash of all that may change of an office: who names it has seen just this."""
    suspended = None if office.suspended_at is None else text_of(office.suspended_at)
    known = {field: getattr(office, field) for field in KNOWN} | {"suspended_at": suspended}
    return sha256(canonical_bytes(known)).hexdigest()


def _suspend(session: Session, office: Office, *, is_suspended: bool, by: UUID | None) -> None:
    office.suspended_at = now() if is_suspended else None
    if is_suspended:
        open_now = select(SignIn.user_id).where(SignIn.ended_at.is_(None)).distinct()
        for person in session.scalars(open_now).all():
            end_sessions(session, person)
    _note(session, office, "office.suspended" if is_suspended else "office.resumed", [], by)


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


def _note(
    session: Session, office: Office, action: str, fields: Sequence[str], by: UUID | None
) -> None:
    facts: dict[str, Json] = {field: getattr(office, field) for field in fields}
    if by is not None:  # who is none of the office's own people, as its auditor shall see
        facts["role"] = str(Role.CENTRAL_ADMIN)
    deed = Deed(action=action, subject_kind="office", subject_id=str(office.id), facts=facts)
    record(session, deed, actor=str(by) if by else None)
