"""Where something lies, and what `geo.sanity` finds odd about it, as problems."""

from collections.abc import Iterator
from dataclasses import replace

import shapely
from pyproj import CRS

from geo.boundary import Boundary
from geo.crs_detective import NOTHING
from geo.frame import frame
from geo.grid import Grid
from geo.sanity import Finding, box_deg, findings
from inspection.check.checked import Place
from inspection.check.limits import CheckLimits
from inspection.datum_relation import datum_relation
from inspection.place import code_of
from inspection.problem import Level, Problem, warning

SETTLED = frozenset({"changed", "nominal"})
"""Relations of datums of which it is known how far they leave places apart."""


def place_of(
    outline: shapely.Geometry, crs: CRS, *, distance_km: float | None = None
) -> Place | None:
    """Give the place of an outline; None where it has none in longitude and latitude."""
    box = box_deg(outline, crs)
    return Place(crs=code_of(crs), bounds=box, distance_km=distance_km) if box else None


def image_doubts(grid: Grid, boundary: Boundary | None, limits: CheckLimits) -> Iterator[Problem]:
    """What is doubtful about where and how large an image is."""
    found = findings(
        grid,
        permit=boundary,
        jurisdiction=limits.jurisdiction,
        gsd_min_m=limits.gsd_min_m,
        gsd_max_m=limits.gsd_max_m,
    )
    yield from map(_problem, found)


def _problem(found: Finding) -> Problem:
    return Problem(
        level=Level.WARNING,
        code=found.code,
        value=found.value,
        limit=found.limit,
        facts=found.facts,
    )


def datum_doubts(
    crs: CRS, boundary: Boundary, captured_at: str | None, limits: CheckLimits
) -> Iterator[Problem]:
    """How far image and permit may be apart because they are not stated on one datum."""
    apart_m, relation, facts = datum_relation(boundary, crs, captured_at, limits.datum)
    if apart_m is None:
        return
    doubt = warning(
        "datums_differ",
        value=apart_m,
        boundary=frame(boundary.crs).datum,
        image=frame(crs).datum,
        operation=str(facts.get("name", NOTHING)),
    )
    yield replace(doubt, level=Level.INFO) if relation in SETTLED else doubt
