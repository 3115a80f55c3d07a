"""A layer of other people's shapes - rivers, forest, permits - as somebody wrote it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyproj import CRS
from shapely import Geometry

from geo.errors import RefusedError
from geo.fault import Fault, Faulty
from geo.intake.outlines import MAX_BYTES, read_outlines
from geo.outline import beyond_degrees
from geo.refusal import layer_refusal
from geo.vector.unfit import Unfit

MAX_VERTICES = 2_000_000
"""What a file of `MAX_BYTES` holds at most when it was written by a program that maps land."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Feature:
    """One thing of a layer: a river, a forest, a permit."""

    label: str | None
    shapes: tuple[Geometry, ...]
    """Points, lines and polygons, single or multiple; never collections."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """What a file holds, in the reference system it was written in."""

    crs: CRS
    date: str | None
    """The day that the file states, in ISO form; None where it states none."""

    features: tuple[Feature, ...]
    """Those whose coordinates can be read; whether their outlines cross is not known yet."""

    unusable: Mapping[Fault, int]
    """How many others there are, by why they cannot be read."""


def read_layer(path: Path) -> Layer:
    """
    Read a layer from a vector file, in one of the forms of `geo.intake.form.Form`.

    A feature that cannot be read is counted by the reason and left out as a whole; it is
    never repaired.

    Raises
    ------
    RefusedError
        ``layer_crs_missing``, ``layer_not_degrees`` and ``layer_unusable`` where not one
        feature can be read, and what `geo.refusal.layer_refusal` gives.
    """
    try:
        written = read_outlines(
            path, subject="layer", most_bytes=MAX_BYTES, most_vertices=MAX_VERTICES
        )
    except (Faulty, Unfit) as error:
        raise layer_refusal(error) from error
    if not written.features:
        raise RefusedError("layer_empty")
    if written.crs is None:
        raise RefusedError("layer_crs_missing")
    features, unusable = [], Counter[Fault]()
    for one in written.features:
        fault = one.fault or _not_degrees(one.shapes, written.crs)
        if fault:
            unusable[fault] += 1
        else:
            features.append(Feature(label=one.label, shapes=one.shapes))
    if not features:
        metres = unusable[Fault.NOT_DEGREES] > 0
        code = "layer_not_degrees" if metres else "layer_unusable"
        raise RefusedError(code, count=len(written.features))
    return Layer(
        crs=written.crs, date=written.date, features=tuple(features), unusable=dict(unusable)
    )


def _not_degrees(shapes: tuple[Geometry, ...], crs: CRS) -> Fault | None:
    beyond = crs.is_geographic and any(beyond_degrees(one) for one in shapes)
    return Fault.NOT_DEGREES if beyond else None
