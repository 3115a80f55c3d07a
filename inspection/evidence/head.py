"""Signed heads: where a chain ended on a day, kept elsewhere too, against a cut-off tail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from geo.errors import RefusedError
from inspection.evidence.canonical import canonical_bytes, from_canonical
from inspection.evidence.chain import End
from inspection.evidence.head_key import fingerprint

SCHEMA: Final = "tinjau.audit-head/1"


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """Where a chain ended, and the installation's word for it."""

    content: bytes
    """Canonical JSON, which the signature covers."""

    signature: bytes

    @property
    def stated(self) -> dict[str, Any]:
        """What is signed."""
        stated: dict[str, Any] = from_canonical(self.content)
        return stated

    @property
    def end(self) -> End:
        """Where the chain ended."""
        return End(seq=self.stated["seq"], hash=self.stated["hash"])

    @property
    def line(self) -> bytes:
        """The head as a line of a log that leaves the database, or a file of its own."""
        return canonical_bytes({"head": self.stated, "signature": self.signature.hex()})

    def is_by(self, keys: Iterable[Ed25519PublicKey]) -> bool:
        """Whether one of these keys signed it."""
        return any(self._is_by(key) for key in keys)

    def _is_by(self, key: Ed25519PublicKey) -> bool:
        try:
            key.verify(self.signature, self.content)
        except InvalidSignature:
            return False
        return True


def signed_head(end: End, *, chain: str, day: date, at: str, key: Ed25519PrivateKey) -> SignedHead:
    """Sign where a chain ends."""
    content = canonical_bytes(
        {
            "schema": SCHEMA,
            "chain": chain,
            "day": day.isoformat(),
            "at": at,
            "seq": end.seq,
            "hash": end.hash,
            "key_sha256": fingerprint(key.public_key()),
        }
    )
    return SignedHead(content=content, signature=key.sign(content))


def head_from(line: bytes) -> SignedHead:
    """
    Read a head from a line of a log, or from a file of its own.

    Raises
    ------
    RefusedError
        ``document_unreadable``, ``document_not_canonical``.
    """
    match from_canonical(line):
        case {
            "head": {
                "chain": str(),
                "day": str(),
                "seq": int(),
                "hash": str(),
                "schema": "tinjau.audit-head/1",
            } as head,
            "signature": str(digits),
        }:
            try:
                return SignedHead(content=canonical_bytes(head), signature=bytes.fromhex(digits))
            except ValueError as error:
                raise RefusedError("document_unreadable") from error
    raise RefusedError("document_unreadable")
