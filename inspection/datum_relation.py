"""How far boundary and picture may lie apart because they are stated on two datums."""

from datetime import date
from typing import Any, Final

import shapely
from pyproj import CRS

from geo.boundary import Boundary
from geo.datum import passage, same_datum
from geo.frame import frame
from inspection.profiles.requirements import DatumFamily, DatumRules

METRE_DIGITS: Final = 4


def datum_relation(
    boundary: Boundary, picture: CRS, captured_at: str | None, rules: DatumRules
) -> tuple[float | None, str, dict[str, Any]]:
    """How far two equal coordinates may lie apart, which sentence says so, and with what."""
    left, bottom, right, top = shapely.bounds(boundary.shape)
    middle = ((left + right) / 2, (bottom + top) / 2)
    change = passage(boundary.crs, picture, near=middle).change
    family = rules.family
    if family is not None and _holds(family, boundary.crs) and _holds(family, picture):
        if family.unknown_realization_m is not None and _after(family, captured_at):
            since = family.realization_since
            return family.unknown_realization_m, "unknown_realization", {"since": since}
        if change is not None or frame(picture).realization is None:
            return family.nominal_m, "nominal", {}
    if change is None:
        return None, "same", {}
    if change.uncertainty_m is None:
        return rules.unstated_m, "unstated", {"name": change.name}
    return round(change.uncertainty_m, METRE_DIGITS), "changed", {"name": change.name}


def _holds(family: DatumFamily, crs: CRS) -> bool:
    return any(same_datum(crs, CRS.from_user_input(member)) for member in family.members)


def _after(family: DatumFamily, captured_at: str | None) -> bool:
    """Whether the flight may use the new realization; one without a date may."""
    since = family.realization_since
    if since is None or captured_at is None:
        return True
    return date.fromisoformat(captured_at[:10]) >= since
