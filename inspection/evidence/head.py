"""Signed heads: where a chain ended on a day, kept elsewhere too, against a cut-off tail."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from geo.errors import RefusedError
from inspection.evidence.canonical import canonical_bytes, from_canonical
from inspection.evidence.chain import End

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

    def is_by(self, key: Ed25519PublicKey) -> bool:
        """Whether this key signed it."""
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


def installation_key(path: Path) -> Ed25519PrivateKey:
    """
    The key that signs heads, made where there is none yet, for this account's eyes only.

    Raises
    ------
    RefusedError
        ``audit_key_unreadable`` if the file holds no such key.
    """
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _private(path.read_bytes())
    key = Ed25519PrivateKey.generate()
    with os.fdopen(file, "wb") as out:
        out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        out.flush()
        os.fsync(out.fileno())
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The half of the key that whoever verifies is given."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key(pem: bytes) -> Ed25519PublicKey:
    """
    Read the half of the key that verifies.

    Raises
    ------
    RefusedError
        ``audit_key_unreadable``.
    """
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise RefusedError("audit_key_unreadable") from error
    if not isinstance(key, Ed25519PublicKey):
        raise RefusedError("audit_key_unreadable")
    return key


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise RefusedError("audit_key_unreadable") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise RefusedError("audit_key_unreadable")
    return key
