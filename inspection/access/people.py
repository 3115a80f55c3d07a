"""The people of an office: taken in, given roles, and shut out; each deed is on the record."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspection.access.passwords import hashed, random_password
from inspection.access.rights import Action, Actor
from inspection.access.roles import (
    hold_admins,
    named,
    require_fitting,
    require_other_admin,
    roles_of,
)
from inspection.errors import ConflictError, UsageError
from inspection.language import Json, Language
from inspection.records.audit import INSTALLATION, Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.offices import Office, Role, RoleGrant, SignIn, Token, User

LOGIN: Final = r"^[A-Za-z0-9][A-Za-z0-9._@+-]{1,119}$"
"""What a login that somebody chooses looks like."""

LONGEST_NAME: Final = 120
"""Signs of a person's name."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A person with a new password, which is shown this once."""

    user: User
    password: str


def require_login(login: str) -> None:
    """
    Require that a login can be one.

    Raises
    ------
    UsageError
        ``login_impossible``.
    """
    if re.fullmatch(LOGIN.removesuffix("$"), login) is None:
        raise UsageError("login_impossible")


def require_name(name: str) -> None:
    """
    Require that people can be called so.

    Raises
    ------
    UsageError
        ``name_impossible``.
    """
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
        raise UsageError("name_impossible")


def add_person(
    session: Session, *, login: str, name: str, roles: Collection[Role], by: UUID | None
) -> Entry:
    """
    Take in a person, with a random password to begin with.

    Raises
    ------
    UsageError
        ``name_impossible``.
    ConflictError
        ``login_taken``, in whichever office.
    RefusedError
        ``role_central_alone``.
    """
    require_name(name)
    password = random_password()
    # In small letters: nobody shall look like somebody else.
    user = User(login=login.casefold(), name=name, password_hash=hashed(password, login=login))
    try:
        with session.begin_nested():
            session.add(user)
            session.flush()
    except IntegrityError as error:
        raise ConflictError("login_taken") from error
    require_fitting(user.office_id, roles)
    session.add_all([RoleGrant(user_id=user.id, role=role, granted_by=by) for role in roles])
    _record(session, "user.added", user, by, {"roles": named(roles)})
    return Entry(user=user, password=password)


def rename(session: Session, user: User, name: str, *, by: UUID | None) -> None:
    """
    Call a person by another name from now on.

    Raises
    ------
    UsageError
        ``name_impossible``.
    """
    require_name(name)
    if user.name != name:
        user.name = name
        _record(session, "user.renamed", user, by, {})


def link_to_provider(
    session: Session, user: User, *, issuer: str, subject: str, by: UUID | None
) -> None:
    """
    Let an identity provider vouch for a person, who has no password here from now on.

    Raises
    ------
    ConflictError
        ``subject_taken`` where it vouches for another person by this name.
    """
    try:
        with session.begin_nested():
            user.password_hash, user.issuer, user.subject = None, issuer, subject
            session.flush()
    except IntegrityError as error:
        raise ConflictError("subject_taken") from error
    _record(session, "user.linked", user, by, {})


def people_of(session: Session) -> list[tuple[User, frozenset[Role]]]:
    """The people of an office by their logins, with what they are to it now."""
    people = session.scalars(select(User).order_by(User.login)).all()
    return [(one, roles_of(session, one.id)) for one in people]


def actor_of(session: Session, user: User, *, scopes: frozenset[Action] | None = None) -> Actor:
    """A person as one who asks, with the roles of this moment."""
    return Actor(
        user_id=user.id,
        office_id=user.office_id,
        login=user.login,
        name=user.name,
        roles=roles_of(session, user.id),
        scopes=scopes,
    )


def close_account(session: Session, user: User, *, by: UUID | None) -> None:
    """
    Shut a person out, at once: their sessions and tokens end too.

    Raises
    ------
    ConflictError
        ``own_account``; ``last_admin``: somebody must be able to let people in.
    """
    if user.id == by:
        raise ConflictError("own_account")
    hold_admins(session, user.office_id)
    session.refresh(user)
    if user.closed_at is None:
        require_other_admin(session, user)
        user.closed_at = now()
        end_sessions(session, user.id)
        for token in session.scalars(select(Token).where(Token.user_id == user.id)):
            token.ended_at = token.ended_at or now()
        _record(session, "user.closed", user, by, {})


def reopen_account(session: Session, user: User, *, by: UUID | None) -> None:
    """Let a person in again, who signs in anew."""
    if user.closed_at is not None:
        user.closed_at = None
        _record(session, "user.reopened", user, by, {})


def reset_password(session: Session, user: User, *, by: UUID | None) -> str:
    """
    Give a person a new random password; whoever was signed in by the old one is not any more.

    Raises
    ------
    ConflictError
        ``account_of_provider`` where an identity provider vouches for the person.
    """
    if user.issuer is not None:
        raise ConflictError("account_of_provider")
    password = random_password()
    user.password_hash = hashed(password, login=user.login)
    end_sessions(session, user.id)
    _record(session, "user.password_reset", user, by, {})
    return password


def end_sessions(session: Session, user_id: UUID, *, but: UUID | None = None) -> None:
    """End all sessions of a person, except perhaps the one that asks for it."""
    at = now()
    asked = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    for one in session.scalars(asked):
        if one.id != but:
            one.ended_at = at


FIRST_LOGIN: Final = "admin"


def first_admin(records: Records, *, profile: str, language: Language) -> Entry | None:
    """An office and its administrator where nobody is there yet; None where somebody is."""
    with records.writing_all() as session:
        if session.scalars(select(User.id).limit(1)).first() is not None:
            return None
        known = select(Office).where(Office.id != INSTALLATION).order_by(Office.created_at)
        office = session.scalars(known).first()
        if office is None:
            office = Office(
                code="office",
                name="Office",
                time_zone="Asia/Jakarta",
                profile=profile,
                language=language,
            )
            session.add(office)
    with records.writing(office.id) as session:
        return add_person(session, login=FIRST_LOGIN, name="Admin", roles=[Role.ADMIN], by=None)


def _record(
    session: Session, action: str, user: User, by: UUID | None, facts: dict[str, Json]
) -> None:
    deed = Deed(action=action, subject_kind="user", subject_id=str(user.id), facts=facts)
    record(session, deed, actor=str(by) if by else None)
