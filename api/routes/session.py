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
from inspection.records.store import Records
from inspection.records.tables.offices import Office

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
    return _me(records, signed.actor, signed)


@router.get("", responses=problems(401))
def show(actor: GivenActor, caller: GivenCaller, records: GivenRecords) -> Me:
    """Who one is, by session or token."""
    return _me(records, actor, caller.signed)


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


def _me(records: Records, actor: Actor, signed: Signed | None) -> Me:
    with records.reading(actor.office_id) as session:
        time_zone = session.get_one(Office, actor.office_id).time_zone
    return Me(
        user_id=actor.user_id,
        office_id=actor.office_id,
        time_zone=time_zone,
        login=actor.login,
        name=actor.name,
        roles=sorted(actor.roles),
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        may=sorted(allowed(actor)),
        csrf_token=signed.csrf_token if signed else None,
        expires_at=signed.expires_at if signed else None,
    )
