"""The key pair that heads are signed with: made once, kept by one account, known by its half."""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from geo.errors import RefusedError, naming

_BLOCK: Final = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def installation_key(path: Path) -> Ed25519PrivateKey:
    """
    The key that signs heads, made where there is none yet, for this account's eyes only.

    Raises
    ------
    RefusedError
        ``audit_key_unreadable`` if the file holds no such key; ``audit_key_exposed`` if others
        of this machine may read it.
    """
    if not path.exists():
        _make(path)
    if path.stat().st_mode & _OTHERS:
        raise RefusedError("audit_key_exposed")
    return _private(path.read_bytes())


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The half of the key that whoever verifies is given."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Name of a key, by which a head says who signed it."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def public_keys(pem: bytes) -> list[Ed25519PublicKey]:
    """
    Read the halves that verify, any number in one file; of a whole key, the half.

    Raises
    ------
    RefusedError
        ``audit_key_unreadable`` if there is none, or something else is among them.
    """
    blocks = [found.group() for found in _BLOCK.finditer(pem)]
    if not blocks:
        raise RefusedError("audit_key_unreadable")
    return [_public(block) for block in blocks]


def keys_in(paths: Iterable[Path]) -> tuple[Ed25519PublicKey, ...]:
    """Read the public keys of several files; raises as `public_keys`."""
    found: list[Ed25519PublicKey] = []
    for path in paths:
        with naming(path):
            found += public_keys(path.read_bytes())
    return tuple(found)


def _make(path: Path) -> None:
    """Let the key appear whole, once: of several that make one at the same time, one counts."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=".audit-key-")  # 0600 by itself
    try:
        with os.fdopen(file, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def _public(block: bytes) -> Ed25519PublicKey:
    if b"PRIVATE KEY" in block:
        return _private(block).public_key()
    try:
        key = load_pem_public_key(block)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise RefusedError("audit_key_unreadable") from error
    if not isinstance(key, Ed25519PublicKey):
        raise RefusedError("audit_key_unreadable")
    return key


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RefusedError("audit_key_unreadable") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise RefusedError("audit_key_unreadable")
    return key
