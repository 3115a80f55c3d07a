"""Findings in the ring of one permit that lie in another of the same table: carried to that one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely import Geometry, MultiPolygon, STRtree

from geo.area import area_m2
from geo.crs import LONLAT
from geo.partition import areal
from inspection.batch.told import Told, outline

_CARRIED: Final = ("new", "standing")


@dataclass(frozen=True, kw_only=True, eq=False)
class Carried:
    """What of a finding of one row lies in the permit of another, and not in its own."""

    giver: Told
    taker: Told
    finding: Mapping[str, Any]
    shape: Geometry
    """In degrees."""

    area_m2: float


def carried(rows: Sequence[tuple[Told, Sequence[Mapping[str, Any]]]]) -> list[Carried]:
    """
    Give every part of a finding that lies in a neighbour's permit, where it is large enough.

    What is smaller than the smallest disturbance that the giver's own rules count is left: two
    outlines of one border never fit exactly. Ground that both permits claim stays with the one
    that was inspected. Each permit is held to once, whatever number of its flights are in the
    table, and no row gives to another of the same permit.
    """
    takers = _takers([told for told, _ in rows])
    tree = STRtree([_whole(one.ground) for one in takers])
    found = []
    for giver, findings in rows:
        for finding in findings:
            if finding["epoch"] not in _CARRIED or finding["location"] == "inside":
                continue
            shape = _whole(outline(finding["vertices"]))
            for at in sorted(tree.query(shape, predicate="intersects").tolist()):
                taker = takers[at]
                if taker.permit != giver.permit and (part := _part(shape, giver, taker)):
                    found.append(
                        Carried(
                            giver=giver,
                            taker=taker,
                            finding=finding,
                            shape=part[0],
                            area_m2=part[1],
                        )
                    )
    return found


def _takers(rows: Sequence[Told]) -> list[Told]:
    """One row a permit: the one whose flight is the latest."""
    latest: dict[str, Told] = {}
    for one in rows:
        if one.ground is not None:
            before = latest.get(one.permit)
            if before is None or _captured(one) >= _captured(before):
                latest[one.permit] = one
    return list(latest.values())


def _captured(one: Told) -> str:
    return str(one.document["flights"]["current"]["captured_at"] or "") if one.document else ""


def _part(shape: Geometry, giver: Told, taker: Told) -> tuple[Geometry, float] | None:
    inside = shapely.intersection(shape, _whole(taker.ground))
    part = areal(shapely.difference(inside, _whole(giver.ground)))
    if part.is_empty:
        return None
    area = area_m2(part, LONLAT)
    least = giver.document["parameters"]["detection"]["minimum_area_m2"]
    return (part, round(area, 2)) if area >= least else None


def _whole(shape: Geometry | None) -> Geometry:
    """The shape, empty where there is none; rounding to degrees may have let edges cross."""
    if shape is None:
        return MultiPolygon()
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")
