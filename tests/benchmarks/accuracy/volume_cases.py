"""Pairs of surfaces with earth moved between them, whose volumes are known."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import shapes
from scipy import ndimage
from shapely import Geometry, Point, affinity
from shapely.geometry import shape
from shapely.ops import unary_union

from geo.grid import Grid

UTM = CRS.from_epsg(32750)
WEST, SOUTH, SIDE_M = 300_000.0, 9_630_000.0, 160.0
FINE_M = 0.1
"""Side of the cells over which the truth is added up."""

SLICES = 12
FEWEST_CELLS = 50
"""Levels at which the depression is cut, and the smallest hollow below one that counts."""

type Numbers = NDArray[np.float64]
type Surface = Callable[[Numbers, Numbers], Numbers]


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """Ground on which earth was moved, as it would be outlined."""

    outline: Geometry
    cut_m3: float
    fill_m3: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two surfaces as files, and what was moved between them."""

    name: str
    kind: str
    before: Path
    after: Path
    before_grid: Grid
    after_grid: Grid
    pieces: tuple[Piece, ...]


def drawn(seeds: range, folder: Path) -> Iterator[Pair]:
    """One pair for each seed."""
    for seed in seeds:
        yield _pair(seed, folder)


def _pair(seed: int, folder: Path) -> Pair:
    random = np.random.default_rng([7, seed])
    terrain = _terrain(random)
    works = [_work(random, spot) for spot in _spots(random)]
    kind = ("white", "correlated", "hard")[seed % 3]
    growth = _growth(random, [outline for outline, _ in works], hard=kind == "hard")
    sigma = float(random.uniform(0.02, 0.08))
    lift, tilt = random.normal(0, 0.5), random.normal(0, 0.0008, 2)

    def then(x: Numbers, y: Numbers) -> Numbers:
        return terrain(x, y)

    def now(x: Numbers, y: Numbers) -> Numbers:
        moved = sum((change(x, y) for _, change in works), np.zeros(x.shape))
        level = lift + tilt[0] * (x - WEST) + tilt[1] * (y - SOUTH)
        return terrain(x, y) + moved + growth(x, y) + level

    files = {}
    for day, surface in (("before", then), ("after", now)):
        grid = _grid(random)
        values = surface(*_centres(grid)) + _noise(random, grid, sigma, kind)
        if kind == "hard":
            values = _spoilt(random, values, grid)
        files[day] = written(folder / f"{seed}-{day}.tif", values, grid), grid
    return Pair(
        name=f"drawn {seed}",
        kind=kind,
        before=files["before"][0],
        after=files["after"][0],
        before_grid=files["before"][1],
        after_grid=files["after"][1],
        pieces=tuple(_piece(outline, change) for outline, change in works),
    )


def _grid(random: np.random.Generator) -> Grid:
    cell = float(random.choice([0.25, 0.4, 0.5, 0.7, 1.0]))
    at = random.uniform(-1, 0, 2) * cell
    count = math.ceil(SIDE_M / cell) + 2
    transform = Affine(cell, 0, WEST + at[0], 0, -cell, SOUTH + SIDE_M - at[1])
    return Grid(crs=UTM, transform=transform, rows=count, columns=count)


def _centres(grid: Grid) -> tuple[Numbers, Numbers]:
    columns, rows = np.meshgrid(np.arange(grid.columns) + 0.5, np.arange(grid.rows) + 0.5)
    t = grid.transform
    return t.c + t.a * columns, t.f + t.e * rows


def _terrain(random: np.random.Generator) -> Surface:
    """Hills, and roughness down to metres, as waves: known everywhere, not only on a grid."""
    lengths = np.geomspace(3, 200, 24)
    turned, phase = random.uniform(0, 2 * np.pi, (2, 24))
    heights = random.uniform(0.004, 0.016) * lengths

    def surface(x: Numbers, y: Numbers) -> Numbers:
        total = np.full(x.shape, 60.0)
        for length, angle, start, high in zip(lengths, turned, phase, heights, strict=True):
            along = (x - WEST) * np.cos(angle) + (y - SOUTH) * np.sin(angle)
            total += high * np.sin(2 * np.pi * along / length + start)
        return total

    return surface


