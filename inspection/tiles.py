"""What an inspection drew, as tiles for maps: only from the rasters of its own report."""

import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import BoundedSemaphore, Lock
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.handles import Handles
from geo.packing import NOTHING, Packed, Ramp, coloured, exact, light
from geo.tiles import picture_tile, value_tile
from geo.web_map import MapTile, level_of
from inspection.objects.lending import Lending
from inspection.objects.store import ObjectStore
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.reports import Report

KEPT_BYTES: Final = 64 << 20
"""Finished tiles that are kept: what a few thousand of them take."""

KNOWN: Final = 1000
"""Inspections of which is known what they drew."""

_LEAST_BYTES: Final = 512
"""What it takes to keep one, however small."""


Tile = MapTile
"""Which tile, as web maps count: for those who draw nothing."""


class Layer(StrEnum):
    """What there are tiles of."""

    CURRENT = "current"
    BASELINE = "baseline"
    CHANGE = "change"


@dataclass(frozen=True, kw_only=True)
class Drawings:
    """What an inspection drew: whose it is, and the hash of each raster. Neither ever changes."""

    office_id: UUID
    rasters: Mapping[Layer, str]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far a raster reaches on the plane of web maps, and down to which level it has more."""

    extent: tuple[float, float, float, float]
    deepest: int


def drawings_of(session: Session, run: InspectionRun) -> Drawings | None:
    """The rasters that the inspection's report holds; None where there is no report."""
    asked = select(Report).where(Report.sha256 == run.document_sha256)
    report = session.scalars(asked).one_or_none()
    if report is None:
        return None
    named = {layer: report.files.get(f"{layer}.tif") for layer in Layer}
    return Drawings(
        office_id=run.office_id, rasters={layer: str(one) for layer, one in named.items() if one}
    )


class Tiles:
    """
    Draws tiles, and keeps those that were asked for last.

    A raster is named by its hash, so that nothing kept is ever out of date. Whether somebody may
    see it is asked elsewhere, for every tile.
    """

    def __init__(self, objects: ObjectStore, most_bytes: int = KEPT_BYTES) -> None:
        self._rasters = Lending(objects)
        self._handles = Handles()
        # More at once would only wait for one another.
        self._drawing = BoundedSemaphore(len(os.sched_getaffinity(0)))
        self._kept: OrderedDict[tuple[object, ...], Packed | None] = OrderedDict()
        self._bytes, self._most_bytes = 0, most_bytes
        self._drawings: OrderedDict[UUID, Drawings] = OrderedDict()
        self._lock = Lock()

    def known(self, inspection: UUID) -> Drawings | None:
        """What was found of an inspection before."""
        with self._lock:
            return self._drawings.get(inspection)

    def keep(self, inspection: UUID, drawings: Drawings) -> None:
        """Keep what was found of an inspection."""
        with self._lock:
            self._drawings[inspection] = drawings
            if len(self._drawings) > KNOWN:
                self._drawings.popitem(last=False)

    def drawn(self, sha256: str, layer: Layer, tile: MapTile, *, is_exact: bool) -> Packed | None:
        """Draw a tile; None where the raster does not reach."""
        key = (sha256, layer, tile, is_exact)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._rasters.lent(sha256) as path, self._drawing, self._handles.held(path) as handle:
            if layer is Layer.CHANGE:
                values = value_tile(handle, tile)
                packed = None if values is None else coloured(*values, CHANGE_RAMP)
            else:
                picture = picture_tile(handle, tile)
                pack = exact if is_exact else light
                packed = None if picture is None else pack(*picture)
        if packed is None and is_exact:  # for software that takes a picture for every answer
            packed = NOTHING
        self._keep(key, packed)
        return packed

    def reach(self, sha256: str) -> Reach:
        """Say how far a raster reaches."""
        with self._rasters.lent(sha256) as path, self._handles.held(path) as handle:
            return Reach(extent=handle.extent, deepest=level_of(handle.pixel_m))

    def close(self) -> None:
        """Close the rasters and give them back."""
        self._handles.close()
        self._rasters.close()

    def _keep(self, key: tuple[object, ...], packed: Packed | None) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = packed
            self._bytes += _size(packed)
            while self._bytes > self._most_bytes:
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(packed: Packed | None) -> int:
    return _LEAST_BYTES + (0 if packed is None else len(packed.content))


FULL: Final = 100
_AT: Final = (0, 35, 65, FULL)
_STOPS: Final = ((255, 190, 60, 0), (255, 190, 60, 0), (235, 95, 25, 190), (130, 10, 30, 235))
"""From nothing over amber to dark red: what light alone does is let through, more grows firm."""


def _change_ramp() -> Ramp:
    scores = np.minimum(np.arange(256), FULL)
    mixed = [np.interp(scores, _AT, part) for part in zip(*_STOPS, strict=True)]
    return np.stack(mixed, axis=1).round().astype(np.uint8)


CHANGE_RAMP: Final = _change_ramp()
