"""An ID token is what it says: signed by the provider, for us, now, for this very sign-in."""

import hmac
import time
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import Key, KeySet, import_key

from inspection.errors import StrangerError

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Of public keys alone: with a shared secret, whoever knows our public keys could sign."""

LEEWAY_S: Final = 60
"""By how much two clocks may differ."""

LONGEST: Final = 255
_KINDS: Final = frozenset({"RSA", "EC"})


class KeyUnknown(Exception):  # noqa: N818 - not an error yet: keys are changed
    """The token names a key that the provider did not have when it was asked."""


def keys_in(told: Mapping[str, Any]) -> KeySet:
    """Give the keys for signatures that a provider publishes; what is none is passed over."""
    found: list[Key] = []
    listed = told.get("keys")
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict) or one.get("use", "sig") != "sig":
            continue
        if one.get("kty") not in _KINDS:
            continue
        try:
            found.append(import_key(one))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return KeySet(found)


def judged(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str
) -> Mapping[str, Any]:
    """
    Give the claims of an ID token that may be believed.

    Raises
    ------
    StrangerError
        ``oidc_signature``, ``oidc_issuer``, ``oidc_audience``, ``oidc_expired``,
        ``oidc_nonce``, ``oidc_claims``.
    KeyUnknown
        When the keys should be asked for again.
    """
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except InvalidKeyIdError as error:
        raise KeyUnknown from error
    except (JoseError, ValueError, TypeError) as error:
        raise StrangerError("oidc_signature") from error
    if claims.get("iss") != issuer:
        raise StrangerError("oidc_issuer")
    _require_ours(claims, client_id)
    _require_now(claims)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise StrangerError("oidc_nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise StrangerError("oidc_claims")
    return claims


def _require_ours(claims: Mapping[str, Any], client_id: str) -> None:
    stated = claims.get("aud")
    audience = stated if isinstance(stated, list) else [stated]
    party = claims.get("azp")
    is_ours = client_id in audience and (
        party == client_id or (party is None and len(audience) == 1)
    )
    if not is_ours:
        raise StrangerError("oidc_audience")


def _require_now(claims: Mapping[str, Any]) -> None:
    now = time.time()
    ends, began = _moment(claims.get("exp")), _moment(claims.get("iat"))
    since = _moment(claims.get("nbf", began))
    if now > ends + LEEWAY_S or now < max(began, since) - LEEWAY_S:
        raise StrangerError("oidc_expired")


def _moment(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise StrangerError("oidc_claims")
    return value