def _spots(random: np.random.Generator) -> list[tuple[float, float]]:
    """One to three places apart from one another."""
    every = [(WEST + e, SOUTH + n) for e in (42.0, 118.0) for n in (42.0, 118.0)]
    random.shuffle(every)
    return [(x, y) for x, y in every[: int(random.integers(1, 4))]]


def _work(random: np.random.Generator, spot: tuple[float, float]) -> tuple[Geometry, Surface]:
    """A pit, a heap, a bench with its spoil beside it, or a thin layer."""
    form = random.choice(["pit", "heap", "benches", "cut and fill", "layer"])
    x0, y0 = np.array(spot) + random.uniform(-6, 6, 2)
    radius = float(random.uniform(7, 22))
    deep = float(random.uniform(0.6, 6))
    squash = float(random.uniform(0.6, 1.0))
    angle = float(random.uniform(0, np.pi))

    def near(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        along = (x - x0) * np.cos(angle) + (y - y0) * np.sin(angle)
        across = -(x - x0) * np.sin(angle) + (y - y0) * np.cos(angle)
        return along, across / squash

    def change(x: Numbers, y: Numbers) -> Numbers:
        along, across = near(x, y)
        inwards = np.clip(1 - np.hypot(along, across) / radius, 0, 1)
        if form == "pit":
            return -deep * np.minimum(inwards * 2.5, 1)
        if form == "heap":
            return deep * inwards
        if form == "benches":
            return -deep * np.ceil(inwards * 3) / 3
        if form == "layer":
            return np.where(inwards > 0, 0.12 + 0.05 * deep, 0.0)
        return deep * inwards * np.sin(np.pi * along / radius)

    outline = affinity.rotate(
        affinity.scale(Point(x0, y0).buffer(radius, quad_segs=32), 1, squash), math.degrees(angle)
    )
    # People and detectors draw a little wide.
    return outline.buffer(float(random.uniform(0.5, 3))), change


def _piece(outline: Geometry, change: Surface) -> Piece:
    west, south, east, north = outline.bounds
    x, y = np.meshgrid(
        np.arange(west + FINE_M / 2, east, FINE_M), np.arange(south + FINE_M / 2, north, FINE_M)
    )
    moved = change(x, y) * FINE_M**2
    return Piece(
        outline=outline,
        cut_m3=float(-moved[moved < 0].sum()),
        fill_m3=float(moved[moved > 0].sum()),
    )


def _growth(random: np.random.Generator, works: list[Geometry], *, hard: bool) -> Surface:
    """Shrubs that grew, apart from the works, on a tenth of the ground or a third."""
    count = int(random.integers(40, 75)) if hard else int(random.integers(0, 25))
    bushes = []
    for _ in range(count):
        x, y = np.array([WEST, SOUTH]) + random.uniform(0, SIDE_M, 2)
        radius = float(random.uniform(2, 8))
        if all(work.distance(Point(x, y)) > radius + 1 for work in works):
            bushes.append((x, y, radius, float(random.uniform(0.1, 2))))

    def surface(x: Numbers, y: Numbers) -> Numbers:
        grown = np.zeros(x.shape)
        for east, north, radius, high in bushes:
            inside = 1 - ((x - east) ** 2 + (y - north) ** 2) / radius**2
            grown = np.maximum(grown, high * np.sqrt(np.clip(inside, 0, 1)))
        return grown

    return surface


def _noise(random: np.random.Generator, grid: Grid, sigma: float, kind: str) -> Numbers:
    white = random.normal(0, sigma, grid.shape)
    if kind == "white":
        return white
    cell = grid.pixel_size
    near = _smooth(random, grid.shape, float(random.uniform(1, 4)) / cell)
    far = _smooth(random, grid.shape, float(random.uniform(10, 25)) / cell)
    return 0.6 * white + sigma * (0.7 * near + 0.3 * far)


def _smooth(random: np.random.Generator, shape: tuple[int, int], over: float) -> Numbers:
    step = max(1, int(over / 3))
    coarse = [math.ceil(length / step) + 2 for length in shape]
    field = ndimage.gaussian_filter(random.normal(0, 1, coarse), over / step, mode="wrap")
    finer = ndimage.zoom(field, step, order=1)[: shape[0], : shape[1]]
    return finer / field.std()


def _spoilt(random: np.random.Generator, values: Numbers, grid: Grid) -> Numbers:
    """Outliers of metres, and holes."""
    spoilt = values.copy()
    wild = random.random(grid.shape) < 0.002
    spoilt[wild] += random.normal(0, 4, int(wild.sum()))
    x, y = _centres(grid)
    for _ in range(int(random.integers(4, 12))):
        east, north = np.array([WEST, SOUTH]) + random.uniform(0, SIDE_M, 2)
        spoilt[(x - east) ** 2 + (y - north) ** 2 < random.uniform(0.5, 2.5) ** 2] = np.nan
    return spoilt


def written(path: Path, values: Numbers, grid: Grid) -> Path:
    """A working file as intake writes it."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=grid.columns,
        height=grid.rows,
        count=1,
        dtype="float32",
        nodata=math.nan,
        crs=grid.rasterio_crs,
        transform=grid.transform,
    ) as target:
        target.write(values.astype(np.float32), 1)
    return path


def depressions(data: Path, folder: Path, *, first_seed: int) -> Iterator[Pair]:
    """
    A real depression, as if it had been dug: to the rim, and each hollow in it by itself.

    `sink` marks it on the heights `dem`, cells of a metre. Before, all that lies below a level was
    level ground; what was taken from there plain sums tell. Both dates get the noise of a survey,
    and the later one stands off and leans.
    """
    with rasterio.open(data / "dsm_dtm/dem.tif") as source:
        dem = source.read(1).astype(np.float64)
        grid = Grid(
            crs=CRS.from_wkt(source.crs.to_wkt()),
            transform=source.transform,
            rows=source.height,
            columns=source.width,
        )
    with rasterio.open(data / "dsm_dtm/sink.tif") as source:
        sink = source.read(1) > 0
    seed = first_seed
    levels = np.linspace(dem[sink].min(), dem[sink].max(), SLICES + 1)[1:]
    for level in levels:
        numbers, count = ndimage.label(sink & (dem < level))
        for number in range(1, count + 1):
            hollow = numbers == number
            if hollow.sum() >= FEWEST_CELLS:
                yield _dug(dem, hollow, float(level), grid, folder, seed)
                seed += 1


def _dug(dem: Numbers, hollow: Numbers, level: float, grid: Grid, folder: Path, seed: int) -> Pair:
    random = np.random.default_rng([11, seed])
    sigma = float(random.uniform(0.02, 0.08))
    x, y = _centres(grid)
    lean = random.normal(0, 0.5) + random.normal(0, 0.0008) * (x - x.mean())
    lean += random.normal(0, 0.0008) * (y - y.mean())
    before = np.where(hollow, level, dem) + _noise(random, grid, sigma, "correlated")
    after = dem + lean + _noise(random, grid, sigma, "correlated")
    outlines = [
        shape(one)
        for one, _ in shapes(hollow.astype(np.uint8), mask=hollow, transform=grid.transform)
    ]
    cut_m3 = float((level - dem[hollow]).sum()) * grid.pixel_size**2
    return Pair(
        name=f"depression {seed}",
        kind="depression",
        before=written(folder / f"{seed}-before.tif", before, grid),
        after=written(folder / f"{seed}-after.tif", after, grid),
        before_grid=grid,
        after_grid=grid,
        pieces=(Piece(outline=unary_union(outlines), cut_m3=cut_m3, fill_m3=0.0),),
    )
