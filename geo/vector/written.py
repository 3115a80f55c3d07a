"""What a vector file holds, in one plain form, and how it leaves the child that read it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np
import shapely
from pyproj import CRS
from shapely import Geometry

from geo.fault import Fault, Faulty


class SystemFrom(StrEnum):
    """Who said in which reference system an outline is."""

    FILE = "file"
    """The file names it."""

    FORM = "form"
    """The form of the file has no other: longitude and latitude."""

    CALLER = "caller"
    """Whoever brought the file answered for it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Feature:
    """One thing in a file: its shapes as written, or why they cannot be read."""

    label: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    shapes: tuple[Geometry, ...] = ()
    """Points, lines and polygons, single or multiple; never collections."""

    fault: Fault | None = None
    where: str | None = None

    def faulty(self) -> Faulty | None:
        """The fault as what can be raised."""
        return Faulty(self.fault, where=self.where) if self.fault else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Written:
    """What a file holds, nothing of it judged but whether it can be read."""

    crs: CRS | None
    """As the file or its form says; None where neither does."""

    crs_from: SystemFrom | None
    features: tuple[Feature, ...]
    date: str | None = None
    """The day that the file states, in ISO form."""

    passed_over: Mapping[str, int] = field(default_factory=dict)
    """What was seen and not followed, by kind: network links, remote styles."""


def feature(
    shapes: Callable[[], tuple[Geometry, ...]],
    *,
    label: str | None = None,
    properties: Mapping[str, str] | None = None,
) -> Feature:
    """Feature of what `shapes` gives, or of the fault that it meets."""
    notes = properties or {}
    try:
        return Feature(label=label, properties=notes, shapes=shapes())
    except Faulty as faulty:
        return Feature(label=label, properties=notes, fault=faulty.fault, where=faulty.where)


def packed(written: Written) -> bytes:
    """The whole as bytes: a line of JSON, then the shapes one after the other."""
    blobs = shapely.to_wkb([one for each in written.features for one in each.shapes])
    header = {
        "crs": written.crs.to_json() if written.crs else None,
        "crs_from": written.crs_from,
        "date": written.date,
        "passed_over": dict(written.passed_over),
        "features": [
            [one.label, dict(one.properties), len(one.shapes), one.fault, one.where]
            for one in written.features
        ],
        "sizes": [len(blob) for blob in blobs],
    }
    return json.dumps(header).encode() + b"\n" + b"".join(blobs)


def unpacked(content: bytes) -> Written:
    """
    What `packed` made bytes of.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the bytes are none of its.
    """
    line, _, rest = content.partition(b"\n")
    header = json.loads(line)
    ends = np.concatenate([[0], np.cumsum(header["sizes"], dtype=np.int64)])
    blobs = [rest[start:end] for start, end in pairwise(ends)]
    shapes = iter(shapely.from_wkb(blobs))
    stated, crs_from = header["crs"], header["crs_from"]
    return Written(
        crs=CRS.from_json(stated) if stated else None,
        crs_from=SystemFrom(crs_from) if crs_from else None,
        date=header["date"],
        passed_over=header["passed_over"],
        features=tuple(
            Feature(
                label=label,
                properties=properties,
                shapes=tuple(next(shapes) for _ in range(count)),
                fault=Fault(fault) if fault else None,
                where=where,
            )
            for label, properties, count, fault, where in header["features"]
        ),
    )
