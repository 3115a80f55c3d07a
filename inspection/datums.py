"""Datums: which changes were made among what was brought, and what they leave in doubt."""

import math
from collections.abc import Iterator

import shapely
from pyproj import CRS

from geo.crs import LONLAT, moved_shape
from geo.datum import DatumChange, passage
from geo.errors import RefusedError
from geo.frame import frame
from inspection.datum_relation import METRE_DIGITS, datum_relation
from inspection.model import Case
from inspection.placement import Placement
from inspection.profiles.profile import Profile
from inspection.survey import DatumNote, DatumOperation
from inspection.wording.catalogue import Wording


def datum_note(case: Case, placement: Placement, profile: Profile, wording: Wording) -> DatumNote:
    """State every change of datum, and how far boundary and picture may be apart by theirs."""
    picture = _placed_by(case, placement)
    stated = frame(picture)
    uncertainty_m, key, facts = datum_relation(
        case.boundary, picture, case.current.orthophoto.captured_at, profile.datum
    )
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
