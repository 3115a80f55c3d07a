"""What is seen of each request: numbers for Prometheus, one line for the log, and no person."""

import time
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX: Final = "/api/v1"
"""Of the routes of our own, apart from those of protocols and operation."""

_ELSEWHERE: Final = "elsewhere"
_SERVER_ERROR: Final = 500
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer that does not say otherwise: data, to be shown by nobody as a page."""


class Observing:
    """Counts and times requests by the pattern of their route, and writes one line about each."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "tinjau_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "tinjau_request_seconds",
            "How long an answer took",
            ["method", "route"],
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request and look at the clock."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = _SERVER_ERROR

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - began
            # The pattern, never the address: that may be a tracking code, or anything.
            route = _pattern(scope)
            method = scope["method"] if route != _ELSEWHERE else _ELSEWHERE
            self._requests.labels(method, route, str(status)).inc()
            self._seconds.labels(method, route).observe(seconds)
            structlog.get_logger().info(
                "answered", method=method, route=route, status=status, ms=round(seconds * 1000)
            )


def _pattern(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    if path is None:
        return _ELSEWHERE
    # A router knows its routes by what follows the prefix under which it was put.
    is_under = scope["path"].startswith(PREFIX) and not path.startswith(PREFIX)
    return f"{PREFIX}{path}" if is_under else str(path)
