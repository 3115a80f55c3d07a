"""Sessions of people who signed in: kept here, so that ending one counts with the next request."""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.access.attempts import begin_attempt, forget_attempts
from inspection.access.passwords import fits, hashed
from inspection.access.people import actor_of, end_sessions
from inspection.access.rights import Actor
from inspection.access.secret import digest, forgery_token, new_secret
from inspection.errors import ForbiddenError, StrangerError, UnfinishedError
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.offices import Office, SignIn, User

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)
_NOTED_EVERY: Final = timedelta(minutes=1)
"""So often it is noted that a session is in use: not with each request."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A session, and what its browser is given of it."""

    actor: Actor
    sign_in_id: UUID
    secret: str
    expires_at: datetime

    @property
    def csrf_token(self) -> str:
        """What must come beside the cookie with whatever changes something."""
        return forgery_token(self.secret)

    def require_csrf(self, token: str | None) -> None:
        """
        Require that a request comes from our own page, not from another that knows no token.

        Raises
        ------
        ForbiddenError
            ``csrf_token``.
        """
        if not hmac.compare_digest(self.csrf_token.encode(), (token or "").encode()):
            raise ForbiddenError("csrf_token")


def sign_in(records: Records, *, login: str, password: str, origin: str) -> Signed:
    """
    Begin a session.

    Raises
    ------
    StrangerError
        ``sign_in_refused``, whatever of the two was wrong.
    ForbiddenError
        ``office_suspended``.
    TooOftenError
        ``sign_in_too_often``.
    """
    login = login.casefold()
    begin_attempt(records, login, origin=origin)
    with records.reading_all() as session:
        user = session.scalars(select(User).where(User.login == login)).one_or_none()
    # The password is looked at outside of any transaction: it takes long, on purpose.
    is_right = fits(password, user.password_hash if user else None)
    if user is None or not is_right or user.closed_at is not None:
        raise StrangerError("sign_in_refused")
    signed = begin_session(records, user.office_id, user.id, by="password")
    with records.writing_all() as session:
        forget_attempts(session, login)
    return signed


def begin_session(records: Records, office: UUID, user_id: UUID, *, by: str) -> Signed:
    """
    Begin a session of somebody who showed who they are; its secret is new each time.

    Raises
    ------
    ForbiddenError
        ``office_suspended``.
    """
    secret, at = new_secret(), now()
    row = SignIn(
        user_id=user_id,
        secret_sha256=digest(secret),
        csrf_sha256=digest(forgery_token(secret)),
        seen_at=at,
        expires_at=at + LASTS,
    )
    with records.writing(office) as session:
        if session.get_one(Office, office).suspended_at is not None:
            raise ForbiddenError("office_suspended")
        session.add(row)
        _record(session, "session.began", row, {"by": by})
        actor = actor_of(session, session.get_one(User, user_id))
    return Signed(actor=actor, sign_in_id=row.id, secret=secret, expires_at=row.expires_at)


def session_of(records: Records, secret: str, *, is_noted: bool = True) -> Signed | None:
    """The session that a browser holds; None where it ended, or never was."""
    at = now()
    with records.reading_all() as session:
        asked = (
            select(SignIn, User)
            .join(User, User.id == SignIn.user_id)
            .join(Office, Office.id == User.office_id)
            .where(
                SignIn.secret_sha256 == digest(secret),
                SignIn.ended_at.is_(None),
                SignIn.expires_at > at,
                SignIn.seen_at > at - IDLE,
                User.closed_at.is_(None),
                Office.suspended_at.is_(None),
            )
        )
        found = session.execute(asked).one_or_none()
        if found is None:
            return None
        row, user = found
        actor = actor_of(session, user)
    if is_noted and row.seen_at < at - _NOTED_EVERY:
        # Where nothing can be written just now, what is only read need not fail.
        with suppress(UnfinishedError), records.writing(user.office_id) as session:
            session.get_one(SignIn, row.id).seen_at = at
    return Signed(actor=actor, sign_in_id=row.id, secret=secret, expires_at=row.expires_at)


def sign_out(records: Records, signed: Signed) -> None:
    """End a session, at once."""
    with records.writing(signed.actor.office_id) as session:
        row = session.get_one(SignIn, signed.sign_in_id)
        row.ended_at = row.ended_at or now()
        _record(session, "session.ended", row)


def change_password(records: Records, signed: Signed, *, old: str, new: str, origin: str) -> None:
    """
    Let a person choose a password; their other sessions end.

    Raises
    ------
    ForbiddenError
        ``password_wrong`` if the old one is not theirs.
    TooOftenError
        ``sign_in_too_often``.
    RefusedError
        As `inspection.access.passwords.hashed`.
    """
    actor = signed.actor
    kept = hashed(new, login=actor.login)
    begin_attempt(records, actor.login, origin=origin)
    with records.reading(actor.office_id) as session:
        before = session.get_one(User, actor.user_id).password_hash
    if not fits(old, before):
        raise ForbiddenError("password_wrong")
    with records.writing(actor.office_id) as session:
        user = session.get_one(User, actor.user_id)
        user.password_hash = kept
        end_sessions(session, user.id, but=signed.sign_in_id)
        deed = Deed(action="user.password_chosen", subject_kind="user", subject_id=str(user.id))
        record(session, deed, actor=str(user.id))
    with records.writing_all() as session:
        forget_attempts(session, actor.login)


def _record(
    session: Session, action: str, row: SignIn, facts: dict[str, Json] | None = None
) -> None:
    deed = Deed(action=action, subject_kind="session", subject_id=str(row.id), facts=facts or {})
    record(session, deed, actor=str(row.user_id))
