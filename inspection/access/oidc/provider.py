"""One identity provider: where it sends people, what it gives for a code, and its keys."""

import hashlib
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from joserfc.jwk import KeySet

from inspection.access.oidc.asking import exchanged, fetched, is_guarded
from inspection.access.oidc.judging import KeyUnknown, judged, keys_in
from inspection.errors import StrangerError, UnfinishedError

SCOPE: Final = "openid profile"
KEYS_LAST_S: Final = 3600
"""After this they are asked for anew, so that a key that was withdrawn counts no more."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """What the provider knows us as."""

    issuer: str
    client_id: str
    secret: str | None
    callback: str
    """Address to which it sends people back."""


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the provider says of itself."""

    authorization: str
    token: str
    keys: str


class Provider:
    """An identity provider; what it says of itself is asked once, its keys every hour."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """
        Where a person is sent to sign in.

        Raises
        ------
        UnfinishedError
            ``oidc_unreachable``, ``oidc_unreadable``.
        """
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.callback,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        place = self._discovered().authorization
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(asked)}"

    def claims(self, code: str, *, nonce: str, verifier: str) -> Mapping[str, Any]:
        """
        What the provider says of who came back with a code.

        Raises
        ------
        StrangerError
            ``oidc_code``, and what `judged` finds.
        UnfinishedError
            ``oidc_unreachable``, ``oidc_unreadable``.
        """
        given = exchanged(
            self._discovered().token,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.client.callback,
                "client_id": self.client.client_id,
                "code_verifier": verifier,
            },
            client_id=self.client.client_id,
            secret=self.client.secret,
        )
        token = given.get("id_token")
        if not isinstance(token, str):
            raise UnfinishedError("oidc_unreadable")
        try:
            return self._judged(token, nonce, fresh=False)
        except KeyUnknown:
            # Keys are changed while we run: asked for once more, and then it is nobody's.
            try:
                return self._judged(token, nonce, fresh=True)
            except KeyUnknown as error:
                raise StrangerError("oidc_signature") from error

    def _judged(self, token: str, nonce: str, *, fresh: bool) -> Mapping[str, Any]:
        return judged(
            token,
            self._published(fresh=fresh),
            issuer=self.client.issuer,
            client_id=self.client.client_id,
            nonce=nonce,
        )

    def _discovered(self) -> _Known:
        with self._lock:
            if self._known is None:
                issuer = self.client.issuer
                told = fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                places = [told.get(name) for name in named]
                is_whole = all(isinstance(one, str) and is_guarded(one) for one in places)
                if told.get("issuer") != issuer or not is_whole:
                    raise UnfinishedError("oidc_unreadable")
                first, second, third = map(str, places)
                self._known = _Known(authorization=first, token=second, keys=third)
            return self._known

    def _published(self, *, fresh: bool) -> KeySet:
        place = self._discovered().keys
        with self._lock:
            is_old = time.monotonic() - self._keys_at > KEYS_LAST_S
            if self._keys is None or fresh or is_old:
                self._keys = keys_in(fetched(place))
                self._keys_at = time.monotonic()
            return self._keys


def challenge(verifier: str) -> str:
    """What is told of a secret before it is shown (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
