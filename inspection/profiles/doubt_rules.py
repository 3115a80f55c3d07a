"""From where on a doubt about a finding is worth saying, as a profile states it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le
from pydantic import ConfigDict

from inspection.profiles.values import STRICT, NotNegative, Share


@dataclass(frozen=True, kw_only=True)
class DoubtRules:
    """What a reviewer is told of; no finding is kept or dropped by it."""

    shadow_share: Share = 0.1
    """Share of a finding that lies in shadow."""

    low_sun_deg: Annotated[float, Ge(0), Le(90)] = 30.0
    """Elevation below which the sun is low."""

    shadow_moved: NotNegative = 0.5
    """How far the tips of a thing's shadows fall apart, in its own heights."""

    season_days: Annotated[float, Ge(0), Le(183)] = 45.0
    """Days of the year between two flights."""

    edge_m: NotNegative = 5.0
    """Distance to ground that a flight did not see."""

    narrow: NotNegative = 4.0
    """Width of a finding, in residuals of the registration there."""

    water_m: NotNegative = 5.0
    """Distance to water."""

    said_share: Share = 0.25
    """How much of a finding a detector takes for what its class is not."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
