"""How often it was tried to sign in: a try counts from before it is looked at until it succeeds."""

import hashlib
import math
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from inspection.errors import TooOftenError
from inspection.records.audit import INSTALLATION
from inspection.records.columns import now
from inspection.records.engine import is_sqlite
from inspection.records.store import Records
from inspection.records.tables.offices import SignInAttempt

MOST: Final = 5
"""Failures of one login within the window."""

MOST_FROM_ONE_PLACE: Final = 40
"""Failures of any logins from one address, which a whole office may share."""

WINDOW: Final = timedelta(minutes=15)
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:lock)")
_LOCK_NUMBER: Final = 0x7369676E696E


def begin_attempt(records: Records, login: str, *, origin: str) -> None:
    """
    Count a try before it is looked at, so that many at once are counted too.

    Raises
    ------
    TooOftenError
        ``sign_in_too_often``.
    """
    login_sha256, origin_sha256 = _hidden(login), _hidden(origin)
    with records.writing_all() as session:
        # One after the other, or two would both be the last that is let through.
        if not is_sqlite(session.connection()):
            session.execute(_LOCK, {"lock": _LOCK_NUMBER})
        session.execute(delete(SignInAttempt).where(SignInAttempt.created_at < now() - WINDOW))
        _require_few(session, SignInAttempt.login_sha256 == login_sha256, MOST)
        _require_few(session, SignInAttempt.origin_sha256 == origin_sha256, MOST_FROM_ONE_PLACE)
        session.add(
            SignInAttempt(
                owner=INSTALLATION, login_sha256=login_sha256, origin_sha256=origin_sha256
            )
        )


def forget_attempts(session: Session, login: str) -> None:
    """Begin to count anew, after somebody signed in."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.login_sha256 == _hidden(login)))


def _require_few(session: Session, of: ColumnElement[bool], most: int) -> None:
    asked = select(func.count(), func.min(SignInAttempt.created_at)).where(of)
    tried, first = session.execute(asked).one()
    if tried >= most:
        left = (first + WINDOW - now()).total_seconds()
        raise TooOftenError("sign_in_too_often", seconds=max(1, math.ceil(left)))


def _hidden(name: str) -> str:
    # People type their passwords into the wrong field: what was tried is not kept as typed.
    return hashlib.sha256(name.casefold().encode("utf-8", "surrogatepass")).hexdigest()
