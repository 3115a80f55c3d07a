"""What the product says of two pictures: the one place where the benchmark meets it."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from geo.change import NOT_COMPARED
from geo.cog import EXACT_PICTURE, write_cog
from geo.detection import detect
from geo.disturbance import Epoch
from geo.evidence import ReadHeights
from geo.grid import Grid, Tile
from geo.intake.making import Normalised
from geo.polygons import numbered
from geo.scoring import Scoring
from geo.warp import opened
from inspection.confidence import Proof
from inspection.detectors.choice import chosen
from inspection.model import Orthophoto, RegistrationStatus, Source
from inspection.profiles.profile import Profile, read_profile
from inspection.steps.register import register
from tests.benchmarks.accuracy.pairs import Mask, Pair
from tests.benchmarks.accuracy.sources import Pixels

KIND = os.environ.get("DETECTOR") or read_profile("generic").scoring.detector
"""What scores change: as the profile says, unless this run is asked for another."""

DETECTOR = {"classical": "classical evidence", "network": "the network"}[KIND]
"""What stands behind `geo.detection.detect` here, in a few words."""

PIXEL_M = 0.25
UTM = CRS.from_epsg(32750)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """The product's word on how two pictures lie."""

    movement: Affine | None
    """Position before to position after, pixels; None where the product does not compare."""

    verified: bool
    residual_m: float


def grid_of(pixels: Pixels, *, pixel_m: float = PIXEL_M) -> Grid:
    """Where a picture of no place is taken to lie."""
    rows, columns = pixels.shape[:2]
    place = Affine(pixel_m, 0, 300_000, 0, -pixel_m, 9_630_000)
    return Grid(crs=UTM, transform=place, rows=rows, columns=columns)


def kept(
    path: Path, pixels: Pixels, grid: Grid, *, seen: NDArray[np.bool_] | None = None
) -> Orthophoto:
    """The picture as a file of the product's own, without loss, so that all see the same."""
    bands = pixels.transpose(2, 0, 1)
    valid = np.ones(grid.shape, np.bool_) if seen is None else seen
    tiles = ((tile, bands[:, *tile.slices], valid[tile.slices]) for tile in grid.tiles(1024))
    write_cog(path, grid, tiles, encoding=EXACT_PICTURE, bands=3)
    return Orthophoto(
        source=Source(role="picture", name=path.name, sha256="", size=path.stat().st_size),
        path=path,
        grid=grid,
        delivered_rows=grid.rows,
        delivered_columns=grid.columns,
        captured_at=None,
        software=None,
        made=Normalised(
            seen_pixels=int(valid.sum()), collar_pixels=0, collars=(), doubted={}, scaling=None
        ),
    )


def rules() -> Profile:
    """The numbers that decide where no authority has set any."""
    return read_profile("generic")


def found_movement(
    folder: Path, before: Pixels, after: Pixels, seen: NDArray[np.bool_]
) -> Movement:
    """Register two pictures as an inspection does."""
    grid, profile = grid_of(after), rules()
    registered = register(
        kept(folder / "before.tif", before, grid),
        kept(folder / "after.tif", after, grid, seen=seen),
        grid,
        rules=profile.registration,
        advance=lambda _: None,
    )
    found = registered.found
    if registered.status is not RegistrationStatus.REGISTERED or found is None:
        return Movement(movement=None, verified=False, residual_m=0.0)
    limit_m = profile.registration.agreement_px * grid.pixel_size
    return Movement(
        movement=~grid.transform @ found.moved @ grid.transform,
        verified=found.agreement_m is not None and found.agreement_m <= limit_m,
        residual_m=found.residual_m,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """One piece of ground that the product says changed."""

    where: Mask
    ground_class: str
    is_new: bool
    confidence: float
    strength: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Inspected:
    """The product's word on what changed."""

    score: NDArray[np.float32]
    """0-100, what the product writes beside its findings; -1 where it compared nothing."""

    found: list[Found]

    def mask(self, *, new_alone: bool = False) -> Mask:
        """All that changed, for the worse or back; or the former alone."""
        whole = np.zeros(self.score.shape, np.bool_)
        for one in self.found:
            if one.is_new or not new_alone:
                whole |= one.where
        return whole


def inspected(folder: Path, pair: Pair, *, with_heights: bool = False) -> Inspected:
    """Detect what changed between two pictures that lie on one another, as an inspection does."""
    grid = grid_of(pair.after, pixel_m=pair.pixel_m)
    score = np.full(grid.shape, NOT_COMPARED, np.uint8)

    def keep(tile: Tile, values: NDArray[np.uint8]) -> None:
        score[tile.slices] = values

    files = [
        kept(folder / f"{name}.tif", pixels, grid, seen=pair.seen).path
        for name, pixels in (("before", pair.before), ("after", pair.after))
    ]
    choice = chosen(KIND, None)
    if choice.warnings:
        raise SystemExit(", ".join(choice.warnings))
    scoring = None
    if choice.detector is not None:
        scoring = Scoring(detector=choice.detector, settings=rules().scoring.settings)
    with opened(files[0]) as before, opened(files[1]) as after:
        detection = detect(
            before,
            after,
            grid,
            settings=rules().detection,
            residual_m=pair.residual_px * pair.pixel_m,
            scoring=scoring,
            heights=_reading(pair.rise, grid) if with_heights else None,
            surface=_reading(pair.surface, grid) if with_heights else None,
            write_score=keep,
        )
    proof = Proof(detector=detection.detector, pixel_m=pair.pixel_m, verified=True)
    return Inspected(
        score=np.where(score == NOT_COMPARED, np.float32(-1), score.astype(np.float32)),
        found=[
            Found(
                where=numbered([one.shape], grid=grid) > 0,
                ground_class=str(one.ground_class),
                is_new=one.epoch is Epoch.NEW,
                confidence=proof.confidence(one),
                strength=one.strength,
            )
            for one in detection.disturbances
            if one.epoch is not Epoch.STANDING
        ],
    )


def _reading(heights: NDArray[np.float32] | None, grid: Grid) -> ReadHeights | None:
    """Give them window by window."""
    return None if heights is None else lambda window: heights[_within(grid, window)]


def _within(grid: Grid, window: Grid) -> tuple[slice, slice]:
    """Where a window of a grid lies on it."""
    corner = ~grid.transform @ (window.transform.c, window.transform.f)
    column, row = (round(value) for value in corner)
    return slice(row, row + window.rows), slice(column, column + window.columns)
