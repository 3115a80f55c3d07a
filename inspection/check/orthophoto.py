"""An image under check: what it is, where it lies, and how much of the permit it shows."""

import math
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from geo.errors import GeoError
from geo.grid import Grid, Tile
from geo.intake.glance import Glance, glance_at
from geo.intake.image import normalise_image, probe_image
from geo.intake.photos import Photo
from geo.intake.probe import Probe
from geo.intake.surface import normalise_heights
from geo.misplaced import offering
from geo.sanity import pixel_sides_m
from inspection.check.checked import Checked, Kind, Question
from inspection.check.coverage import Meeting
from inspection.check.limits import LEAST_SEEN
from inspection.check.photos import examine_photos
from inspection.check.surface import height_doubts
from inspection.check.unplaced import placed_by_own_points, to_supply
from inspection.check.whereabouts import datum_doubts, image_doubts, place_of
from inspection.flight_log.claims import captured_at, claims_of
from inspection.flight_log.doubts import flight_doubts
from inspection.language import Json
from inspection.problem import Problem, note, refusal, warning

CAMERA_TAGS: Final = ("EXIF_GPSLatitude", "EXIF_FocalLength")
"""What only a photo has, and an orthophoto never."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """What the pixels of an image gave, as far as they were looked at."""

    whole: Glance | None = None
    part: Glance | None = None
    basis: str = "sample"


def examine_image(path: Path, name: str, question: Question) -> Checked:
    """Say what a TIFF is and what is wrong with it."""
    size = path.stat().st_size
    try:
        with offering(question.boundary):
            probe = probe_image(path)
    except GeoError as error:
        return Checked(file=name, kind=Kind.ORTHOPHOTO, size=size, problems=(to_supply(error),))
    checked = Checked(file=name, kind=_kind(probe), size=size, facts=_facts(probe))
    if checked.kind is Kind.PHOTOS:
        return examine_photos([_photo(probe)], name, question, size=size)
    own = placed_by_own_points(probe) if checked.kind is Kind.ORTHOPHOTO else None
    if own is not None:
        placed = _placed(checked, path, probe, own, question)
        by_own = warning("image_placed_by_own_points", value=probe.control_points)
        return replace(placed, problems=(by_own, *placed.problems))
    try:
        with offering(question.boundary):
            grid = probe.placed()
    except GeoError as error:
        return _unplaced(checked, path, probe, error, question)
    return _placed(checked, path, probe, grid, question)


def examine_picture(path: Path, name: str, question: Question) -> Checked:
    """Say the same of a JPEG or PNG that no camera made."""
    return replace(examine_image(path, name, question), kind=Kind.PICTURE)


def _unplaced(
    checked: Checked, path: Path, probe: Probe, error: GeoError, question: Question
) -> Checked:
    """Say what can be said of an image without a place; a surface is given one by no option."""
    if checked.kind is not Kind.ORTHOPHOTO:
        return replace(checked, problems=(refusal(error),))
    whole = Tile(row=0, column=0, rows=probe.rows, columns=probe.columns)
    seen, problems = _looked_at(checked.kind, path, whole, None, thorough=question.thorough)
    share = round(seen.whole.share, 4) if seen.whole else None
    return replace(
        checked,
        facts={**checked.facts, "gsd_m": None, "seen_share": share},
        problems=(to_supply(error), *problems, *_flight_doubts(checked, probe, None, question)),
    )


def _flight_doubts(
    checked: Checked, probe: Probe, grid: Grid | None, question: Question
) -> list[Problem]:
    return flight_doubts(
        claims_of(None, probe.tags),
        flight=checked.file,
        now=question.now,
        is_current=True,
        grid=grid,
        most_above_ground_m=question.limits.most_above_ground_m,
    )


def _photo(probe: Probe) -> Photo:
    claims = claims_of(None, probe.tags)
    taken_at = captured_at(claims)
    numbers = {
        field: float(claims[name].value) if name in claims else None
        for field, name in (
            ("longitude", "position.longitude"),
            ("latitude", "position.latitude"),
            ("altitude_m", "heights.above_sea_m"),
            ("above_take_off_m", "heights.above_take_off_m"),
        )
    }
    return Photo(
        taken_at=datetime.fromisoformat(taken_at) if taken_at else None,
        camera=str(claims["camera.model"].value) if "camera.model" in claims else None,
        pitch_deg=None,
        rtk=None,
        **numbers,
    )


def _kind(probe: Probe) -> Kind:
    if probe.grid is None and any(tag in probe.tags for tag in CAMERA_TAGS):
        return Kind.PHOTOS
    return Kind.HEIGHTS if probe.is_like_heights else Kind.ORTHOPHOTO


def _facts(probe: Probe) -> dict[str, Json]:
    header = probe.header
    return {
        "rows": probe.rows,
        "columns": probe.columns,
        "bands": header.bands,
        "types": [*dict.fromkeys(probe.dtypes)],
        "colours": list(probe.colours),
        "compression": header.compression,
        "tiled": header.is_tiled,
        "overviews": max(header.directories - 1, 0),
        "bigtiff": header.is_big,
        "valid_by": _valid_by(probe),
        "captured_at": captured_at(claims_of(None, probe.tags)),
    }


def _valid_by(probe: Probe) -> str:
    if probe.alpha_band:
        return "alpha"
    if probe.has_mask:
        return "mask"
    return "nodata" if probe.nodata is not None else "nothing"


def _placed(checked: Checked, path: Path, probe: Probe, grid: Grid, question: Question) -> Checked:
    across, down = pixel_sides_m(grid)
    gsd = math.sqrt(across * down)
    place = place_of(grid.footprint, grid.crs)
    limits = question.limits
    if checked.kind is Kind.HEIGHTS:
        limits = replace(limits, gsd_min_m=None, gsd_max_m=None)  # surfaces are always coarser
    problems = list(image_doubts(grid, question.boundary, limits))
    if question.boundary is not None:
        taken_at = captured_at(claims_of(None, probe.tags))
        problems += datum_doubts(grid.crs, question.boundary, taken_at, limits)
    meeting, refused = _met(grid, question)
    if place is not None:
        away = 0.0 if meeting else (refused.facts.get("distance_km") if refused else None)
        distance = round(float(away), 3) if isinstance(away, int | float) else None
        place = replace(place, distance_km=distance)
    problems += [refused] if refused else []
    whole = Tile(row=0, column=0, rows=grid.rows, columns=grid.columns)
    part = meeting.part if meeting else None
    seen, more = _looked_at(checked.kind, path, whole, part, thorough=question.thorough)
    problems += more
    coverage = None
    if checked.kind is Kind.HEIGHTS:
        problems += height_doubts(probe)
    if checked.kind is Kind.ORTHOPHOTO:
        if meeting is not None:
            coverage = meeting.coverage(seen.part, basis=seen.basis)
            problems += _coverage_doubts(coverage.share, coverage.gap_ha, question)
        problems += _flight_doubts(checked, probe, grid, question)
    share = round(seen.whole.share, 4) if seen.whole else None
    measured = {"gsd_m": round(gsd, 4) if math.isfinite(gsd) else None, "seen_share": share}
    return replace(
        checked,
        facts={**checked.facts, **measured},
        place=place,
        coverage=coverage,
        problems=tuple(problems),
    )


def _met(grid: Grid, question: Question) -> tuple[Meeting | None, Problem | None]:
    if question.boundary is None:
        return None, None
    try:
        return Meeting.of(grid, question.boundary, question.limits), None
    except GeoError as error:
        return None, refusal(error)


def _looked_at(
    kind: Kind, path: Path, whole: Tile, part: Tile | None, *, thorough: bool
) -> tuple[_Seen, list[Problem]]:
    """Look at the pixels: a glance, or every one of them."""
    try:
        if thorough:
            seen = _every_pixel(kind, path, [whole, part or whole])
        elif kind is Kind.HEIGHTS:
            return _Seen(), []
        else:
            first, second = glance_at(path, [whole, part or whole])
            seen = _Seen(whole=first, part=second)
    except GeoError as error:
        return _Seen(), [refusal(error)]
    if kind is Kind.ORTHOPHOTO and seen.whole is None:
        return seen, [note("pixels_not_looked_at")]
    if seen.whole and seen.whole.share < LEAST_SEEN:
        return seen, [warning("image_mostly_empty", value=seen.whole.share, limit=LEAST_SEEN)]
    return seen, []


def _every_pixel(kind: Kind, path: Path, parts: list[Tile]) -> _Seen:
    """Decode all as an inspection would, into a working file that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="tinjau-check-") as folder:
        working = Path(folder) / "working.tif"
        if kind is Kind.HEIGHTS:
            normalise_heights(path, working, metres_up=1.0)
            return _Seen()
        normalise_image(path, working)
        first, second = glance_at(working, parts)
        return _Seen(whole=first, part=second, basis="pixels")


def _coverage_doubts(share: float, gap_ha: float, question: Question) -> list[Problem]:
    least = question.limits.least_observed_share
    if share < least:
        return [warning("permit_not_covered", value=share, limit=least, missing=gap_ha)]
    return [note("permit_nearly_covered", value=share, missing=gap_ha)] if gap_ha > 0 else []
