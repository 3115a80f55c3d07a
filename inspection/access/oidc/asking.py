"""What the identity provider is asked over the network: nothing is followed, little is read."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from inspection.errors import StrangerError, UnfinishedError

MOST_BYTES: Final = 1 << 20
PATIENCE_S: Final = 10
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SERVER_ERROR: Final = 500


def _opener() -> urllib.request.OpenerDirector:
    """One that follows nothing: secrets go where the settings say, nowhere that an answer names."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def is_guarded(address: str) -> bool:
    """Whether nobody on the way can read or change what is said there."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    )


def fetched(address: str) -> dict[str, Any]:
    """
    Give the JSON object that lies at an address.

    Raises
    ------
    UnfinishedError
        ``oidc_unreachable``, ``oidc_unreadable``.
    """
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 - guarded
    return _object(_answered(request))


def exchanged(
    address: str, code: Mapping[str, str], *, client_id: str, secret: str | None
) -> dict[str, Any]:
    """
    Give what the provider gives for a code.

    Raises
    ------
    StrangerError
        ``oidc_code`` where it takes the code from nobody, or from nobody any more.
    UnfinishedError
        ``oidc_unreachable``, ``oidc_unreadable``.
    """
    headers = {"Accept": "application/json"}
    if secret is not None:
        pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    body = urlencode(code).encode()
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - guarded
    return _object(_answered(request, is_exchange=True))


def _answered(request: urllib.request.Request, *, is_exchange: bool = False) -> bytes:
    if not is_guarded(request.full_url):
        raise UnfinishedError("oidc_unreadable")
    try:
        answer = _opener().open(request, timeout=PATIENCE_S)
        if answer is None:
            raise UnfinishedError("oidc_unreadable")
        with answer:
            content: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        if is_exchange and error.code < _SERVER_ERROR:
            raise StrangerError("oidc_code") from error
        raise UnfinishedError("oidc_unreachable") from error
    except (OSError, HTTPException) as error:
        raise UnfinishedError("oidc_unreachable") from error
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content) if len(content) <= MOST_BYTES else None
    except (ValueError, RecursionError) as error:
        raise UnfinishedError("oidc_unreadable") from error
    if not isinstance(told, dict):
        raise UnfinishedError("oidc_unreadable")
    return told
