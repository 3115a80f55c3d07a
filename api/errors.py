"""What goes wrong, as HTTP tells it: one table of statuses, one form (RFC 9457), two languages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.language import asked_language
from inspection.errors import (
    AbsentError,
    ConflictError,
    DisprovedError,
    ForbiddenError,
    GeoError,
    InspectionError,
    RefusedError,
    StrangerError,
    TooOftenError,
    UnfinishedError,
    UsageError,
)
from inspection.terminal.failure import failure_of
from inspection.wording.catalogue import wording

PROBLEM: Final = "application/problem+json"
MOST_PLACES: Final = 20
RETRY_AFTER_S: Final = 5
FOR_PROGRAMS: Final = ("/ogc", "/stac")
"""Below which programs ask, and none of our own pages."""

_WAIT: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT)


class RequestError(InspectionError):
    """The request is not of the form that is described."""


class MethodError(InspectionError):
    """The address is known, the method is not."""


class BodySizeError(InspectionError):
    """The request carries more than is taken here."""


class BodyKindError(InspectionError):
    """The request carries what is not taken here."""


class SpanError(InspectionError):
    """The part that is asked for is none of the file."""


STATUS: Final[Mapping[type[GeoError], HTTPStatus]] = {
    UsageError: HTTPStatus.BAD_REQUEST,
    StrangerError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    AbsentError: HTTPStatus.NOT_FOUND,
    MethodError: HTTPStatus.METHOD_NOT_ALLOWED,
    ConflictError: HTTPStatus.CONFLICT,
    DisprovedError: HTTPStatus.CONFLICT,
    BodySizeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BodyKindError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    SpanError: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    RequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    RefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooOftenError: HTTPStatus.TOO_MANY_REQUESTS,
    UnfinishedError: HTTPStatus.SERVICE_UNAVAILABLE,
    GeoError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of an error: that of its own class, else of the next one above."""


def status_of(error: Exception) -> HTTPStatus:
    """The status that tells of an error."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    # Not one of ours, but its cause is known: the disk is full, memory ran out.
    is_known = failure_of(error).code != "internal_error"
    return HTTPStatus.SERVICE_UNAVAILABLE if is_known else HTTPStatus.INTERNAL_SERVER_ERROR


def problem(request: Request, error: Exception, **more: Any) -> Response:  # noqa: ANN401 - JSON
    """Tell of an error, in the language that the caller asks for."""
    failure, status = failure_of(error), status_of(error)
    language = asked_language(request.headers, request.app.state.settings.language)
    words = wording(language)
    told: dict[str, Any] = {
        "type": f"urn:tinjau:problem:{failure.code}",
        "title": words.say(f"errors.{failure.code}.message", **failure.facts),
        "status": int(status),
        "detail": words.say(f"errors.{failure.code}.hint", **failure.facts),
        "code": failure.code,
        **{
            name: value
            for name, value in (("where", failure.where), ("file", failure.file))
            if value is not None
        },
        **more,
    }
    headers = {"Content-Language": str(language), "Vary": "Accept-Language"}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _asked_for(request)
    if status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        headers["Content-Range"] = f"bytes */{failure.facts['size']}"
    if status in _WAIT and "seconds" in failure.facts:
        headers["Retry-After"] = str(failure.facts["seconds"])
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return JSONResponse(told, int(status), headers, media_type=PROBLEM)


def _asked_for(request: Request) -> str:
    # Where pages of ours ask, a browser must not ask for a password on its own account.
    is_for_programs = request.url.path.startswith(FOR_PROGRAMS)
    return 'Bearer, Basic realm="Tinjau", charset="UTF-8"' if is_for_programs else "Bearer"


def handle_errors(app: FastAPI) -> None:
    """Let every error be told in the one form."""
    app.add_exception_handler(GeoError, problem)
    app.add_exception_handler(OSError, problem)
    app.add_exception_handler(MemoryError, problem)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_the_framework)
    # Of these the server writes the trace into its log, and nobody else is told of it.
    app.add_exception_handler(Exception, problem)


def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        return problem(request, error)
    places = [
        {"where": ".".join(str(part) for part in one["loc"])[:200], "reason": one["type"]}
        for one in error.errors()[:MOST_PLACES]
    ]
    return problem(request, RequestError("request_invalid"), places=places)


def _of_the_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return problem(request, error)
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            known: InspectionError = AbsentError("absent")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            known = MethodError("method_unknown")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            known = BodySizeError("body_too_large")
        case _:
            known = RequestError("request_invalid")
    answer = problem(request, known)
    if error.headers and "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
