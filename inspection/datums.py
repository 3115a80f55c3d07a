"""What became of the datum on the way from each input to the site, and how sure places stay."""

import math
from collections.abc import Iterator
from datetime import date

from pyproj import CRS

from geo.crs import LONLAT
from geo.datum import NOMINALLY_EQUAL, DatumChange, Passage, datum_name, frame_epoch
from inspection.model import Case, Placement
from inspection.profiles.profile import Profile
from inspection.survey import DatumNote, DatumOperation, DatumState

METRE_DIGITS = 4
ISO_DAY = 10


def datum_note(case: Case, placement: Placement, profile: Profile) -> DatumNote:
    """Say how image and boundary came onto one datum, and the uncertainty that this leaves."""
    site, place = placement.site.crs, case.boundary.place()
    points = case.control_points
    placed_in = points.crs if points else case.current.orthophoto.grid.crs
    boundary = _change(case.boundary.crs, site, place)
    image = _change(placed_in, site, place)
    unknown = _realization_unknown(placed_in, case.current.orthophoto.captured_at, profile)
    state, uncertainty_m = DatumState.SAME, 0.0
    if boundary.source != image.source:
        moved = any(one.changed and not one.nominal for one in (boundary, image))
        state = DatumState.MOVED if moved else DatumState.NOMINAL
        uncertainty_m = math.hypot(*(_uncertainty_m(one, profile) for one in (boundary, image)))
        if state is DatumState.NOMINAL:
            # Two steps between three equals are still one change.
            uncertainty_m = profile.datum.nominal_m
    if unknown:
        apart_m = profile.datum.unknown_realization_m or 0.0
        if state is DatumState.MOVED:
            uncertainty_m = math.hypot(uncertainty_m, apart_m)
        else:
            # It holds what lies between the names as well.
            state = DatumState.REALIZATION_UNKNOWN
            uncertainty_m = max(uncertainty_m, apart_m)
    return DatumNote(
        operations=[
            DatumOperation(
                source=one.source,
                target=one.target,
                name=one.name,
                accuracy_m=one.accuracy_m,
                nominal=one.nominal,
                used_for=used_for,
            )
            for used_for, source, target in _ways(case, placed_in, site)
            if (one := _change(source, target, place)).changed
        ],
        placed_in=image.source,
        realization_epoch=frame_epoch(placed_in),
        state=state,
        uncertainty_m=round(uncertainty_m, METRE_DIGITS),
    )


def _ways(case: Case, placed_in: CRS, site: CRS) -> Iterator[tuple[str, CRS, CRS]]:
    """Every way that places take, and for what."""
    yield "boundary", case.boundary.crs, site
    yield ("control_points" if case.control_points else "current"), placed_in, site
    if case.baseline:
        yield "baseline", case.baseline.orthophoto.grid.crs, site
    for brought in case.layers:
        yield f"layer:{brought.name}", brought.layer.crs, site
    yield "degrees", site, LONLAT


def _change(source: CRS, target: CRS, place: tuple[float, float]) -> DatumChange:
    return Passage(source=source, target=target).change(
        *Passage(source=LONLAT, target=source).transform(*place)
    )


def _uncertainty_m(change: DatumChange, profile: Profile) -> float:
    if change.nominal:
        return profile.datum.nominal_m
    # Where the registry does not say how good an operation is, it is as good as no check.
    unstated_m = profile.position.unverified_m
    return unstated_m if change.accuracy_m is None else change.accuracy_m


def _realization_unknown(crs: CRS, captured_at: str | None, profile: Profile) -> bool:
    """Whether the flight may lie on either realization of the national frame."""
    since = profile.datum.new_realization
    if since is None or datum_name(crs) not in NOMINALLY_EQUAL or frame_epoch(crs) is not None:
        return False
    return captured_at is None or date.fromisoformat(captured_at[:ISO_DAY]) >= since
