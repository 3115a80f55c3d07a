"""The ledger: the permit's ground cut into five parts that share nothing and leave nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import Geometry, MultiPolygon

from geo.area import area_m2
from geo.crs import moved_shape
from geo.disturbance import Epoch
from geo.partition import areal, common, disjoint, ledger_m2, less, resolved, union
from inspection.degrees import rings
from inspection.document import Areas, Ledger
from inspection.findings import Located
from inspection.model import RegistrationStatus
from inspection.observation import Observation
from inspection.survey import Coverage, Gap, Unseen

HECTARE_M2 = 1e4
HA_DIGITS = 6

RESOLVED_PX = 1.5
"""Gaps narrower than this are the stairs of pixel edges along a slanting frame, not ground."""

FRAME_STEP_PX = 4

DRAWN_PX = 9.0
"""Unseen ground smaller than this many pixels is not drawn."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """The permit's ground by state: shapes in the site's system."""

    parts: Mapping[str, Geometry]
    """``not_observed``, ``new``, ``recovered``, ``standing``, ``undisturbed``; disjoint."""

    unobserved: Mapping[str, Geometry]
    """Ground looked at but not seen, by reason; the ring's included."""

    seen: Geometry
    """Ground looked at that the current flight saw."""


def ground(seen: Observation, disturbances: Sequence[Located]) -> Ground:
    """Cut the permit's ground by what was seen of it."""
    site = seen.placement.site
    frame = _frame(seen)
    width_m = seen.grid.pixel_size * RESOLVED_PX
    by_reason = {
        reason: resolved(common(shape, frame), width_m=width_m)
        for reason, shape in seen.detection.unobserved.items()
    }
    beyond = less(site.looked_at, frame)
    by_reason["unflown"] = union([by_reason.get("unflown", MultiPolygon()), beyond])
    unobserved = disjoint(by_reason, within=site.looked_at)
    visible = unobserved.pop("rest")
    shapes = {
        "not_observed": union(unobserved.values()),
        **{
            str(epoch): union([d.split.whole for d in disturbances if d.disturbance.epoch is epoch])
            for epoch in (Epoch.NEW, Epoch.RECOVERED, Epoch.STANDING)
        },
    }
    parts = disjoint(shapes, within=site.permit)
    parts["undisturbed"] = parts.pop("rest")
    return Ground(
        parts=parts,
        unobserved={
            reason: shape for reason, shape in unobserved.items() if shapely.area(shape) > 0
        },
        seen=visible,
    )


def _frame(seen: Observation) -> Geometry:
    """Outline of the delivered image, exact, in the site's system."""
    grid, crs = seen.placement.flight.orthophoto.grid, seen.placement.site.crs
    if grid.crs == crs:
        return grid.footprint  # its edges stay straight: a corner every few pixels says no more
    outline = shapely.segmentize(grid.footprint, grid.pixel_size * FRAME_STEP_PX)
    return moved_shape(outline, source=grid.crs, target=crs)


def ledger(divided: Ground, seen: Observation) -> Ledger:
    """Hectares of each part, measured by itself; without a comparison two stay unknown."""
    site = seen.placement.site
    areas = ledger_m2(divided.parts, site.permit, site.crs)
    compared = seen.registered.status is RegistrationStatus.REGISTERED
    return Ledger(
        permit=_ha(areas["whole"]),
        undisturbed=_ha(areas["undisturbed"]),
        standing=_ha(areas["standing"]),
        new=_ha(areas["new"]) if compared else None,
        recovered=_ha(areas["recovered"]) if compared else None,
        not_observed=_ha(areas["not_observed"]),
    )


def coverage(divided: Ground, seen: Observation, counted: Ledger) -> Coverage:
    """How much of the permit was seen, and what hid the rest."""
    site = seen.placement.site
    hidden = {
        reason: area_m2(common(shape, site.permit), site.crs)
        for reason, shape in divided.unobserved.items()
    }
    compared = None
    if seen.registered.status is RegistrationStatus.REGISTERED:
        shown = less(common(site.permit, _frame(seen)), seen.detection.compared)
        alone = resolved(shown, width_m=seen.grid.pixel_size * RESOLVED_PX)
        hidden_m2 = area_m2(union([alone, divided.parts["not_observed"]]), site.crs)
        compared = round(1 - hidden_m2 / HECTARE_M2 / counted.permit, HA_DIGITS)
    return Coverage(
        observed_share=round(1 - counted.not_observed / counted.permit, HA_DIGITS),
        not_observed_ha=counted.not_observed,
        compared_share=compared,
        gaps=[
            Gap(reason=reason, area_ha=_ha(area))
            for reason, area in sorted(hidden.items())
            if area > 0
        ],
        not_observed=[
            Unseen(reason=reason, vertices=rings(_drawn(shape, seen), site.crs))
            for reason, shape in sorted(divided.unobserved.items())
        ],
    )


def _drawn(shape: Geometry, seen: Observation) -> MultiPolygon:
    """Give what is worth drawing: the stairs of pixels along a rim are counted, not drawn."""
    least_m2 = DRAWN_PX * seen.grid.pixel_size**2
    return MultiPolygon([part for part in areal(shape).geoms if part.area >= least_m2])


def left_out(seen: Observation) -> list[Gap]:
    """Ground of permit and ring that looks disturbed and is held to be natural or farmed."""
    site = seen.placement.site
    found = {
        reason: _ha(area_m2(common(shape, site.looked_at), site.crs))
        for reason, shape in seen.detection.left_out.items()
    }
    return [Gap(reason=reason, area_ha=area) for reason, area in sorted(found.items()) if area]


def areas(disturbances: Sequence[Located]) -> Areas:
    """New and standing disturbance of permit and ring by location."""
    counted = [d for d in disturbances if d.disturbance.epoch is not Epoch.RECOVERED]

    def total(part: str) -> float:
        return _ha(sum(d.areas_m2[part] for d in counted))

    return Areas(inside=total("inside"), outside=total("outside"), uncertain=total("uncertain"))


def _ha(square_metres: Any) -> float:  # noqa: ANN401 - numpy's number or Python's
    return round(float(square_metres) / HECTARE_M2, HA_DIGITS)
