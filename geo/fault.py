"""Faults: why an outline that somebody wrote cannot be used as it stands."""

from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, MultiPolygon
from shapely.validation import explain_validity


class Fault(StrEnum):
    """Why something that was written cannot be used."""

    UNREADABLE = "unreadable"
    CRS_UNKNOWN = "crs_unknown"
    NO_GEOMETRY = "no_geometry"
    EMPTY = "empty"
    WRONG_KIND = "wrong_kind"
    NOT_FINITE = "not_finite"
    NOT_DEGREES = "not_degrees"
    RING_OPEN = "ring_open"
    WITHOUT_AREA = "without_area"
    WITHOUT_LENGTH = "without_length"
    SELF_CROSSES = "self_crosses"
    HOLE_OUTSIDE = "hole_outside"
    PARTS_OVERLAP = "parts_overlap"
    ANTIMERIDIAN = "antimeridian"
    NOT_PROJECTABLE = "not_projectable"


class Faulty(Exception):  # noqa: N818 - told to geo's own readers, never to a person
    """Something that was written cannot be used, and why."""

    def __init__(self, fault: Fault, *, where: str | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.where = where


def unsound(written: Geometry) -> Faulty | None:
    """Why outlines cannot be taken as they stand; None where they can."""
    if shapely.is_valid(written):
        return None
    kind, _, at = explain_validity(written).partition("[")
    where = place([float(value) for value in at.rstrip("]").split()[:2]]) if at else None
    flat = shapely.get_dimensions(written) < 2  # noqa: PLR2004 - an area has two
    known = {
        "Hole lies outside shell": Fault.HOLE_OUTSIDE,
        "Holes are nested": Fault.HOLE_OUTSIDE,
        "Nested shells": Fault.PARTS_OVERLAP,
        "Too few points in geometry component": Fault.WITHOUT_LENGTH
        if flat
        else Fault.WITHOUT_AREA,
    }
    parts = written.geoms if isinstance(written, MultiPolygon) else ()
    # Where every part is sound by itself, only the parts clash.
    clash = Fault.PARTS_OVERLAP if parts and all(p.is_valid for p in parts) else Fault.SELF_CROSSES
    return Faulty(known.get(kind.strip(), clash), where=where)


def place(position: NDArray[np.float64] | list[float]) -> str:
    """Name a position in words that a person can find again."""
    return ", ".join(f"{float(value):.10g}" for value in position)
