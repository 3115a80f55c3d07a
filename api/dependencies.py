"""What routes are given: the records, who asks, and that they may."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBasic, HTTPBearer

from api.language import asked_language
from inspection.access.rights import IN_PERSON, Action, Actor, authorize
from inspection.access.sessions import Signed, session_of
from inspection.access.tokens import actor_of_token
from inspection.delivery.reading import Reader
from inspection.errors import StrangerError
from inspection.records.store import Records
from inspection.settings import Settings
from inspection.wording.catalogue import Wording, wording

COOKIE: Final = "tinjau_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""What changes nothing, and needs no proof that it comes from our own page."""

BY_COOKIE: Final = APIKeyCookie(
    name=COOKIE,
    scheme_name="session",
    description="The session that POST /api/v1/session begins.",
    auto_error=False,
)
BY_TOKEN: Final = HTTPBearer(
    scheme_name="token",
    description="A token of POST /api/v1/tokens, for what its scopes allow.",
    auto_error=False,
)

BY_PASSWORD: Final = HTTPBasic(
    scheme_name="password",
    description="A token as the password, whatever the name, for what only reads: for GIS.",
    auto_error=False,
)


def settings_of(request: Request) -> Settings:
    """The settings of the installation."""
    return cast("Settings", request.app.state.settings)


def records_of(request: Request) -> Records:
    """The records of the installation."""
    return cast("Records", request.app.state.records)


def words_of(request: Request) -> Wording:
    """The sentences in the language that the caller asks for."""
    return wording(asked_language(request.headers, settings_of(request).language))


def origin_of(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else ""


def reader_of(request: Request) -> Reader:
    """What gives stored bytes."""
    return cast("Reader", request.app.state.reader)


def at_once[Kind](of: Callable[[Request], Kind]) -> Callable[[Request], Awaitable[Kind]]:
    """Let a dependency be found where it is asked for: going to a thread would take longer."""

    async def found(request: Request) -> Kind:
        return of(request)

    return found


GivenReader = Annotated[Reader, Depends(at_once(reader_of))]
GivenSettings = Annotated[Settings, Depends(at_once(settings_of))]
GivenRecords = Annotated[Records, Depends(at_once(records_of))]
GivenWords = Annotated[Wording, Depends(at_once(words_of))]


def host_of(request: Request, settings: GivenSettings) -> str:
    """Address of the installation as the caller knows it, without a slash at its end."""
    return (settings.address or str(request.base_url)).rstrip("/")


Host = Annotated[str, Depends(host_of)]
Origin = Annotated[str, Depends(at_once(origin_of))]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: nobody known, a person who signed in, or a program with a token."""

    actor: Actor | None = None
    signed: Signed | None = None


def token_in(request: Request) -> str | None:
    """
    The token that a request carries; None where it carries none.

    GIS software can send a name and a password more easily than a header of its own. As the
    password it may send a token, for what changes nothing; whatever name it sends beside it.
    """
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic" or request.method not in SAFE:
        return None
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def caller_of(request: Request, records: GivenRecords) -> Caller:
    """Who asks; what changes something must come from our own page, or carry a token."""
    token = token_in(request)
    if token is not None:
        return Caller(actor=actor_of_token(records, token))
    secret = request.cookies.get(COOKIE)
    signed = session_of(records, secret) if secret else None
    if signed is None:
        return Caller()
    if request.method not in SAFE:
        signed.require_csrf(request.headers.get(CSRF_HEADER))
    return Caller(actor=signed.actor, signed=signed)


def still_asking(request: Request, records: Records) -> Actor | None:
    """Who asked a question whose answer goes on; that it does keeps no session from ending."""
    token = token_in(request)
    if token is not None:
        return actor_of_token(records, token)
    signed = session_of(records, request.cookies.get(COOKIE, ""), is_noted=False)
    return signed.actor if signed else None


GivenCaller = Annotated[Caller, Depends(caller_of)]


# FastAPI tells by these, in the document, how one may ask; who asks is found out above.
ByCookie = Annotated[object, Depends(BY_COOKIE)]
ByToken = Annotated[object, Depends(BY_TOKEN)]


async def known_of(caller: GivenCaller, _cookie: ByCookie, _token: ByToken) -> Actor:
    """Who asks: somebody known, whatever they may."""
    if caller.actor is None:
        raise StrangerError("sign_in_needed")
    return caller.actor


async def signed_of(caller: GivenCaller, _cookie: ByCookie) -> Signed:
    """The session of who asks: for what a person does for themselves, and no token."""
    if caller.signed is None:
        raise StrangerError("sign_in_needed")
    return caller.signed


GivenActor = Annotated[Actor, Depends(known_of)]
GivenSigned = Annotated[Signed, Depends(signed_of)]


def may(action: Action) -> Callable[..., Awaitable[Actor]]:
    """Require that who asks may do this at all; of one thing, the route asks again."""

    async def require_person(caller: GivenCaller, _cookie: ByCookie) -> Actor:
        return authorize(caller.actor, action)

    async def require(caller: GivenCaller, _cookie: ByCookie, _token: ByToken) -> Actor:
        return authorize(caller.actor, action)

    return require_person if action in IN_PERSON else require
