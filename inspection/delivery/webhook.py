"""One call of a record system's own address: signed, to that address alone, within a set time."""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from geo.errors import UnfinishedError
from inspection.errors import UsageError
from inspection.settings import Settings

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what such a secret begins with
LEAST_SECRET_BYTES: Final = 24
LONGEST_WAIT_S: Final = 6 * 3600
_OK: Final = range(200, 300)
_ELSEWHERE: Final = range(300, 400)


class ReceiverError(UnfinishedError):
    """The record system did not take a message; `wait` is how long it asks to be left alone."""

    wait: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Where messages go, and how they are signed."""

    url: SplitResult
    key: bytes
    address: str
    """Of this installation, as the receiver reaches it; without a slash at its end."""

    seconds: float
    """How long one call may take, whatever the receiver does."""


def receiver_of(settings: Settings) -> Receiver | None:
    """
    The record system that is set; None where none is.

    Raises
    ------
    UsageError
        ``webhook_address`` unless it is https (or of this machine itself); ``webhook_secret``
        if it is missing or too short; ``webhook_own_address`` if nobody said how the receiver
        reaches this installation.
    """
    if settings.webhook_url is None:
        return None
    url = _address(settings.webhook_url.get_secret_value())
    if url is None:
        raise UsageError("webhook_address")
    if settings.webhook_secret is None:
        raise UsageError("webhook_secret", least=LEAST_SECRET_BYTES)
    if settings.address is None or _address(settings.address) is None:
        raise UsageError("webhook_own_address", where=settings.address)
    return Receiver(
        url=url,
        key=_key(settings.webhook_secret.get_secret_value()),
        address=settings.address.rstrip("/"),
        seconds=settings.webhook_seconds,
    )


def send(receiver: Receiver, message: UUID, body: bytes, *, at: datetime) -> None:
    """
    Call the receiver once.

    No redirect is followed and no proxy is asked: the message reaches the address that the
    operator wrote down, or nobody.

    Raises
    ------
    ReceiverError
        ``receiver_unreachable``, ``receiver_untrusted``, ``receiver_silent``,
        ``receiver_redirects``, ``receiver_refuses``.
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tinjau",
        **signature(receiver.key, str(message), body, at=at),
    }
    connection = _connection(receiver)
    # A timeout of the socket ends silence, not one byte now and then: this ends everything.
    is_over = threading.Event()
    guard = threading.Timer(receiver.seconds, _cut, (connection, is_over))
    guard.start()
    try:
        connection.request("POST", _target(receiver.url), body, headers)
        with connection.getresponse() as answer:
            status, asked = answer.status, answer.getheader("Retry-After")
    except ssl.SSLCertVerificationError as error:
        raise ReceiverError("receiver_untrusted", reason=error.verify_message) from error
    except (OSError, http.client.HTTPException) as error:
        if is_over.is_set() or isinstance(error, TimeoutError):
            raise ReceiverError("receiver_silent", seconds=receiver.seconds) from error
        raise ReceiverError("receiver_unreachable") from error
    finally:
        guard.cancel()
        connection.close()
    if is_over.is_set():  # an answer that was cut off is none
        raise ReceiverError("receiver_silent", seconds=receiver.seconds)
    if status in _ELSEWHERE:
        raise ReceiverError("receiver_redirects", status=status)
    if status not in _OK:
        refused = ReceiverError("receiver_refuses", status=status)
        refused.wait = _wait(asked)
        raise refused


def signature(key: bytes, message: str, body: bytes, *, at: datetime) -> Mapping[str, str]:
    """The headers that prove a message, in the form of Standard Webhooks."""
    moment = str(int(at.timestamp()))
    signed = b".".join((message.encode(), moment.encode(), body))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _connection(receiver: Receiver) -> http.client.HTTPConnection:
    host, port = str(receiver.url.hostname), receiver.url.port
    if receiver.url.scheme == "https":
        return http.client.HTTPSConnection(
            host, port, timeout=receiver.seconds, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, port, timeout=receiver.seconds)


def _cut(connection: http.client.HTTPConnection, is_over: threading.Event) -> None:
    is_over.set()
    if connection.sock is not None:
        # Closing would wait for whoever reads from it. Not by the method of a socket with TLS,
        # which would first forget its keys.
        with suppress(OSError):  # it ended by itself just now
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _target(url: SplitResult) -> str:
    return f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"


def _address(written: str) -> SplitResult | None:
    try:
        url = urlsplit(written)
        host, _ = url.hostname, url.port
    except ValueError:
        return None
    is_plain = url.scheme == "http" and host is not None and _is_this_machine(host)
    odd = url.username is not None or url.fragment or any(c <= " " for c in written)
    is_one = host is not None and not odd and (url.scheme == "https" or is_plain)
    return url if is_one else None


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key(secret: str) -> bytes:
    try:
        key = (
            base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
            if secret.startswith(SECRET_PREFIX)
            else secret.encode()
        )
    except ValueError as error:
        raise UsageError("webhook_secret", least=LEAST_SECRET_BYTES) from error
    if len(key) < LEAST_SECRET_BYTES:
        raise UsageError("webhook_secret", least=LEAST_SECRET_BYTES)
    return key


def _wait(asked: str | None) -> timedelta | None:
    if asked is None or not asked.isascii() or not asked.isdecimal() or len(asked) > 9:  # noqa: PLR2004
        return None
    return timedelta(seconds=min(int(asked), LONGEST_WAIT_S))
