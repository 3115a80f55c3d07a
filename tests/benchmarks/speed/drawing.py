"""
A drawn pair of orthophotos: seeded, and with the statistics of natural pictures.

Leaves of all sizes lie over one another (power law, so that detail is alike at every scale),
under texture of spectrum 1/f and the grain of a sensor; colours go together as they do outdoors.
The second date is the first moved by a part of a metre, in other light, with patches of bare
soil. Pixels are made block by block, so that the size of a picture is bounded by the disk alone.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import rasterio
import shapely
from rasterio.windows import Window

from tests.benchmarks.speed.repeated import PART_PX, repeat
from tests.benchmarks.speed.scene import REPEATED, Scene

CRS = "EPSG:32748"
PIXEL_M = 0.05
LEFT, TOP = 500_000.0, 9_300_000.0
CANVAS = 4096
BLOCK = 2048
RING_M = 100.0
"""Width of the ring of the profile that the benchmark inspects by."""
MOVED_PX = (11.3, -8.4)
LEAVES = 60_000
GRAIN = 3.0
SOIL = np.array([165, 130, 95], np.float32)
PACKED = {
    "deflate": {"compress": "deflate", "predictor": 2},
    "jpeg": {"compress": "jpeg", "jpeg_quality": 90, "photometric": "ycbcr"},
}


def draw(folder: Path, *, side: int, kind: str, seed: int = 1) -> Scene:
    """Draw a pair and its concession into a folder."""
    scene = Scene.at(folder, kind=kind)
    if kind == REPEATED:
        part = Scene.at(folder, kind="deflate")
        _draw_pictures(part, side=PART_PX, kind="deflate", seed=seed)
        repeat(part, scene, times=side // PART_PX)
    else:
        _draw_pictures(scene, side=side, kind=kind, seed=seed)
    permit = _outline(side * PIXEL_M, np.random.default_rng(seed + 1))
    scene.boundary.write_text(_geojson(permit))
    scene.ground.write_text(_geojson(permit.buffer(RING_M)))
    return scene


def _draw_pictures(scene: Scene, *, side: int, kind: str, seed: int) -> None:
    cv2.setNumThreads(1)
    canvas = _canvas(np.random.default_rng(seed))
    _write(scene.before, canvas, side=side, kind=kind, seed=seed, number=0)
    moved = np.stack([_shifted(band) for band in canvas])
    _write(scene.after, moved, side=side, kind=kind, seed=seed, number=1)


def _canvas(random: np.random.Generator) -> np.ndarray:
    """(3, rows, columns), periodic, about -1 to 1."""
    size = CANVAS
    leaves = np.zeros((size, size, 3), np.float32)
    radii = np.clip(2.0 * random.pareto(2.0, LEAVES) + 2.0, 2, size / 6)
    for radius in np.sort(radii)[::-1]:
        x, y = random.integers(0, size, 2)
        light = random.normal(0, 0.5)
        colour = (light + random.normal(0, 0.12, 3)).tolist()
        for right in {0, size if x < radius else 0, -size if x + radius >= size else 0}:
            for down in {0, size if y < radius else 0, -size if y + radius >= size else 0}:
                cv2.circle(leaves, (int(x + right), int(y + down)), int(radius), colour, -1)
    waves = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    waves[0, 0] = 1.0
    white = np.fft.rfft2(random.standard_normal((size, size)).astype(np.float32))
    texture = np.fft.irfft2(white / waves, s=(size, size)).astype(np.float32)
    return leaves.transpose(2, 0, 1) + 0.5 * texture / texture.std()


def _shifted(band: np.ndarray) -> np.ndarray:
    """Move a periodic band by parts of a pixel, exactly."""
    across, down = np.fft.rfftfreq(CANVAS)[None], np.fft.fftfreq(CANVAS)[:, None]
    turned = np.exp(-2j * np.pi * (across * MOVED_PX[0] + down * MOVED_PX[1]))
    return np.fft.irfft2(np.fft.rfft2(band) * turned, s=band.shape).astype(np.float32)


def _write(path: Path, canvas: np.ndarray, *, side: int, kind: str, seed: int, number: int) -> None:
    light, warm = (1.0, 0.0) if number == 0 else (1.12, 4.0)
    wide = np.random.default_rng(seed + 2).normal(size=(9, 9)).astype(np.float32)
    spots = np.random.default_rng(seed + 3).uniform(0.2, 0.8, (12, 2)) * side
    rim = _rim(side, seed)
    options = {"driver": "GTiff", "dtype": "uint8", "width": side, "height": side, "crs": CRS}
    options |= {"tiled": True, "blockxsize": 512, "blockysize": 512, "bigtiff": "IF_SAFER"}
    options |= {"transform": rasterio.Affine(PIXEL_M, 0, LEFT, 0, -PIXEL_M, TOP), "count": 4}
    options |= PACKED[kind]
    if kind == "jpeg":
        options["count"] = 3
    with (
        rasterio.Env(GDAL_CACHEMAX=256 << 20, GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", **options) as target,
    ):
        for top in range(0, side, BLOCK):
            for left in range(0, side, BLOCK):
                rows, columns = min(BLOCK, side - top), min(BLOCK, side - left)
                y, x = top + np.arange(rows), left + np.arange(columns)
                colours = canvas[:, (y % CANVAS)[:, None], (x % CANVAS)[None]]
                hills = cv2.remap(
                    wide,
                    *(v.astype(np.float32) for v in np.meshgrid(x * 8 / side, y * 8 / side)),
                    cv2.INTER_CUBIC,
                )
                random = np.random.default_rng([seed, number, top, left])
                colours = (colours * 26 + 10 * hills) * light
                colours += np.array([82 + warm, 98, 66 - warm], np.float32)[:, None, None]
                if number:
                    for across, down in spots:
                        _lay_bare(colours, x - across, y - down, reach=side / 60)
                colours += random.standard_normal(colours.shape, np.float32) * GRAIN
                seen = (y[:, None] > rim[0][x][None]) & (y[:, None] < side - rim[1][x][None])
                pixels = np.clip(colours, 1, 255).astype(np.uint8) * seen
                where = Window(left, top, columns, rows)
                target.write(pixels, indexes=(1, 2, 3), window=where)
                if kind == "jpeg":
                    target.write_mask(seen, window=where)
                else:
                    target.write(seen.astype(np.uint8) * 255, indexes=4, window=where)
        if kind != "jpeg":
            target.colorinterp = [*map(rasterio.enums.ColorInterp, (3, 4, 5, 6))]


def _lay_bare(colours: np.ndarray, x: np.ndarray, y: np.ndarray, *, reach: float) -> None:
    """Cover a disc around 0, 0 with soil, as far as it lies in a block."""
    columns, rows = np.flatnonzero(np.abs(x) < reach), np.flatnonzero(np.abs(y) < reach)
    if rows.size and columns.size:
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        near = np.hypot(x[None, part[1]], y[part[0], None]) < reach
        bare = colours[:, *part] * 0.25 + 0.75 * SOIL[:, None, None]
        colours[:, *part] = np.where(near, bare, colours[:, *part])


def _rim(side: int, seed: int) -> np.ndarray:
    """How far the ground begins inside the picture, above and below, by column."""
    steps = np.random.default_rng(seed + 4).normal(size=(2, side))
    walk = np.cumsum(steps, axis=1) * side / 4000
    return np.abs(walk - walk[:, :1]) + side * 0.01


def _outline(side_m: float, random: np.random.Generator) -> shapely.Polygon:
    """A concession of sixty corners, whose ring stays in the picture."""
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = (0.43 * side_m - RING_M) * random.uniform(0.9, 1.05, 60)
    middle = side_m / 2
    x, y = LEFT + middle + reach * np.cos(angles), TOP - middle + reach * np.sin(angles)
    return shapely.Polygon(np.column_stack([x, y]))


def _geojson(shape: shapely.Polygon) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {
                "type": "name",
                "properties": {"name": f"urn:ogc:def:crs:{CRS.replace(':', '::')}"},
            },
            "features": [
                {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
            ],
        }
    )


if __name__ == "__main__":
    draw(Path(sys.argv[1]), side=int(sys.argv[2]), kind=sys.argv[3])
