"""What is asked and answered of all offices, for the central administrators above them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.office_schemas import ZoneName
from api.schemas import Answer, Asked, Login, Title
from inspection.access.offices import CODE
from inspection.language import Language

Code = Annotated[str, StringConstraints(pattern=f"^{CODE}$")]
ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,128}$")]
GivenLanguage = Annotated[Language, Field(strict=False)]
State = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class OfficeAsked(Asked):
    """An office to be made, with its first administrator."""

    code: Code
    name: Title
    time_zone: ZoneName
    profile: ProfileName
    language: GivenLanguage
    admin_login: Login
    admin_name: Title


class OfficeChange(Asked):
    """What is to change of an office."""

    office_sha256: State
    """As the office was shown: if it changed since, nothing is changed."""

    name: Title | None = None
    time_zone: ZoneName | None = None
    profile: ProfileName | None = None
    language: GivenLanguage | None = None
    is_suspended: bool | None = None


class OfficeListed(Answer):
    """An office, and how much it has; what that is, nobody above it sees."""

    id: UUID
    code: str
    name: str
    time_zone: str
    profile: str
    language: str
    created_at: datetime
    suspended_at: datetime | None
    office_sha256: str
    """Of all that may change; to be named by whoever changes it."""

    people: int
    """Who may sign in."""

    permits: int
    bytes_kept: int
    """Of files that arrived whole."""

    bytes_today: int
    """Uploads of the last 24 hours, as they count against `bytes_a_day`."""

    bytes_a_day: int
    """How much it may upload in 24 hours."""


class OfficePage(Answer):
    """Some of the offices."""

    items: list[OfficeListed]
    after: str | None
    profiles: list[str]
    """Names of the rules by which an office may inspect."""


class OfficeMade(Answer):
    """An office, and the password of its first administrator, which is shown this once."""

    office: OfficeListed
    login: str
    password: str
