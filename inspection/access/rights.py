"""The one question: may this person do that to this thing? What no line here gives is denied."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from inspection.errors import AbsentError, ForbiddenError, StrangerError
from inspection.records.tables.offices import Role


class Action(StrEnum):
    """What can be done; also what an API token may be limited to."""

    USER_READ = "user.read"
    USER_CHANGE = "user.change"
    OFFICE_READ = "office.read"
    OFFICE_CHANGE = "office.change"
    OFFICES_READ = "offices.read"
    OFFICES_CHANGE = "offices.change"
    MAPPING_CHANGE = "mapping.change"
    TOKEN_READ = "token.read"  # noqa: S105 - a name, no secret
    TOKEN_CHANGE = "token.change"  # noqa: S105
    PERMIT_READ = "permit.read"
    PERMIT_IMPORT = "permit.import"
    PERMIT_TRACK = "permit.track"
    PERMIT_CORRECT = "permit.correct"
    BOUNDARY_CHANGE = "boundary.change"
    UPLOAD_READ = "upload.read"
    UPLOAD_CHANGE = "upload.change"
    INSPECTION_READ = "inspection.read"
    INSPECTION_SUBMIT = "inspection.submit"
    INSPECTION_CANCEL = "inspection.cancel"
    FINDING_REVIEW = "finding.review"
    INSPECTION_DECIDE = "inspection.decide"
    REPORT_READ = "report.read"
    REPORT_ATTACH = "report.attach"
    MESSAGE_READ = "message.read"
    MESSAGE_SEND = "message.send"
    OBJECTION_READ = "objection.read"
    OBJECTION_ANSWER = "objection.answer"
    STATISTICS_READ = "statistics.read"
    AUDIT_READ = "audit.read"


ALL: Final = frozenset(Role) - {Role.CENTRAL_ADMIN}
"""Everybody of an office."""

RIGHTS: Final[Mapping[Action, frozenset[Role]]] = {
    Action.USER_READ: frozenset({Role.ADMIN, Role.AUDITOR, Role.CENTRAL_ADMIN}),
    Action.USER_CHANGE: frozenset({Role.ADMIN}),
    Action.OFFICE_READ: ALL,
    Action.OFFICE_CHANGE: frozenset({Role.ADMIN}),
    Action.OFFICES_READ: frozenset({Role.CENTRAL_ADMIN}),
    Action.OFFICES_CHANGE: frozenset({Role.CENTRAL_ADMIN}),
    Action.MAPPING_CHANGE: frozenset({Role.GIS, Role.ADMIN}),
    Action.TOKEN_READ: ALL,
    Action.TOKEN_CHANGE: ALL,
    Action.PERMIT_READ: ALL,
    Action.PERMIT_IMPORT: frozenset({Role.GIS}),
    Action.PERMIT_CORRECT: frozenset({Role.REVIEWER, Role.GIS}),
    Action.BOUNDARY_CHANGE: frozenset({Role.GIS}),
    Action.PERMIT_TRACK: frozenset({Role.INSPECTOR, Role.REVIEWER, Role.GIS}),
    Action.UPLOAD_READ: frozenset({Role.INSPECTOR, Role.REVIEWER, Role.GIS, Role.AUDITOR}),
    Action.UPLOAD_CHANGE: frozenset({Role.INSPECTOR, Role.GIS}),
    Action.INSPECTION_READ: ALL,
    Action.INSPECTION_SUBMIT: frozenset({Role.INSPECTOR, Role.GIS}),
    Action.INSPECTION_CANCEL: frozenset({Role.INSPECTOR, Role.GIS}),
    Action.FINDING_REVIEW: frozenset({Role.REVIEWER}),
    Action.INSPECTION_DECIDE: frozenset({Role.REVIEWER}),
    Action.REPORT_READ: ALL,
    Action.REPORT_ATTACH: frozenset({Role.REVIEWER}),
    Action.MESSAGE_READ: frozenset({Role.ADMIN, Role.AUDITOR}),
    Action.MESSAGE_SEND: frozenset({Role.ADMIN}),
    Action.OBJECTION_READ: ALL,
    Action.OBJECTION_ANSWER: frozenset({Role.REVIEWER}),
    Action.STATISTICS_READ: ALL,
    Action.AUDIT_READ: frozenset({Role.AUDITOR, Role.CENTRAL_ADMIN}),
}
"""Which roles may do what, in their own office; that of a central administrator has no cases."""

FOUR_EYES: Final = frozenset({Action.FINDING_REVIEW, Action.INSPECTION_DECIDE})
"""Never of what oneself submitted, whatever other roles one has."""

PERSONAL: Final = frozenset({Action.TOKEN_READ, Action.TOKEN_CHANGE})
"""Only of what is one's own: the things of colleagues look absent."""

IN_PERSON: Final = frozenset(
    {Action.USER_CHANGE, Action.TOKEN_CHANGE, Action.OFFICES_READ, Action.OFFICES_CHANGE}
)
"""Only by a person who signed in: no token makes another, or a person, or an office."""


class Thing(Protocol):
    """What something is done to: a row of one office; `submitted_by` and `user_id` count too."""

    @property
    def office_id(self) -> UUID:
        """Whose it is."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks, as the records say at this moment."""

    user_id: UUID
    office_id: UUID
    login: str
    name: str
    roles: frozenset[Role]
    scopes: frozenset[Action] | None = None
    """What the token is limited to; None for a person who signed in."""


def authorize(actor: Actor | None, action: Action, thing: Thing | None = None) -> Actor:
    """
    Require that somebody may do something: at all, or to one thing.

    Raises
    ------
    StrangerError
        ``sign_in_needed`` if nobody known asks.
    ForbiddenError
        ``not_allowed`` if no role of theirs gives it, ``token_scope`` if their token does not,
        ``own_submission`` if a second person must do it.
    AbsentError
        ``absent`` if the thing is another office's, or a colleague's own.
    """
    if actor is None:
        raise StrangerError("sign_in_needed")
    if not RIGHTS.get(action, frozenset()) & actor.roles:
        raise ForbiddenError("not_allowed")
    if actor.scopes is not None and (action in IN_PERSON or action not in actor.scopes):
        raise ForbiddenError("token_scope", action=str(action))
    if thing is not None:
        _require_reach(actor, action, thing)
    return actor


def allowed(actor: Actor) -> frozenset[Action]:
    """All that somebody may do at this moment."""
    by_role = {one for one, roles in RIGHTS.items() if roles & actor.roles}
    if actor.scopes is None:
        return frozenset(by_role)
    return frozenset(by_role & actor.scopes - IN_PERSON)


def role_for(actor: Actor, action: Action) -> Role:
    """The role by which somebody may do what they just did."""
    return min(RIGHTS[action] & actor.roles)


def _require_reach(actor: Actor, action: Action, thing: Thing) -> None:
    if thing.office_id != actor.office_id:
        raise AbsentError("absent")
    if action in PERSONAL and getattr(thing, "user_id", None) != actor.user_id:
        raise AbsentError("absent")
    # A thing that does not say who submitted it might be one's own.
    if action in FOUR_EYES and getattr(thing, "submitted_by", actor.user_id) == actor.user_id:
        raise ForbiddenError("own_submission")
