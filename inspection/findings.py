"""Findings: each disturbance measured, located against the boundary, and put into words."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely
from pyproj import CRS

from geo.crs import LONLAT, moved_shape
from geo.disturbance import Disturbance, Epoch, GroundClass
from geo.partition import Division, Split
from geo.volume import Volume
from inspection.circumstances import Circumstances
from inspection.confidence import Proof, band
from inspection.degrees import DEGREE_DIGITS, rings
from inspection.document import Finding
from inspection.heights import HeightComparison
from inspection.location import border_m2, placed
from inspection.model import Location
from inspection.reasons import doubts, reasons
from inspection.wording.catalogue import Wording

SEVERITY = (Location.OUTSIDE, Location.UNCERTAIN, Location.INSIDE)
EARTH_MOVED = (GroundClass.EXCAVATION, GroundClass.STOCKPILE)

UNSEEN_SHARE = 0.1
"""Share of a finding without heights from which no volume is given."""

EPOCHS = (Epoch.NEW, Epoch.STANDING, Epoch.RECOVERED)


@dataclass(frozen=True, kw_only=True, eq=False)
class Measures:
    """What every finding of an inspection is measured with."""

    crs: CRS
    division: Division
    minimum_area_m2: float
    border_m: float
    circumstances: Circumstances
    heights: HeightComparison | None
    bare_from: float
    """Bareness from which ground was open before, as calibrated on the flights."""

    wording: Wording
    proof: Proof


@dataclass(frozen=True, kw_only=True, eq=False)
class Located:
    """A disturbance cut by the boundary."""

    disturbance: Disturbance
    split: Split
    areas_m2: Mapping[str, float]
    """``inside``, ``uncertain``, ``outside``, and their exact sum under ``whole``."""

    location: Location


def located(disturbances: Iterable[Disturbance], measures: Measures) -> list[Located]:
    """
    Disturbances of the ground looked at, gravest first; what the ring cuts to crumbs is left.

    Of the others, `inspection.location` says where each lies.
    """
    kept = []
    for disturbance in disturbances:
        there = placed(
            disturbance.shape,
            measures.division,
            crs=measures.crs,
            minimum_area_m2=measures.minimum_area_m2,
        )
        if there is not None:
            kept.append(
                Located(
                    disturbance=disturbance,
                    split=there.split,
                    areas_m2=there.areas_m2,
                    location=there.location,
                )
            )
    return sorted(kept, key=_rank)


def _rank(one: Located) -> tuple[int, int, float, float, float]:
    centre = shapely.point_on_surface(one.split.whole)
    return (
        EPOCHS.index(one.disturbance.epoch),
        SEVERITY.index(one.location),
        -one.areas_m2["whole"],
        float(shapely.get_x(centre)),
        float(shapely.get_y(centre)),
    )


def finding(
    number: int,
    one: Located,
    measures: Measures,
    volume: Volume | None,
    *,
    near: Mapping[str, float],
) -> Finding:
    """Word a located disturbance as a finding: `volume` of earth moved there, `near` around it."""
    disturbance, areas = one.disturbance, one.areas_m2
    shape = one.split.whole
    where = moved_shape(shapely.point_on_surface(shape), source=measures.crs, target=LONLAT)
    speaks_for = reasons(disturbance, measures.wording)
    speaks_against = doubts(disturbance, near, measures.circumstances, measures.wording)
    confidence = max(0.0, min(1.0, measures.proof.confidence(disturbance)))
    return Finding(
        id=f"F{number:03d}",
        ground_class=str(disturbance.ground_class),
        epoch=str(disturbance.epoch),
        location=one.location,
        area_m2=round(areas["whole"], 2),
        area_uncertainty_m2=round(border_m2(shape, measures.crs, border_m=measures.border_m), 2),
        area_inside_m2=round(areas["inside"], 2),
        area_uncertain_m2=round(areas["uncertain"], 2),
        area_outside_m2=round(areas["outside"], 2),
        confidence=round(confidence, 3),
        certainty=band(confidence).value,
        robustness="sturdy" if disturbance.sturdy else "fragile",
        distance_outside_m=_rounded(measures.division.distance_outside_m(shape), 2),
        volume_m3=round(volume.net.m3, 1) if volume else None,
        volume_uncertainty_m3=round(volume.net.uncertainty_m3, 1) if volume else None,
        cut_m3=round(volume.cut.m3, 1) if volume else None,
        cut_uncertainty_m3=round(volume.cut.uncertainty_m3, 1) if volume else None,
        fill_m3=round(volume.fill.m3, 1) if volume else None,
        fill_uncertainty_m3=round(volume.fill.uncertainty_m3, 1) if volume else None,
        longitude=round(float(shapely.get_x(where)), DEGREE_DIGITS),
        latitude=round(float(shapely.get_y(where)), DEGREE_DIGITS),
        reasons=[measures.wording.sentence(said) for said in speaks_for],
        reasons_said=speaks_for,
        may_be_false_because=[measures.wording.sentence(said) for said in speaks_against],
        may_be_false_because_said=speaks_against,
        evidence={
            name: round(value, 4)
            for name, value in {**disturbance.evidence, **near}.items()
            if math.isfinite(value)
        },
        # Shells run counter-clockwise (RFC 7946).
        vertices=rings(shapely.orient_polygons(shape), measures.crs),
    )


def moved_earth(one: Located, measures: Measures) -> Volume | None:
    """Earth moved, where the class says that earth was moved and both surfaces show it."""
    if measures.heights is None or one.disturbance.ground_class not in EARTH_MOVED:
        return None
    # A surface model shows the leaves: what trees stood on has no volume of earth.
    bareness = one.disturbance.evidence.get("bareness_before", -math.inf)
    if one.disturbance.epoch is not Epoch.NEW or bareness < measures.bare_from:
        return None
    volume = measures.heights.volume(one.split.whole, measures.crs)
    return volume if volume.unseen_m2 < UNSEEN_SHARE * one.areas_m2["whole"] else None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
