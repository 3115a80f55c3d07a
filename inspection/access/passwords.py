"""Passwords: kept as argon2id, two at a time, as each takes 64 MiB while it is computed."""

import secrets
import threading
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from inspection.errors import RefusedError

SHORTEST: Final = 12
LONGEST: Final = 256
_RANDOM_BYTES: Final = 15
_HASHER: Final = PasswordHash((Argon2Hasher(),))
_turn = threading.BoundedSemaphore(2)


def hashed(password: str, *, login: str) -> str:
    """
    What is kept of a password.

    Raises
    ------
    RefusedError
        ``password_length``, or ``password_guessed`` where it is the login.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RefusedError("password_length", least=SHORTEST, most=LONGEST)
    if password.casefold() == login.casefold():
        raise RefusedError("password_guessed")
    with _turn:
        return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; it takes as long where there is none."""
    with _turn:
        is_same = _HASHER.verify(password[: LONGEST + 1], kept or _nobodys())
    return is_same and kept is not None


def random_password() -> str:
    """A password for a person to begin with."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(_RANDOM_BYTES))
