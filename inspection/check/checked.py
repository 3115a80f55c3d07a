"""What a check is asked, and what it says of each file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely import MultiPolygon

from geo.boundary import Boundary
from geo.sanity import centre_deg
from inspection.check.limits import CheckLimits
from inspection.language import Json
from inspection.problem import Level, Problem


class Kind(StrEnum):
    """What a file is, told by its content."""

    ORTHOPHOTO = "orthophoto"
    HEIGHTS = "heights"
    PICTURE = "picture"
    PHOTOS = "photos"
    PHOTO_TABLE = "photo_table"
    BOUNDARY = "boundary"
    CONTROL_POINTS = "control_points"
    PERMIT = "permit"
    PROFILE = "profile"
    FLIGHT_LOG = "flight_log"
    PROCESSING = "processing"
    """Statistics of the software that made an orthophoto."""

    SIDECAR = "sidecar"
    SHAPE_PART = "shape_part"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a file is held against."""

    boundary: Boundary | None
    limits: CheckLimits
    now: datetime
    shown: MultiPolygon | None = None
    """What the flights that were brought lie on, in degrees on WGS 84; None without any."""

    thorough: bool = False
    """Whether every pixel is decoded."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something lies."""

    crs: str
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees on WGS 84."""

    distance_km: float | None = None
    """To the permit; 0 where they meet, None where no permit was given."""

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return centre_deg(self.bounds)


@dataclass(frozen=True, kw_only=True, eq=False)
class Coverage:
    """How much of the permit an image shows."""

    share: float
    basis: str
    """``outline`` of the image, a ``sample`` of its pixels, or all of them (``pixels``)."""

    gap_ha: float
    gap: MultiPolygon
    """Ground of the permit that is not shown, in degrees on WGS 84."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Checked:
    """What is said of one file, or of photos that belong together."""

    file: str
    """As the caller named it; below a folder, with the path from there."""

    kind: Kind
    size: int = 0
    facts: Mapping[str, Json] = field(default_factory=dict)
    place: Place | None = None
    coverage: Coverage | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def refusals(self) -> tuple[Problem, ...]:
        """Problems for which an inspection would not begin."""
        return tuple(one for one in self.problems if one.level is Level.ERROR)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What is said of everything that was brought."""

    boundary: str | None
    """Name of the boundary that coverage is measured against."""

    files: tuple[Checked, ...]
    problems: tuple[Problem, ...]
    """What concerns no single file."""
