"""What a profile asks of a boundary: told, never a reason to refuse it."""

from collections.abc import Iterator

from shapely import box

from geo.boundary import Boundary
from geo.crs import LONLAT
from geo.graticule import degrees_of, off_grid, short_edges, slanted
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
        return stated if stated > 0 else None
    return None


def boundary_doubts(boundary: Boundary, profile: Profile) -> Iterator[Problem]:
    """Hold a boundary against the profile's rule for vertices and edges, and its region."""
    rules, region = profile.boundary, profile.place.jurisdiction
    degrees = degrees_of(boundary.shape, boundary.crs)
    if region is not None and not box(*region).covers(boundary.on(LONLAT)):
        longitude, latitude = boundary.place()
        yield warning("place_outside_jurisdiction", longitude=longitude, latitude=latitude)
    if rules.grid_arcsec is not None:
        found = off_grid(degrees, grid_arcsec=rules.grid_arcsec)
        if found is not None:
            yield warning(
                "boundary_off_grid",
                value=found.count,
                limit=rules.grid_arcsec,
                where=found.where,
                vertices=found.of,
            )
    if rules.parallel_arcsec is not None:
        found = slanted(degrees, tolerance_arcsec=rules.parallel_arcsec)
        if found is not None:
            yield warning(
                "boundary_slanted",
                value=found.count,
                limit=rules.parallel_arcsec,
                where=found.where,
                edges=found.of,
                most_m=found.most,
            )
    found = short_edges(degrees)
    if found is not None:
        yield warning("boundary_short_edges", value=found.count, where=found.where)
    if boundary.passed_over:
        yield note("boundary_passed_over", value=sum(boundary.passed_over.values()))
