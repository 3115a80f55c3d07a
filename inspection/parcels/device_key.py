"""The key of this machine, by which an office knows the parcels that it packed."""

import hashlib
import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from geo.errors import RefusedError
from inspection.evidence.head_key import installation_key

NAME: Final = "device.key"
_DIGITS: Final = re.compile(r"[0-9a-f]{64}")


def device_key(data: Path) -> Ed25519PrivateKey:
    """
    The key in a data folder, made where there is none yet.

    Raises
    ------
    RefusedError
        ``device_key_unreadable`` if the file holds no such key.
    """
    data.mkdir(parents=True, exist_ok=True)
    try:
        return installation_key(data / NAME)
    except RefusedError as error:
        raise RefusedError("device_key_unreadable") from error


def public_digits(key: Ed25519PrivateKey) -> str:
    """The half of a key that the office is told."""
    return key.public_key().public_bytes_raw().hex()


def public_key_of(text: str) -> str:
    """
    Read the digits of a public key as somebody typed or pasted them.

    Raises
    ------
    RefusedError
        ``device_key_unreadable``.
    """
    digits = re.sub(r"[\s:]", "", text).lower()
    if not _DIGITS.fullmatch(digits):
        raise RefusedError("device_key_unreadable")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(digits))
    except ValueError as error:
        raise RefusedError("device_key_unreadable") from error
    return digits


def fingerprint(digits: str) -> str:
    """A short form to compare by eye or by telephone: six groups of four."""
    short = hashlib.sha256(bytes.fromhex(digits)).hexdigest()[:24]
    return "-".join(short[at : at + 4] for at in range(0, 24, 4))
