"""Secrets that are given out once and known here by their hash only."""

import hashlib
import hmac
import secrets
from typing import Final

_BYTES: Final = 32
_AGAINST_FORGERY: Final = b"tinjau csrf"


def new_secret() -> str:
    """A secret that nobody guesses, for a header or a cookie."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """What is kept of a secret: it is long and random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def forgery_token(secret: str) -> str:
    """What a page must send beside the cookie; whoever holds the cookie can make it anew."""
    return hmac.new(secret.encode(), _AGAINST_FORGERY, hashlib.sha256).hexdigest()
