"""What a rule asks of a flight, a place and its control points; absent where none asks it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from annotated_types import Ge, Le, MinLen
from pydantic import AfterValidator, ConfigDict
from pyproj import CRS
from pyproj.exceptions import CRSError

from inspection.profiles.values import STRICT, Count, NotNegative, Positive, Share

type Longitude = Annotated[float, Ge(-180), Le(180)]
type Latitude = Annotated[float, Ge(-90), Le(90)]


def _registered(code: str) -> str:
    try:
        CRS.from_epsg(int(code.removeprefix("EPSG:")))
    except (ValueError, CRSError) as error:
        raise ValueError("EPSG:…") from error
    return code


type Code = Annotated[str, AfterValidator(_registered)]


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
class DatumFamily:
    """Reference systems whose datums pass for one another, as far as anybody knows."""

    members: Annotated[tuple[Code, ...], MinLen(2)]
    nominal_m: NotNegative
    """How far two of them may differ."""

    unknown_realization_m: NotNegative | None = None
    """The same where it is not known which realization was meant ..."""

    realization_since: date | None = None
    """... which it is not from the day on which a new one came into use."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class DatumRules:
    """How sure a place is whose datum is not the other's."""

    unstated_m: NotNegative
    """Uncertainty of a change of datum that states none of its own."""

    family: DatumFamily | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class BoundaryRules:
    """How a boundary is to be drawn. What departs from it is warned of, never refused."""

    grid_arcsec: Positive | None = None
    """Vertices are multiples of this."""

    parallel_arcsec: Positive | None = None
    """Edges follow parallels and meridians to this."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class ControlPointRules:
    """How many surveyed places a flight needs."""

    least: Count | None = None
    least_check_points: Count | None = None
    density_per_km2: Positive | None = None
    """Least control points per square kilometre flown."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
