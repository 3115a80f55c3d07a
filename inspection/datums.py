"""Datums: which changes were made among what was brought, and what they leave in doubt."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import shapely
from pyproj import CRS

from geo.crs import LONLAT, moved_shape
from geo.datum import DatumChange, passage, same_datum
from geo.errors import RefusedError
from geo.frame import frame
from inspection.model import Case
from inspection.placement import Placement
from inspection.profiles.profile import Profile
from inspection.profiles.requirements import DatumFamily
from inspection.survey import DatumNote, DatumOperation
from inspection.wording.catalogue import Wording

METRE_DIGITS = 4


def datum_note(case: Case, placement: Placement, profile: Profile, wording: Wording) -> DatumNote:
    """State every change of datum, and how far boundary and picture may be apart by theirs."""
    picture = _placed_by(case, placement)
    stated = frame(picture)
    uncertainty_m, key, facts = _relation(case, picture, profile)
    said = wording.said(
        f"datum.{key}",
        boundary=frame(case.boundary.crs).datum,
        picture=stated.datum,
        uncertainty=uncertainty_m,
        **facts,
    )
    return DatumNote(
        operations=list(_operations(case, placement)),
        realization=stated.realization,
        epoch=stated.epoch,
        uncertainty_m=uncertainty_m,
        note=wording.sentence(said),
        said=said,
    )


def _placed_by(case: Case, placement: Placement) -> CRS:
    """Reference system of what put the picture in its place."""
    if placement.method == "control_points" and case.control_points is not None:
        return case.control_points.crs
    if placement.method == "reference" and case.reference is not None:
        return case.reference.grid.crs
    return case.current.orthophoto.grid.crs


def _relation(
    case: Case, picture: CRS, profile: Profile
) -> tuple[float | None, str, dict[str, Any]]:
    """How far two equal coordinates may lie apart, which sentence says so, and with what."""
    boundary, rules = case.boundary.crs, profile.datum
    change = passage(boundary, picture, near=_middle(case.boundary.shape)).change
    family = rules.family
    if family is not None and _holds(family, boundary) and _holds(family, picture):
        if family.unknown_realization_m is not None and _after(family, case):
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


def _after(family: DatumFamily, case: Case) -> bool:
    """Whether the flight may use the new realization; one without a date may."""
    since, captured_at = family.realization_since, case.current.orthophoto.captured_at
    if since is None or captured_at is None:
        return True
    return date.fromisoformat(captured_at[:10]) >= since


def _operations(case: Case, placement: Placement) -> Iterator[DatumOperation]:
    site = placement.site
    brought: list[tuple[str, CRS]] = [("boundary", case.boundary.crs)]
    if case.control_points is not None:
        brought.append(("control_points", case.control_points.crs))
    if case.reference is not None:
        brought.append(("reference", case.reference.grid.crs))
    for name, flight in (("current", case.current), ("baseline", case.baseline)):
        if flight is not None:
            brought.append((name, flight.orthophoto.grid.crs))
            if flight.heights is not None:
                brought.append((f"{name}_dsm", flight.heights.grid.crs))
    brought += [(f"layer:{layer.name}", layer.layer.crs) for layer in case.layers]
    for used_for, crs in brought:
        yield from _operation(used_for, crs, site.crs, near=site.permit)
    shown = _middle(site.permit)
    change = passage(site.crs, LONLAT, near=shown).change
    yield from _told("display", site.crs, LONLAT, change)


def _operation(
    used_for: str, source: CRS, target: CRS, *, near: shapely.Geometry
) -> Iterator[DatumOperation]:
    try:
        place = moved_shape(shapely.Point(_middle(near)), source=target, target=source)
    except RefusedError:
        # Only a layer comes here unused so far; it is refused by its own name where it is used.
        return
    yield from _told(
        used_for, source, target, passage(source, target, near=(place.x, place.y)).change
    )


def _told(
    used_for: str, source: CRS, target: CRS, change: DatumChange | None
) -> Iterator[DatumOperation]:
    if change is not None:
        exact = math.isfinite(change.distance_m)
        yield DatumOperation(
            used_for=used_for,
            source=frame(source).datum,
            target=frame(target).datum,
            name=change.name,
            accuracy_m=(
                None if change.accuracy_m is None else round(change.accuracy_m, METRE_DIGITS)
            ),
            distance_m=round(change.distance_m, METRE_DIGITS) if exact else None,
            applied=change.applied,
            better_missing=change.better_missing,
        )


def _middle(shape: shapely.Geometry) -> tuple[float, float]:
    left, bottom, right, top = shapely.bounds(shape)
    return (left + right) / 2, (bottom + top) / 2
