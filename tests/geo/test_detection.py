"""Detection finds what was drawn and nothing else, whatever the light and however it is cut."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.warp import transform_bounds

from geo.change import NOT_COMPARED
from geo.detection import Detection, detect
from geo.detection_settings import DetectionSettings
from geo.disturbance import Disturbance, Epoch, GroundClass
from geo.evidence import ReadHeights
from geo.grid import Grid, Tile
from geo.polygons import numbered
from geo.raster import Raster, Read
from geo.warp import dataset_grid, opened

SETTINGS = DetectionSettings(
    minimum_area_m2=100,
    minimum_area_px=6,
    false_share=0.005,
    least_threshold=1.4,
    most_threshold=1.6,
    growing=0.6,
    reworking=1.8,
    likeness_weight=0.9,
    seed_share=0.25,
    thresholds=(0.8, 1.0, 1.25),
    field_m=60,
    most_gain=2,
    height_limit_m=0.5,
    road_elongation=4,
    road_width_m=(3, 30),
    pond_shore_share=0.5,
    field_area_m2=5000,
    field_grain=0.045,
    tile_px=160,
)
PIXEL_M = 0.5
SIDE = 320
GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(PIXEL_M, 0, 300_000, 0, -PIXEL_M, 9_630_000),
    rows=SIDE,
    columns=SIDE,
)
FOREST, SOIL = (62, 88, 52), (176, 138, 104)
PATCH = (slice(100, 180), slice(120, 220))
PATCH_M2 = 80 * 100 * PIXEL_M**2

type Picture = NDArray[np.float32]


def ground(colour: tuple[int, int, int], grain: float, seed: int) -> Picture:
    """Draw ground of one kind, (rows, columns, 3): coarse crowns or clods, and fine grain."""
    rng = np.random.default_rng(seed)
    crowns = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32), (0, 0), 3)
    fine = rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    shade = 1 + grain * (crowns / crowns.std() + 0.4 * fine)
    return np.asarray(colour, np.float32) * shade[..., None]


def forest() -> Picture:
    return ground(FOREST, 0.25, 1)


def forest_with_soil() -> Picture:
    picture = forest()
    picture[PATCH] = ground(SOIL, 0.07, 2)[PATCH]
    return picture


def another_day(picture: Picture) -> Picture:
    """Light the same ground from a brighter and warmer sky, through an uneven haze."""
    rng = np.random.default_rng(7)
    haze = cv2.resize(rng.uniform(0, 12, (3, 3)).astype(np.float32), (SIDE, SIDE))
    noise = rng.normal(0, 2, picture.shape)
    return picture * np.float32([1.24, 1.18, 1.12]) + haze[..., None] + noise


def read(picture: Picture, *, unseen: tuple[slice, slice] | None = None) -> Read:
    """Give a drawn picture as a flight would be read, on any window of any coarseness."""
    values = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    seen = np.ones((SIDE, SIDE), np.bool_)
    if unseen is not None:
        seen[unseen] = False

    def on(grid: Grid) -> Raster:
        factor = round(grid.pixel_size / PIXEL_M)
        column, row = (round(v) for v in ~GRID.transform @ (grid.transform.c, grid.transform.f))
        pad = max(SIDE, grid.rows * factor, grid.columns * factor)
        wide = np.pad(values, ((pad, pad), (pad, pad), (0, 0)))
        wide_seen = np.pad(seen, pad)
        rows = slice(row + pad, row + pad + grid.rows * factor, factor)
        columns = slice(column + pad, column + pad + grid.columns * factor, factor)
        valid = wide_seen[rows, columns]
        part = np.where(valid[..., None], wide[rows, columns], 0)
        return Raster(values=np.moveaxis(part, 2, 0), valid=valid, grid=grid)

    return on


def found(before: Read | None, after: Read, settings: DetectionSettings = SETTINGS) -> Detection:
    return detect(before, after, GRID, settings=settings, residual_m=0.2)


def of(detection: Detection, epoch: Epoch) -> list[Disturbance]:
    return [d for d in detection.disturbances if d.epoch is epoch]


def drawn(disturbances: list[Disturbance]) -> NDArray[np.bool_]:
    return numbered([d.shape for d in disturbances], grid=GRID) > 0


def patch() -> NDArray[np.bool_]:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[PATCH] = True
    return mask


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("scene", [forest, forest_with_soil])
def test_another_light_is_no_change(scene: Callable[[], Picture]) -> None:
    picture = scene()
    detection = found(read(another_day(picture)), read(picture))
    changed = of(detection, Epoch.NEW) + of(detection, Epoch.RECOVERED)
    assert sum(d.shape.area for d in changed) <= 0.005 * GRID.footprint.area


def test_a_clearing_is_found_with_its_area() -> None:
    detection = found(read(another_day(forest())), read(forest_with_soil()))
    (clearing,) = of(detection, Epoch.NEW)
    assert clearing.ground_class is GroundClass.VEGETATION_CLEARING
    assert clearing.sturdy
    assert clearing.shape.area == pytest.approx(PATCH_M2, rel=0.04)
    assert overlap(drawn([clearing]), patch()) > 0.93
    assert clearing.evidence["bareness_after"] > clearing.evidence["bareness_before"] + 5


def test_ground_that_grew_over_is_recovered() -> None:
    detection = found(read(another_day(forest_with_soil())), read(forest()))
    (regrown,) = of(detection, Epoch.RECOVERED)
    assert overlap(drawn([regrown]), patch()) > 0.9
    assert not of(detection, Epoch.NEW)


def test_one_date_shows_what_stands() -> None:
    detection = found(None, read(forest_with_soil()))
    (standing,) = detection.disturbances
    assert standing.epoch is Epoch.STANDING
    assert standing.ground_class is GroundClass.BARE_GROUND
    assert overlap(drawn([standing]), patch()) > 0.93
    assert detection.compared.is_empty


def test_bare_ground_on_both_dates_stands() -> None:
    detection = found(read(another_day(forest_with_soil())), read(forest_with_soil()))
    assert overlap(drawn(of(detection, Epoch.STANDING)), patch()) > 0.9


def test_unseen_ground_is_named_and_never_marked() -> None:
    hole = (slice(120, 150), slice(150, 190))
    detection = found(read(another_day(forest())), read(forest_with_soil(), unseen=hole))
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[hole] = True
    assert detection.unobserved["unflown"].area == pytest.approx(30 * 40 * PIXEL_M**2)
    assert not drawn(list(detection.disturbances))[mask].any()
    assert not numbered([detection.compared], grid=GRID)[mask].any()


def test_ground_not_seen_before_is_never_new() -> None:
    rows, columns = PATCH
    before = read(another_day(forest()), unseen=(rows, slice(columns.start, 170)))
    detection = found(before, read(forest_with_soil()))
    unseen = np.zeros((SIDE, SIDE), np.bool_)
    unseen[rows, columns.start : 168] = True
    assert not drawn(of(detection, Epoch.NEW))[unseen].any()
    assert drawn(of(detection, Epoch.STANDING))[unseen].mean() > 0.9


@pytest.mark.parametrize("tile_px", [64, 97, 1024])
def test_the_cut_into_tiles_does_not_show(tile_px: int) -> None:
    before, after = read(another_day(forest())), read(forest_with_soil())
    cut, other = found(before, after), found(before, after, replace(SETTINGS, tile_px=tile_px))
    assert [d.shape.wkb for d in cut.disturbances] == [d.shape.wkb for d in other.disturbances]
    assert [d.epoch for d in cut.disturbances] == [d.epoch for d in other.disturbances]


def test_disturbances_are_disjoint_and_the_score_covers_what_was_compared() -> None:
    scores = np.full((SIDE, SIDE), 77, np.uint8)

    def keep(tile: Tile, values: NDArray[np.uint8]) -> None:
        scores[tile.slices] = values

    hole = (slice(0, 40), slice(0, 40))
    picture = forest_with_soil()
    picture[200:260, 200:280] = ground((60, 90, 160), 0.05, 5)[200:260, 200:280]
    detection = detect(
        read(another_day(forest()), unseen=hole),
        read(picture),
        GRID,
        settings=SETTINGS,
        residual_m=0.2,
        write_score=keep,
    )
    shapes = [d.shape for d in detection.disturbances]
    assert len(shapes) >= 2
    assert shapely.union_all(shapes).area == pytest.approx(sum(s.area for s in shapes))
    assert (scores[hole] == NOT_COMPARED).all()
    assert (scores[PATCH] > 50).mean() > 0.9
    assert np.median(scores[:, 250:]) < 30


def test_a_lone_finding_below_the_smallest_area_is_none() -> None:
    picture = forest()
    picture[50:58, 50:58] = ground(SOIL, 0.07, 2)[50:58, 50:58]
    assert found(read(another_day(forest())), read(picture)).disturbances == ()


def test_a_stricter_threshold_makes_weak_change_fragile() -> None:
    weak = forest_with_soil()
    weak[PATCH] = (weak[PATCH] + forest()[PATCH]) / 2
    settings = replace(SETTINGS, thresholds=(0.8, 1.0, 30.0))
    detection = found(read(another_day(forest())), read(weak), settings)
    assert of(detection, Epoch.NEW)
    assert not any(d.sturdy for d in of(detection, Epoch.NEW))


def grid_of(path: Path, crs: CRS, pixel_m: float) -> Grid:
    with rasterio.open(path) as dataset:
        box = transform_bounds(dataset.crs, crs.to_wkt(), *dataset.bounds)
    left, bottom, right, top = box
    return Grid(
        crs=crs,
        transform=Affine(pixel_m, 0, left, 0, -pixel_m, top),
        rows=int((top - bottom) / pixel_m),
        columns=int((right - left) / pixel_m),
    )


def test_new_ground_meets_the_mining_alert(test_data: Path) -> None:
    pair = test_data / "goldmining_alert_pair"
    utm = CRS.from_epsg(32621)
    alert = geopandas.read_file(pair / "example.geojson").to_crs(utm.to_wkt()).union_all()
    with opened(pair / "example_t0.tif") as first, opened(pair / "example_t1.tif") as second:
        grid = grid_of(pair / "example_t1.tif", utm, 10)
        detection = detect(first, second, grid, settings=SETTINGS, residual_m=5)
    new = shapely.union_all([d.shape for d in of(detection, Epoch.NEW)])
    assert new.intersection(alert).area > 0.1 * alert.area
    assert new.area < 0.02 * grid.footprint.area


@pytest.mark.parametrize(("year", "later"), [("2010", "2012"), ("2016", "2018")])
def test_little_is_new_where_only_seasons_passed(test_data: Path, year: str, later: str) -> None:
    (first,) = (test_data / "naip_series").glob(f"*_{year}*.tif")
    (second,) = (test_data / "naip_series").glob(f"*_{later}*.tif")
    with opened(first) as before, opened(second) as after, rasterio.open(second) as dataset:
        grid = dataset_grid(dataset)
        detection = detect(before, after, grid, settings=SETTINGS, residual_m=2.5)
    new = sum(d.shape.area for d in of(detection, Epoch.NEW))
    assert new < 0.05 * grid.footprint.area


def windows(heights: NDArray[np.float32]) -> ReadHeights:
    """Give heights window by window."""

    def read(window: Grid) -> NDArray[np.float32]:
        column, row = (round(v) for v in ~GRID.transform @ (window.transform.c, window.transform.f))
        return heights[row : row + window.rows, column : column + window.columns]

    return read


def found_by_heights(
    picture: NDArray[np.uint8], change: NDArray[np.float32], *, surface: ReadHeights | None = None
) -> tuple[Disturbance, ...]:
    """What became of the forest, of which the heights are known."""
    return detect(
        read(another_day(forest())),
        read(picture),
        GRID,
        settings=SETTINGS,
        residual_m=0.2,
        heights=windows(change),
        surface=surface,
    ).disturbances


def test_digging_and_heaping_show_in_the_heights() -> None:
    """Trees of ten metres fell on three clearings; one was dug as well, one heaped upon."""
    picture, change = forest(), np.full((SIDE, SIDE), 0.1, np.float32)
    soil = ground(SOIL, 0.07, 2)
    places = [
        (20, 20, -10.0),
        (20, 150, -10.5),
        (130, 20, -16.0),
        (130, 150, -4.0),
        (230, 90, -9.5),
    ]
    for row, column, fell in places:
        part = (slice(row, row + 60), slice(column, column + 60))
        picture[part], change[part] = soil[part], fell

    found = found_by_heights(picture, change)
    classes = {round(d.evidence["height_change_m"]): d.ground_class for d in found}
    assert classes[-16] is GroundClass.EXCAVATION
    assert classes[-4] is GroundClass.STOCKPILE
    assert classes[-10] is GroundClass.VEGETATION_CLEARING


def test_a_heap_where_higher_trees_stood_shows_on_the_later_surface_alone() -> None:
    """Two clearings, too few to know the trees by; the surface after shows what lies on one."""
    picture, after = forest(), np.full((SIDE, SIDE), 410.0, np.float32)
    soil = ground(SOIL, 0.07, 2)
    inward = np.minimum(np.arange(60), np.arange(60)[::-1])
    heap = PIXEL_M * np.minimum(inward[:, None], inward[None]) * 0.6
    for row, column, lies in ((20, 20, 0 * heap), (130, 150, heap)):
        part = (slice(row, row + 60), slice(column, column + 60))
        picture[part], after[part] = soil[part], 400 + lies
    change = after - np.float32(410)

    def called(surface: ReadHeights | None) -> dict[int, GroundClass]:
        found = found_by_heights(picture, change, surface=surface)
        return {
            round(one.shape.centroid.x - GRID.bounds[0]) // 50: one.ground_class for one in found
        }

    bare = GroundClass.VEGETATION_CLEARING
    assert set(called(None).values()) == {bare}
    assert sorted(called(windows(after)).items()) == [(0, bare), (1, GroundClass.STOCKPILE)]


def test_the_sample_scene_gives_up_what_is_new_and_nothing_else(sample: Path) -> None:
    truth = json.loads((sample / "truth.json").read_text())
    east, north = truth["shift_m"]
    shapes = {o["name"]: shapely.geometry.shape(o["geometry"]) for o in truth["objects"]}
    moved = Affine.translation(east, north)
    with (
        opened(sample / "baseline.tif", moved=moved) as before,
        opened(sample / "current.tif") as after,
        rasterio.open(sample / "current.tif") as dataset,
    ):
        grid = dataset_grid(dataset)
        detection = detect(before, after, grid, settings=SETTINGS, residual_m=0.1)
    everything = shapely.union_all(list(shapes.values())).buffer(1)
    for kind in truth["objects"]:
        if kind["epoch"] == "standing":
            continue
        shape = shapes[kind["name"]].intersection(grid.footprint)
        same = [d.shape for d in of(detection, Epoch(kind["epoch"]))]
        best = max(s.intersection(shape).area / s.union(shape).area for s in same)
        assert best >= 0.6, kind["name"]
    for d in of(detection, Epoch.NEW):
        assert d.shape.intersection(everything).area > 0.8 * d.shape.area
