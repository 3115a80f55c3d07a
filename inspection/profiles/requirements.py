"""What a rule asks of a flight, a place and its control points; absent where none asks it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le
from pydantic import ConfigDict

from inspection.profiles.values import STRICT, Count, Positive, Share

type Longitude = Annotated[float, Ge(-180), Le(180)]
type Latitude = Annotated[float, Ge(-90), Le(90)]


@dataclass(frozen=True, kw_only=True)
class FlightRules:
    """How a flight is to be flown. What lies outside is warned of, never refused."""

    gsd_min_m: Positive | None = None
    gsd_max_m: Positive | None = None
    """Finest and coarsest ground sampling distance."""

    max_agl_m: Positive | None = None
    """Height above ground from which a permission may be needed."""

    forward_overlap: Share | None = None
    side_overlap: Share | None = None
    """Least overlap of photos along and across the lines."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class PlaceRules:
    """Where the ground lies that the authority answers for."""

    jurisdiction: tuple[Longitude, Latitude, Longitude, Latitude] | None = None
    """West, south, east, north in degrees: a box around it, coarse, to catch gross errors."""

    farthest_km: Positive | None = None
    """Distance of an image from its boundary beyond which the two do not belong together."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class ControlPointRules:
    """How many surveyed places a flight needs."""

    least: Count | None = None
    least_check_points: Count | None = None
    density_per_km2: Positive | None = None
    """Least control points per square kilometre flown."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
