"""The people of an office, for its administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.reach import reached
from api.schemas import NewPassword, PageAsked, UserAsked, UserChange, UserPage, UserShown
from inspection.access.people import (
    add_person,
    close_account,
    rename,
    reopen_account,
    reset_password,
)
from inspection.access.rights import Action, Actor
from inspection.access.roles import roles_of, set_roles
from inspection.records.paging import page
from inspection.records.tables.offices import User

router = APIRouter(prefix="/users", tags=["users"])
Reader = Annotated[Actor, Depends(may(Action.USER_READ))]
Admin = Annotated[Actor, Depends(may(Action.USER_CHANGE))]


@router.get("", responses=problems(*IN, 422))
def list_users(
    asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> UserPage:
    """The people of one's office, the newest first."""
    with records.reading(actor.office_id) as session:
        found = page(session, select(User), User, size=asked.size, after=asked.after)
        return UserPage(items=[_shown(session, one) for one in found.rows], after=found.after)


@router.post("", status_code=201, responses=problems(*IN, 400, 409, *BODY))
def add_user(asked: UserAsked, actor: Admin, records: GivenRecords) -> NewPassword:
    """Take in a person; the password is shown this once."""
    with records.writing(actor.office_id) as session:
        entry = add_person(
            session,
            login=asked.login,
            name=asked.name,
            roles=set(asked.roles),
            by=actor.user_id,
        )
        session.flush()
        return NewPassword(user=_shown(session, entry.user), password=entry.password)


@router.get("/{user_id}", responses=problems(*IN, 404, 422))
def show_user(user_id: UUID, actor: Reader, records: GivenRecords) -> UserShown:
    """One person."""
    with records.reading(actor.office_id) as session:
        return _shown(session, reached(session, User, user_id, actor, Action.USER_READ))


@router.patch("/{user_id}", responses=problems(*IN, 400, 404, 409, *BODY))
def change_user(user_id: UUID, asked: UserChange, actor: Admin, records: GivenRecords) -> UserShown:
    """Change a person's name or roles, shut them out or let them in again."""
    with records.writing(actor.office_id) as session:
        user = reached(session, User, user_id, actor, Action.USER_CHANGE)
        if asked.name is not None:
            rename(session, user, asked.name, by=actor.user_id)
        if asked.roles is not None:
            set_roles(session, user, set(asked.roles), by=actor.user_id)
        if asked.is_closed is not None:
            change = close_account if asked.is_closed else reopen_account
            change(session, user, by=actor.user_id)
        session.flush()
        return _shown(session, user)


@router.post("/{user_id}/password", responses=problems(*IN, 404, 409, 422))
def new_password(user_id: UUID, actor: Admin, records: GivenRecords) -> NewPassword:
    """Give a person a new password, which is shown this once; their sessions end."""
    with records.writing(actor.office_id) as session:
        user = reached(session, User, user_id, actor, Action.USER_CHANGE)
        password = reset_password(session, user, by=actor.user_id)
        return NewPassword(user=_shown(session, user), password=password)


def _shown(session: Session, user: User) -> UserShown:
    return UserShown(
        id=user.id,
        login=user.login,
        name=user.name,
        roles=sorted(roles_of(session, user.id)),
        created_at=user.created_at,
        closed_at=user.closed_at,
    )
