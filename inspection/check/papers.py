"""What comes with a flight, under check: boundaries, points, permits, profiles, flight logs."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import shapely
from shapely import MultiPolygon, Polygon

from geo.antimeridian import box_outline
from geo.boundary import Boundary
from geo.control_points import ControlPointList, Role
from geo.crs import LONLAT, moved_shape
from geo.errors import Fact, GeoError
from geo.misplaced import expected_at
from geo.points.reading import read_control_points
from inspection.boundary_place import away_from, outside_region, readings
from inspection.check.checked import Checked, Kind, Question
from inspection.check.limits import NEAR_PERMIT_KM
from inspection.check.photo_table import read_photo_table
from inspection.check.photos import examine_photos
from inspection.check.unplaced import misfit
from inspection.check.whereabouts import place_of
from inspection.flight_log.claims import captured_at, claims_of
from inspection.flight_log.doubts import flight_doubts
from inspection.flight_log.reading import read_flight_log
from inspection.permit_record import read_permit
from inspection.problem import Problem, note, refusal, warning
from inspection.profiles.profile import read_profile

HECTARE_M2 = 1e4

SUPPLIED: Final[Mapping[str, Callable[[Mapping[str, Fact]], Problem]]] = {
    "control_points_crs_missing": lambda _: warning("control_points_crs_to_supply"),
    "control_points_of_other_images": lambda facts: warning(
        "control_points_image_to_supply", value=facts["count"], images=facts["images"]
    ),
    "control_points_without_pixels": lambda facts: warning(
        "control_points_marks_to_supply", value=facts["count"]
    ),
    "control_points_without_ground": lambda facts: warning(
        "control_points_places_to_supply", value=facts["count"]
    ),
}
"""What refuses a list that is accepted once an option of inspect says more, and how it is told."""


def examine_boundary(path: Path, boundary: Boundary, name: str, question: Question) -> Checked:
    """Say what an outline is and what is wrong with it."""
    expected = _expected(question)
    problems = [one for one in [outside_region(boundary, question.limits.jurisdiction)] if one]
    if expected:
        problems += (away_from if question.shown else readings)(boundary, expected)
    return Checked(
        file=name,
        kind=Kind.BOUNDARY,
        size=path.stat().st_size,
        facts={
            "area_ha": round(boundary.area_m2 / HECTARE_M2, 4),
            "perimeter_m": round(boundary.perimeter_m, 2),
            "vertices": int(shapely.get_num_coordinates(boundary.shape)),
            "parts": int(shapely.get_num_geometries(boundary.shape)),
        },
        place=place_of(boundary.shape, boundary.crs),
        problems=tuple(problems),
    )


def _expected(question: Question) -> Polygon | MultiPolygon | None:
    """Where an outline should lie: where the flights are, else where the authority decides."""
    region = question.limits.jurisdiction
    return question.shown or (box_outline(region) if region else None)


def outline_to_supply(error: GeoError, question: Question) -> Problem:
    """Tell what an inspection must be told beside the outline; the refusal where nothing helps."""
    try:
        with expected_at(lambda: _expected(question)):
            raise error
    except GeoError as told:
        error = told
    if error.code == "boundary_crs_missing":
        return warning("boundary_crs_to_supply")
    if error.code == "boundary_has_several":
        count, labels = error.facts["count"], error.facts["labels"]
        return warning("boundary_feature_to_supply", value=count, labels=labels)
    return refusal(error)


def examine_control_points(path: Path, name: str, question: Question) -> Checked:
    """Say what a list of surveyed places carries."""
    try:
        points = read_control_points(path, image=name)
    except GeoError as error:
        said = SUPPLIED.get(error.code)
        told = said(error.facts) if said else refusal(error)
        return Checked(
            file=name, kind=Kind.CONTROL_POINTS, size=path.stat().st_size, problems=(told,)
        )
    control, check = points.of(Role.CONTROL), points.of(Role.CHECK)
    # The picture is not at hand: it is taken to be as large as the points need.
    rows, columns = (
        math.ceil(max([1.0, *(getattr(point, axis) for point in control)]))
        for axis in ("row", "column")
    )
    unfit = misfit(points, rows=rows, columns=columns) if control else None
    problems = [unfit] if unfit else []
    if not check:
        problems.append(note("control_points_unchecked", value=len(control)))
    outline = shapely.MultiPoint([(point.x, point.y) for point in points.points]).envelope
    problems += _far_points(points, question.boundary)
    return Checked(
        file=name,
        kind=Kind.CONTROL_POINTS,
        size=path.stat().st_size,
        facts={"control": len(control), "check": len(check)},
        place=place_of(outline, points.crs),
        problems=tuple(problems),
    )


def _far_points(points: ControlPointList, boundary: Boundary | None) -> list[Problem]:
    """Points that were surveyed elsewhere, or written in another system than is stated."""
    if boundary is None or not points.points:
        return []
    places = shapely.MultiPoint([(point.x, point.y) for point in points.points])
    middle = moved_shape(places, source=points.crs, target=LONLAT).centroid
    box = shapely.bounds(boundary.on(LONLAT))
    within = shapely.box(*box).distance(middle)
    away_km = within * 111.0  # a degree of latitude; enough to tell near from far
    if away_km <= NEAR_PERMIT_KM:
        return []
    return [warning("control_points_far", value=round(away_km, 1), limit=NEAR_PERMIT_KM)]


def examine_permit(path: Path, name: str, _question: Question) -> Checked:
    """Say what a permit's record states."""
    permit, _ = read_permit(path)
    return Checked(
        file=name,
        kind=Kind.PERMIT,
        size=path.stat().st_size,
        facts={
            "valid_from": permit.valid_from.isoformat() if permit.valid_from else None,
            "valid_until": permit.valid_until.isoformat() if permit.valid_until else None,
            "declared_area_ha": permit.declared_area_ha,
        },
    )


def examine_profile(path: Path, name: str, _question: Question) -> Checked:
    """Say which profile this is."""
    profile = read_profile(str(path))
    return Checked(
        file=name,
        kind=Kind.PROFILE,
        size=path.stat().st_size,
        facts={"name": profile.name, "version": profile.version},
    )


def examine_flight_log(path: Path, name: str, question: Question) -> Checked:
    """Say what a flight log claims and what speaks against it."""
    claims = claims_of(read_flight_log(path), {})
    doubts = flight_doubts(
        claims,
        flight=name,
        now=question.now,
        is_current=True,
        grid=None,
        most_above_ground_m=question.limits.most_above_ground_m,
    )
    return Checked(
        file=name,
        kind=Kind.FLIGHT_LOG,
        size=path.stat().st_size,
        facts={"captured_at": captured_at(claims), "entries": len(claims)},
        problems=tuple(doubts),
    )


def examine_photo_table(path: Path, name: str, question: Question) -> Checked:
    """Say what a table of photos claims."""
    return examine_photos(
        read_photo_table(path),
        name,
        question,
        kind=Kind.PHOTO_TABLE,
        size=path.stat().st_size,
    )
