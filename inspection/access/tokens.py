"""Tokens of programs: limited to some actions, expiring, shown once, ended at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.access.people import actor_of
from inspection.access.rights import IN_PERSON, Action, Actor
from inspection.access.secret import digest, new_secret
from inspection.errors import RefusedError
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.offices import Office, Token, User

PREFIX: Final = "tinjau_"
"""So that whoever searches files for lost secrets finds it."""

LONGEST: Final = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A token, and its secret, which is shown this once."""

    token: Token
    secret: str


def issue_token(
    session: Session, actor: Actor, *, name: str, scopes: Collection[Action], lasts: timedelta
) -> Issued:
    """
    Make a token that may do some of what its owner may.

    Raises
    ------
    RefusedError
        ``token_scopes`` if it has none, or one that only a person may have; ``token_lifetime``.
    """
    if not scopes or IN_PERSON & set(scopes):
        raise RefusedError("token_scopes")
    if not timedelta(0) < lasts <= LONGEST:
        raise RefusedError("token_lifetime", days=LONGEST.days)
    secret = PREFIX + new_secret()
    token = Token(
        user_id=actor.user_id,
        name=name,
        secret_sha256=digest(secret),
        scopes=[str(scope) for scope in sorted(set(scopes))],
        expires_at=now() + lasts,
    )
    session.add(token)
    session.flush()
    _record(session, "token.issued", token, actor)
    return Issued(token=token, secret=secret)


def end_token(session: Session, actor: Actor, token: Token) -> None:
    """End a token, at once."""
    if token.ended_at is None:
        token.ended_at = now()
        _record(session, "token.ended", token, actor)


def actor_of_token(records: Records, secret: str) -> Actor | None:
    """Whose token it is, and what it is limited to; None where it ended, or never was."""
    with records.reading_all() as session:
        asked = (
            select(Token, User)
            .join(User, User.id == Token.user_id)
            .join(Office, Office.id == User.office_id)
            .where(
                Token.secret_sha256 == digest(secret),
                Token.ended_at.is_(None),
                Token.expires_at > now(),
                User.closed_at.is_(None),
                Office.suspended_at.is_(None),
            )
        )
        found = session.execute(asked).one_or_none()
        if found is None:
            return None
        token, user = found
        scopes = frozenset(Action(str(scope)) for scope in token.scopes)
        return actor_of(session, user, scopes=scopes)


def _record(session: Session, action: str, token: Token, actor: Actor) -> None:
    deed = Deed(
        action=action,
        subject_kind="token",
        subject_id=str(token.id),
        facts={"scopes": token.scopes, "expires_at": token.expires_at.isoformat()},
    )
    record(session, deed, actor=str(actor.user_id))
