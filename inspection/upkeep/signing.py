"""The head of each day: signed with the installation's key, and copied to a second place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspection.errors import DisprovedError, UsageError
from inspection.evidence.head import SignedHead
from inspection.evidence.head_key import fingerprint, installation_key, public_pem
from inspection.objects.store import ObjectStore
from inspection.records.audit import line_of
from inspection.records.heads import heads_since, known_keys, sign_heads, take_key
from inspection.records.store import Records

LOOKED_BACK: Final = timedelta(days=35)
"""Heads of so many days are brought to the second place, should it have been away."""


def audit_key(records: Records, path: Path, *, new: bool = False) -> Ed25519PrivateKey:
    """
    The installation's key, made when it first needs one, and put on the record.

    A machine that has none, or another one, takes it only when told that it is `new`: else two
    machines of one installation would sign each with a key of its own.

    Raises
    ------
    UsageError
        ``audit_key_missing``, ``audit_key_differs``.
    RefusedError
        ``audit_key_unreadable``, ``audit_key_exposed``.
    """
    with records.reading_all() as session:
        known = {fingerprint(one) for one in known_keys(session)}
    if known and not new and not path.exists():
        raise UsageError("audit_key_missing")
    key = installation_key(path)
    if fingerprint(key.public_key()) in known:
        return key
    if known and not new:
        raise UsageError("audit_key_differs")
    with records.writing_all() as session:
        take_key(session, key.public_key())
    return key


@dataclass(kw_only=True)
class Signer:
    """Signs what is due and copies what the second place lacks."""

    records: Records
    key: Ed25519PrivateKey
    place: ObjectStore | None
    """Where copies of heads and of the public key go; None where none is set."""

    _copied: set[str] = field(default_factory=set, init=False)

    def sign(self, at: datetime) -> list[SignedHead]:
        """
        Sign the heads that are due, and bring them and earlier ones to the second place.

        Raises
        ------
        DisprovedError
            ``audit_head_contradicted`` if another head of the same day lies there.
        UnfinishedError
            Where the database or the second place fails; the next time goes on from there.
        """
        with self.records.writing_all() as session:
            signed = sign_heads(session, self.key, at=at)
        if self.place is not None:
            with self.records.reading_all() as session:
                heads = heads_since(session, at - LOOKED_BACK)
            named = ((f"audit-head-{one.chain}-{one.day}.json", line_of(one)) for one in heads)
            self._copy(self.place, [*named, self._public_key()])
        return signed

    def _public_key(self) -> tuple[str, bytes]:
        key = self.key.public_key()
        return f"audit-key-{fingerprint(key)[:16]}.pem", public_pem(key)

    def _copy(self, place: ObjectStore, notes: Iterable[tuple[str, bytes]]) -> None:
        for name, content in notes:
            if name in self._copied:
                continue
            there = b"".join(place.read_note(name))
            if not there:
                place.write_note(name, [content])
            elif there != content:
                # Never overwritten: what lies there is the word against whoever wrote this.
                raise DisprovedError("audit_head_contradicted", where=name)
            self._copied.add(name)
