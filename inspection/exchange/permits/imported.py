"""What an import brings: values that each know where they stand written, and events of a permit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from geo.boundary import Boundary
from inspection.problem import Problem


class Key(StrEnum):
    """What tells one thing from another, the surest first."""

    LICENCE_ID = "licence_id"
    """The licensing system's own identifier of one permit."""

    APPLICATION_ID = "application_id"
    """An office's internal identifier of one application."""

    APPLICATION_NUMBER = "application_number"
    PERMIT_NUMBER = "permit_number"
    """Number of the decree; one decree may grant several areas."""

    AREA_CODE = "area_code"
    """Code of one mining area."""

    PROJECT_ID = "project_id"
    BUSINESS_ID = "business_id"
    """Number under which a business is registered; it may hold many permits."""


class Field(StrEnum):
    """Values of a permit that are taken over; a mapping says what others call them."""

    ACTIVITY = "activity"
    ACTIVITY_CODE = "activity_code"
    APPLICATION_KIND = "application_kind"
    APPLIED_ON = "applied_on"
    AUTHORITY = "authority"
    AUTHORITY_LEVEL = "authority_level"
    BUSINESS_REGISTERED_ON = "business_registered_on"
    BUSINESS_STATUS = "business_status"
    COMMODITY = "commodity"
    COMMODITY_CODE = "commodity_code"
    COMMODITY_GROUP = "commodity_group"
    COMPLETED_ON = "completed_on"
    DECLARED_AREA_HA = "declared_area_ha"
    DISTRICT = "district"
    DOCUMENT_KIND = "document_kind"
    HOLDER_KIND = "holder_kind"
    HOLDER_NAME = "holder_name"
    ISSUED_ON = "issued_on"
    LAND_AREA_M2 = "land_area_m2"
    LATITUDE = "latitude"
    LOCATION = "location"
    LONGITUDE = "longitude"
    PERMIT_NAME = "permit_name"
    PERMIT_TYPE = "permit_type"
    POSITIONS = "positions"
    PROJECT_NAME = "project_name"
    PROVINCE = "province"
    RECOMMENDATION_NUMBER = "recommendation_number"
    RECOMMENDED_ON = "recommended_on"
    REGENCY = "regency"
    REGION_CODE = "region_code"
    REMARK = "remark"
    RISK = "risk"
    SCALE = "scale"
    SECTOR = "sector"
    STAGE = "stage"
    STATUS = "status"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    VILLAGE = "village"


class State(StrEnum):
    """How far a step of the procedure is."""

    WAITING = "waiting"
    ACTIVE = "active"
    DONE = "done"


class Meaning(StrEnum):
    """What a step means for an application and its clock; a mapping says which steps mean it."""

    REGISTERED = "registered"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    FIELD_INSPECTION = "field_inspection"
    CLOCK_STOPS = "clock_stops"
    CLOCK_RESUMES = "clock_resumes"
    CLOCK_STOPS_AND_RESETS = "clock_stops_and_resets"
    CLOCK_RESTARTS = "clock_restarts"
    VERIFIED = "verified"
    APPROVED = "approved"
    DEEMED_APPROVED = "deemed_approved"
    ISSUED = "issued"
    ISSUED_PROVISIONALLY = "issued_provisionally"
    WARNED = "warned"
    SUSPENDED = "suspended"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The file that a value came with."""

    system: str
    file: str
    sha256: str
    mapping: str
    """Name and version of the mapping that it was read by."""

    mapping_sha256: str
    imported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Position:
    """One reading of a place whose order of numbers nobody stated."""

    longitude: float
    latitude: float


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One order in which positions can be read; a person must confirm it before it is used."""

    order: str
    """``latitude, longitude`` or ``longitude, latitude``."""

    positions: tuple[Position, ...]
    in_region: bool | None
    """Whether all lie in the region that the mapping names; None where it names none."""


type Held = str | float | tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value, and where it stands written."""

    value: Held
    """Text; a number in the unit of the field's name; a day or a moment in ISO form."""

    written: str
    """As the file has it."""

    where: str
    """Cell, JSON pointer, or number of the feature."""

    origin: Origin
    meaning: str | None = None
    """What a code stands for, as the mapping says."""

    vocabulary: str | None = None
    """The list that a code is from, with its edition."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an application's procedure."""

    code: str | None
    name: str | None
    state: State | None
    status: str | None
    """The state as written."""

    began: str | None
    ended: str | None
    meaning: Meaning | None
    counts: bool
    """Whether its time counts as the office's own."""

    where: str
    origin: Origin


@dataclass(frozen=True, kw_only=True, eq=False)
class Outline:
    """The boundary that came with a permit."""

    boundary: Boundary
    sha256: str
    """Of the outline alone (WKB, little endian, as written) and its reference system."""

    where: str
    origin: Origin


@dataclass(frozen=True, kw_only=True, eq=False)
class PermitImport:
    """What one or several sources say of one permit, application, project or business."""

    keys: Mapping[Key, tuple[Value, ...]]
    values: Mapping[Field, tuple[Value, ...]]
    """All that is said; where sources agree, each of them is kept as a witness."""

    outlines: tuple[Outline, ...] = ()
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def conflicts(self) -> tuple[Field, ...]:
        """Fields of which different things are said; none of them is preferred."""
        return tuple(name for name, said in self.values.items() if len({*map(likeness, said)}) > 1)

    @property
    def outlines_differ(self) -> bool:
        """Whether more than one outline came."""
        return len({one.sha256 for one in self.outlines}) > 1

    def agreed(self, name: Field) -> Value | None:
        """The value of a field; None where nothing or different things are said."""
        said = self.values.get(name, ())
        return said[0] if said and name not in self.conflicts else None

    def key(self, name: Key) -> str | None:
        """What tells it from others, as text."""
        said = self.keys.get(name, ())
        return str(said[0].value) if said else None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that one file brings, and what of it was not taken."""

    origin: Origin
    permits: tuple[PermitImport, ...]
    records: int
    """Rows, branches or features that were looked at."""

    refused: int
    """Those of them that brought nothing, each with its problem."""

    problems: tuple[Problem, ...] = ()
    """Of the file, and of what was refused."""

    dropped: Mapping[str, int] = field(default_factory=dict)
    """How often personal data were left out, by the name of their field."""

    passed_over: Mapping[str, int] = field(default_factory=dict)
    """How often there was something that the mapping does not ask for, by its name."""


def likeness(value: Value) -> Held:
    """What two values have in common that say the same: case and blanks tell nothing."""
    held = value.value
    return " ".join(held.casefold().split()) if isinstance(held, str) else held
