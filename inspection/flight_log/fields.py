"""What a flight log may state; every entry may be absent."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le
from pydantic import ConfigDict, FiniteFloat, StringConstraints

type Text = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
type Prose = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]
type Zone = Annotated[str, StringConstraints(pattern=r"^(WIB|WITA|WIT|UTC|[+-]\d\d:\d\d)$")]
type Height = Annotated[FiniteFloat, Ge(-500), Le(20_000)]
type NotNegative = Annotated[FiniteFloat, Ge(0)]
type Share = Annotated[FiniteFloat, Ge(0), Le(1)]
type Count = Annotated[int, Ge(0)]
type Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Capture:
    """When the pictures were taken."""

    start: datetime | None = None
    end: datetime | None = None
    zone: Zone | None = None
    """Of times that name none themselves: WIB, WITA, WIT, UTC or +08:00."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """The remote pilot in command."""

    name: Text | None = None
    certificate: Text | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Aircraft:
    """What flew."""

    model: Text | None = None
    registration: Text | None = None
    serial: Text | None = None
    firmware: Text | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Camera:
    """What took the pictures."""

    model: Text | None = None
    gsd_m: NotNegative | None = None
    """Ground sampling distance that was planned."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Heights:
    """How high it flew at most, in metres, above three different things."""

    above_take_off_m: Height | None = None
    """What drones state as relative altitude; not the height above the ground below."""

    above_ground_m: Height | None = None
    terrain: Text | None = None
    """Terrain model by which the height above ground was found."""

    above_sea_m: Height | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What is known of the surface model that was made of the flight."""

    heights: Text | None = None
    """What its heights count in and from: code of a vertical system, or a unit."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Place:
    """A position in degrees on WGS 84."""

    longitude: Annotated[FiniteFloat, Ge(-180), Le(180)]
    latitude: Annotated[FiniteFloat, Ge(-90), Le(90)]

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Gnss:
    """How positions were found."""

    method: Literal["autonomous", "sbas", "rtk", "network_rtk", "ppk", "ppp"] | None = None
    base: Text | None = None
    mount_point: Text | None = None
    realization: Text | None = None
    epoch: Annotated[FiniteFloat, Ge(1980), Le(2100)] | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Clearance:
    """One permission to fly: its number, or why none was needed."""

    number: Text | None = None
    not_required_because: Text | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Permits:
    """What was asked of authorities and others before the flight."""

    airspace_class: Text | None = None
    flight_approval: Clearance = field(default_factory=Clearance)
    notam: Clearance = field(default_factory=Clearance)
    security: Clearance = field(default_factory=Clearance)
    airport_zone: Text | None = None
    """Outcome of the look for airport zones (KKOP) and helipads near by."""

    insurance: Text | None = None
    landowner_notice: Text | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Weather:
    """The weather at the site."""

    sky: Text | None = None
    wind_ms: NotNegative | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the flight was laid out."""

    forward_overlap: Share | None = None
    side_overlap: Share | None = None
    control_points: Count | None = None
    check_points: Count | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Photos:
    """What came of it."""

    count: Count | None = None
    sha256: tuple[Sha256, ...] = ()

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class FlightLog:
    """What the crew states of one flight. All of it is claimed, none of it is proven."""

    form: Literal["tinjau.flight-log/1"] = "tinjau.flight-log/1"
    flight: Text | None = None
    """What the operator calls the flight."""

    case: Text | None = None
    operator: Text | None = None
    pilot: Pilot = field(default_factory=Pilot)
    aircraft: Aircraft = field(default_factory=Aircraft)
    camera: Camera = field(default_factory=Camera)
    capture: Capture = field(default_factory=Capture)
    take_off: Place | None = None
    heights: Heights = field(default_factory=Heights)
    surface: Surface = field(default_factory=Surface)
    gnss: Gnss = field(default_factory=Gnss)
    permits: Permits = field(default_factory=Permits)
    weather: Weather = field(default_factory=Weather)
    plan: Plan = field(default_factory=Plan)
    photos: Photos = field(default_factory=Photos)
    incidents: Prose | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
