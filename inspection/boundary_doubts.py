"""What a profile asks of a boundary: told, never a reason to refuse it."""

import math
from collections.abc import Iterator

from geo.boundary import Boundary
from geo.graticule import Deviation, degrees_of, off_grid, short_edges, slanted
from inspection.boundary_place import outside_region
from inspection.problem import Problem, note, warning
from inspection.profiles.profile import Profile

DECLARED = ("luas_sk", "luas_ha", "luas", "area_ha", "hectares")
"""What files call the area that a permit declares, in hectares; in either case."""


def declared_area_ha(boundary: Boundary) -> float | None:
    """Area that the boundary's own file declares; None where it is none or cannot be told."""
    notes = {name.lower(): text for name, text in boundary.properties.items()}
    for name in DECLARED:
        try:
            stated = float(notes[name])
        except (KeyError, ValueError):
            continue
        return stated if 0 < stated < math.inf else None
    return None


def boundary_doubts(boundary: Boundary, profile: Profile) -> Iterator[Problem]:
    """Hold a boundary against the profile's rule for vertices and edges, and its region."""
    if outside := outside_region(boundary, profile.place.jurisdiction):
        yield outside
    rules, degrees = profile.boundary, degrees_of(boundary.shape, boundary.crs)
    grid, parallel = rules.grid_arcsec, rules.parallel_arcsec
    if grid is not None and (found := off_grid(degrees, grid_arcsec=grid)):
        yield _told("boundary_off_grid", found, limit=grid)
    if parallel is not None and (found := slanted(degrees, tolerance_arcsec=parallel)):
        yield _told("boundary_slanted", found, limit=parallel)
    if found := short_edges(degrees):
        yield _told("boundary_short_edges", found)
    if boundary.passed_over:
        yield note("boundary_passed_over", value=sum(boundary.passed_over.values()))


def _told(code: str, found: Deviation, *, limit: float | None = None) -> Problem:
    return warning(
        code,
        value=found.count,
        limit=limit,
        where=found.where,
        vertices=found.of,
        edges=found.of,
        most_m=found.most,
    )
