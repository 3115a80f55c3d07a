"""Signing in and out, and who one is."""

from fastapi import APIRouter, Request, Response

from api.dependencies import COOKIE, GivenActor, GivenCaller, GivenRecords, GivenSigned, Origin
from api.described import BODY, problems
from api.schemas import Me, PasswordAsked, SignInAsked
from inspection.access.rights import Actor, allowed
from inspection.access.sessions import (
    LASTS,
    Signed,
    change_password,
    sign_in,
    sign_out,
)

router = APIRouter(prefix="/session", tags=["session"])


@router.post("", status_code=201, responses=problems(401, 429, *BODY))
def begin(
    asked: SignInAsked, request: Request, response: Response, records: GivenRecords, origin: Origin
) -> Me:
    """Sign in; the session comes as a cookie that scripts cannot read."""
    signed = sign_in(records, login=asked.login, password=asked.password, origin=origin)
    response.set_cookie(
        COOKIE,
        signed.secret,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return _me(signed.actor, signed)


@router.get("", responses=problems(401))
def show(actor: GivenActor, caller: GivenCaller) -> Me:
    """Who one is, by session or token."""
    return _me(actor, caller.signed)


@router.delete("", status_code=204, responses=problems(401, 403))
def end(signed: GivenSigned, records: GivenRecords, response: Response) -> None:
    """Sign out, at once."""
    sign_out(records, signed)
    response.delete_cookie(COOKIE)


@router.put("/password", status_code=204, responses=problems(401, 403, 429, *BODY))
def choose_password(
    asked: PasswordAsked, signed: GivenSigned, records: GivenRecords, origin: Origin
) -> None:
    """Choose a password; one's other sessions end."""
    change_password(records, signed, old=asked.old, new=asked.new, origin=origin)


def _me(actor: Actor, signed: Signed | None) -> Me:
    return Me(
        user_id=actor.user_id,
        office_id=actor.office_id,
        login=actor.login,
        name=actor.name,
        roles=sorted(actor.roles),
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        may=sorted(allowed(actor)),
        csrf_token=signed.csrf_token if signed else None,
        expires_at=signed.expires_at if signed else None,
    )
