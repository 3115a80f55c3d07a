"""Creating requests that come twice: carried out once, and answered alike."""

import hashlib
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspection.errors import ConflictError
from inspection.records.claim import LASTS
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.delivery import IdempotencyKey

ANSWERED_WITHIN: Final = timedelta(minutes=10)
"""After so long a request that was neither answered nor kept is taken for dead."""

ANSWER_FOLLOWS: Final = timedelta(seconds=15)
"""How long after what was done its answer may still be on its way to the record."""

_NONCE_BYTES: Final = 12


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A request that names a key, and who sent it."""

    owner: UUID
    caller: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to answer a request."""

    id: UUID
    key: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a request was answered before."""

    request_sha256: str
    answer: bytes


def claim(records: Records, asking: Asking) -> Claim | Known:
    """
    Take the right to answer a request, or give what it was answered before.

    Raises
    ------
    ConflictError
        ``idempotency_key_in_use`` while another like it is being answered;
        ``idempotency_answer_lost`` if it was carried out, and its answer died with the process.
    """
    row = IdempotencyKey(
        owner=asking.owner,
        caller=asking.caller,
        key_sha256=hashlib.sha256(asking.key.encode()).hexdigest(),
        expires_at=now() + ANSWERED_WITHIN,
    )
    try:
        with records.writing_all() as session:
            known = _known(session, row)
            if known is None:
                session.add(row)
                session.flush()
                return Claim(id=row.id, key=asking.key)
            if known.answer is not None:
                answer = _opened(known.answer, Claim(id=known.id, key=asking.key))
                return Known(request_sha256=str(known.request_sha256), answer=answer)
            if known.is_kept and known.expires_at - LASTS + ANSWER_FOLLOWS <= now():
                raise ConflictError("idempotency_answer_lost")
    except IntegrityError as error:  # another came in between
        raise ConflictError("idempotency_key_in_use", seconds=1) from error
    raise ConflictError("idempotency_key_in_use", seconds=1)


def keep_answer(records: Records, claim: Claim, *, request_sha256: str, answer: bytes) -> None:
    """Keep what a request was answered, for when it comes again."""
    with records.writing_all() as session:
        row = session.get(IdempotencyKey, claim.id)
        if row is not None:
            row.request_sha256, row.answer = request_sha256, _sealed(answer, claim)
            row.is_kept, row.expires_at = True, now() + LASTS


def give_up(records: Records, claim: Claim, *, is_refused: bool) -> None:
    """
    Let the request be answered anew, for nothing came of it.

    Of one that broke in the middle that is not sure: it stays where anything was kept of it.
    """
    which = delete(IdempotencyKey).where(IdempotencyKey.id == claim.id)
    with records.writing_all() as session:
        session.execute(which if is_refused else which.where(~IdempotencyKey.is_kept))


def _known(session: Session, row: IdempotencyKey) -> IdempotencyKey | None:
    known = session.scalars(
        select(IdempotencyKey).where(
            IdempotencyKey.owner == row.owner,
            IdempotencyKey.caller == row.caller,
            IdempotencyKey.key_sha256 == row.key_sha256,
        )
    ).one_or_none()
    if known is not None and known.expires_at <= now():
        session.delete(known)
        session.flush()
        return None
    return known


def _sealed(answer: bytes, claim: Claim) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(claim).encrypt(nonce, answer, None)


def _opened(sealed: bytes, claim: Claim) -> bytes:
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(claim).decrypt(nonce, rest, None)
    except InvalidTag as error:
        raise ConflictError("idempotency_answer_lost") from error


def _cipher(claim: Claim) -> AESGCM:
    """By the key that the caller sent: who reads the database alone opens no answer."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=claim.id.bytes, info=b"tinjau answer")
    return AESGCM(derived.derive(claim.key.encode()))
