"""The claim of the request that is being answered: what it changes, it changes once."""

from contextvars import ContextVar
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from inspection.errors import ConflictError
from inspection.records.columns import now
from inspection.records.tables.delivery import IdempotencyKey

LASTS: Final = timedelta(hours=24)
"""How long an answer is given again."""

CLAIM: Final[ContextVar[UUID | None]] = ContextVar("claim", default=None)


def stand_by_claim(session: Session) -> None:
    """
    Put on the record, with the change itself, that the request was carried out.

    Should the process die before the answer is kept, the request is still not carried out twice.

    Raises
    ------
    ConflictError
        ``idempotency_key_in_use`` if it took so long that another took the claim over.
    """
    claim = CLAIM.get()
    if claim is None:
        return
    # Past the session: a claim of nobody known is no row of its office.
    done = session.connection().execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.id == claim)
        .values(is_kept=True, expires_at=now() + LASTS)
    )
    if done.rowcount == 0:
        raise ConflictError("idempotency_key_in_use", seconds=1)
