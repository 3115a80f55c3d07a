"""What is asked and answered: strict, and nothing beside what is named."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from inspection.access.people import LOGIN
from inspection.access.rights import Action
from inspection.records.tables.offices import Role

# Values of closed lists come as text: strictness is for what else could be read as another kind.
GivenRole = Annotated[Role, Field(strict=False)]
GivenAction = Annotated[Action, Field(strict=False)]
Login = Annotated[str, StringConstraints(pattern=LOGIN)]
Title = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,120}$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class Asked(BaseModel):
    """Something that a caller sends."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Answer(BaseModel):
    """Something that a caller gets, from a row or a value of ours."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Place(Answer):
    """Where in a request something is wrong, and what (as pydantic names it)."""

    where: str
    reason: str


class Problem(Answer):
    """What went wrong (RFC 9457); `code` is stable, the sentences are in the language asked for."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    where: str | None = None
    file: str | None = None
    places: list[Place] | None = None


class PageAsked(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, StringConstraints(max_length=200)] | None = None


class TableForm(StrEnum):
    """As what a table is given."""

    CSV = "csv"
    XLSX = "xlsx"


class SignInAsked(Asked):
    """Who wants to sign in."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    password: Password


class PasswordAsked(Asked):
    """A password that a person chooses."""

    old: Password
    new: Password


class Me(Answer):
    """Who asks."""

    user_id: UUID
    office_id: UUID
    time_zone: str
    """Of the office, by its name in the time zone database."""

    login: str
    name: str
    roles: list[Role]
    scopes: list[Action] | None
    may: list[Action]
    """What one may do, by one's roles and the token's scopes; tokens can be made for some of it."""

    csrf_token: str | None
    """To be sent as X-CSRF-Token with whatever changes something; None for a token."""

    expires_at: datetime | None


class UserAsked(Asked):
    """A person to be taken in."""

    login: Login
    name: Title
    roles: Annotated[list[GivenRole], Field(max_length=len(Role))]


class UserChange(Asked):
    """What is to change of a person."""

    name: Title | None = None
    roles: Annotated[list[GivenRole], Field(max_length=len(Role))] | None = None
    is_closed: bool | None = None


class UserShown(Answer):
    """A person of the office."""

    id: UUID
    login: str
    name: str
    roles: list[Role]
    created_at: datetime
    closed_at: datetime | None


class NewPassword(Answer):
    """A password that is shown this once."""

    user: UserShown
    password: str


class UserPage(Answer):
    """Some of the people."""

    items: list[UserShown]
    after: str | None


class TokenAsked(Asked):
    """A token to be made."""

    name: Title
    scopes: Annotated[list[GivenAction], Field(min_length=1, max_length=len(Action))]
    days: Annotated[int, Field(ge=1, le=365)]


class TokenShown(Answer):
    """A token; its secret is not known here."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class TokenIssued(TokenShown):
    """A token with its secret, which is shown this once."""

    secret: str


class TokenPage(Answer):
    """Some of one's tokens."""

    items: list[TokenShown]
    after: str | None


class DeviceKeyAsked(Asked):
    """The key of a laptop."""

    name: Title
    """What the laptop is called."""

    key: Annotated[str, Field(min_length=64, max_length=200)]
    """Its 64 digits; blanks and colons between them do no harm."""


class DeviceKeyShown(Answer):
    """A key of a laptop."""

    id: UUID
    name: str
    public_key: str
    created_at: datetime
    ended_at: datetime | None


class DeviceKeyPage(Answer):
    """Some of one's keys."""

    items: list[DeviceKeyShown]
    after: str | None


class Health(Answer):
    """That it works."""

    status: str
