"""Signing in by the agency's identity provider: there, and back with a session."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import StringConstraints

from api.dependencies import COOKIE, GivenCaller, GivenRecords
from api.described import problems
from inspection.access.oidc.entering import LASTS, Back, Rules, begin, enter
from inspection.access.oidc.provider import Provider
from inspection.access.sessions import LASTS as SESSION_LASTS
from inspection.access.sessions import sign_out
from inspection.errors import AbsentError

BEGUN: Final = "tinjau_oidc"
SEE_OTHER: Final = 303
HOME: Final = "/"

router = APIRouter(prefix="/session/oidc", tags=["session"])
Word = Annotated[str, StringConstraints(max_length=4096)]


@router.get("", status_code=SEE_OTHER, response_class=Response, responses=problems(404, 422))
def begin_at_provider(request: Request, records: GivenRecords) -> Response:
    """Go to the identity provider, which asks the person who they are."""
    provider, _ = _provider(request)
    begun = begin(records, provider)
    answer = Response(status_code=SEE_OTHER, headers={"Location": begun.address})
    answer.set_cookie(
        BEGUN,
        begun.secret,
        max_age=int(LASTS.total_seconds()),
        path=request.url.path,
        httponly=True,
        samesite="lax",
        secure=_is_secure(request, provider),
    )
    return answer


@router.get(
    "/callback",
    status_code=SEE_OTHER,
    response_class=Response,
    responses=problems(401, 403, 404, 422),
)
def come_back(
    request: Request,
    caller: GivenCaller,
    records: GivenRecords,
    state: Annotated[Word, Query()],
    code: Annotated[Word | None, Query()] = None,
    iss: Annotated[Word | None, Query()] = None,
) -> Response:
    """Come back from the identity provider; the session comes as a cookie, and is always new."""
    provider, rules = _provider(request)
    back = Back(state=state, code=code, issuer=iss)
    secret = request.cookies.get(BEGUN)
    signed = enter(records, provider, rules, back, secret=secret)
    if caller.signed is not None:
        # Whoever was signed in here before is not any more.
        sign_out(records, caller.signed)
    answer = Response(status_code=SEE_OTHER, headers={"Location": HOME})
    is_secure = _is_secure(request, provider)
    answer.set_cookie(
        COOKIE,
        signed.secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure,
    )
    answer.delete_cookie(BEGUN, path=request.url.path.rpartition("/")[0])
    return answer


def _provider(request: Request) -> tuple[Provider, Rules]:
    held: tuple[Provider, Rules] | None = request.app.state.provider
    if held is None:
        raise AbsentError("oidc_unset")
    return held


def _is_secure(request: Request, provider: Provider) -> bool:
    # Behind a proxy with TLS the request itself does not know that it came by it.
    return request.url.scheme == "https" or provider.client.callback.startswith("https:")
