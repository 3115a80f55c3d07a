"""What an inspection drew, as tiles for maps: only from the rasters of its own report."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.tiles import DEEPEST, Ramp, picture_tile, value_tile
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.reports import Report


class Layer(StrEnum):
    """What there are tiles of."""

    CURRENT = "current"
    BASELINE = "baseline"
    CHANGE = "change"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """Which tile: level, column, row from the north, as web maps count (WebMercatorQuad)."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether there is such a tile on the earth, and on a level that anybody needs."""
        return (
            0 <= self.z <= DEEPEST and 0 <= min(self.x, self.y) <= max(self.x, self.y) < 2**self.z
        )


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A tile, in the form that suits it."""

    content: bytes
    kind: str


def raster_of(session: Session, run: InspectionRun, layer: Layer) -> str | None:
    """Hash of the raster that the inspection's report holds; None where there is none."""
    asked = select(Report).where(Report.sha256 == run.document_sha256)
    report = session.scalars(asked).one_or_none()
    named = None if report is None else report.files.get(f"{layer}.tif")
    return None if named is None else str(named)


def draw(path: Path, layer: Layer, tile: Tile) -> Drawn | None:
    """Draw a tile; None where the raster does not reach."""
    place = (tile.z, tile.x, tile.y)
    if layer is Layer.CHANGE:
        content, kind = value_tile(path, *place, CHANGE_RAMP), "image/png"
    else:
        content, kind = picture_tile(path, *place), "image/webp"
    return None if content is None else Drawn(content=content, kind=kind)


FULL: Final = 100
_AT: Final = (0, 35, 65, FULL)
_STOPS: Final = ((255, 190, 60, 0), (255, 190, 60, 0), (235, 95, 25, 190), (130, 10, 30, 235))
"""From nothing over amber to dark red: what light alone does is let through, more grows firm."""


def _change_ramp() -> Ramp:
    scores = np.minimum(np.arange(256), FULL)
    mixed = [np.interp(scores, _AT, part) for part in zip(*_STOPS, strict=True)]
    return np.stack(mixed, axis=1).round().astype(np.uint8)


CHANGE_RAMP: Final = _change_ramp()
