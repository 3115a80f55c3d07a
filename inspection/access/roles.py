"""What people are to their office; somebody who can let others in is always left."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import ConflictError, RefusedError
from inspection.language import Json
from inspection.records.audit import INSTALLATION, Deed, record
from inspection.records.tables.offices import Office, Role, RoleGrant, User


def roles_of(session: Session, user_id: UUID) -> frozenset[Role]:
    """What a person is to the office now."""
    return frozenset(session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user_id)))


def require_fitting(office: UUID, roles: Collection[Role]) -> None:
    """
    Require that people of an office can have these roles.

    Raises
    ------
    RefusedError
        ``role_central_alone``: who stands above the offices has no role in one, nor one of an
        office that above them.
    """
    central = {Role.CENTRAL_ADMIN}
    if set(roles) != central if office == INSTALLATION else central & set(roles):
        raise RefusedError("role_central_alone")


def set_roles(session: Session, user: User, roles: Collection[Role], *, by: UUID | None) -> None:
    """
    Give a person these roles and no others.

    Raises
    ------
    ConflictError
        ``own_account``: nobody takes the office's administration away from themselves;
        ``last_admin``.
    RefusedError
        ``role_central_alone``.
    """
    hold_admins(session, user.office_id)
    before = roles_of(session, user.id)
    if Role.ADMIN in before and Role.ADMIN not in roles:
        if user.id == by:
            raise ConflictError("own_account")
        require_other_admin(session, user)
    _replace(session, user, before, roles, by=by)


def provided_roles(session: Session, user: User, roles: Collection[Role]) -> None:
    """Give a person what an identity provider says they are: it may take any role away."""
    hold_admins(session, user.office_id)
    _replace(session, user, roles_of(session, user.id), roles, by=None)


def hold_admins(session: Session, office: UUID) -> None:
    """Let nobody else change who administers an office, until the transaction ends."""
    # Rows that refer to the office may come meanwhile: its key stays as it is.
    session.get_one(Office, office, with_for_update={"key_share": True})


def require_other_admin(session: Session, user: User) -> None:
    """
    See that the office can let people in without this person; asked while they are held.

    Raises
    ------
    ConflictError
        ``last_admin`` if nobody else who may sign in has that role.
    """
    if user.office_id == INSTALLATION:  # whose people the command line alone takes in
        return
    admins = (
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == Role.ADMIN, User.closed_at.is_(None))
    )
    if not set(session.scalars(admins)) - {user.id}:
        raise ConflictError("last_admin")


def named(roles: Collection[Role]) -> list[Json]:
    """Roles as the log keeps them."""
    return [str(role) for role in sorted(roles)]


def _replace(
    session: Session,
    user: User,
    before: frozenset[Role],
    roles: Collection[Role],
    *,
    by: UUID | None,
) -> None:
    require_fitting(user.office_id, roles)
    if before == set(roles):
        return
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id)):
        if grant.role not in roles:
            session.delete(grant)
    new = [role for role in sorted(roles) if role not in before]
    session.add_all([RoleGrant(user_id=user.id, role=role, granted_by=by) for role in new])
    deed = Deed(
        action="user.roles",
        subject_kind="user",
        subject_id=str(user.id),
        facts={"before": named(before), "after": named(roles)},
    )
    record(session, deed, actor=str(by) if by else None)
