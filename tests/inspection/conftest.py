"""A small site drawn by hand, and inspections of it that several tests look at."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
import rasterio.features
import shapely
from affine import Affine
from pyproj import CRS

from geo.crs import LONLAT, moved_shape
from tests.inspection.ready import ready

UTM = CRS.from_epsg(32750)
SIDE_PX, GSD_M = 640, 0.25
EAST, NORTH = 333_000.0, 9_613_000.0
SHIFT_M = (0.5, -0.25)
MOMENT = "2026-11-21T03:00:00+00:00"


def box(x0, y0, x1, y1):
    """A rectangle in metres from the upper left corner of the site, y to the south."""
    return shapely.box(EAST + x0, NORTH - y1, EAST + x1, NORTH - y0)


PERMIT = box(30, 30, 120, 130)
OLD_PIT = box(45, 45, 70, 65)
NEW_CLEARING = box(45, 85, 75, 115)
ACROSS = box(100, 60, 140, 80)


def forest(seed):
    """Canopy as smooth noise of several sizes, greener than it is anything else."""
    random = np.random.default_rng(seed)
    light = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    for size, weight in ((8, 1.0), (32, 1.4), (160, 1.6), (320, 0.8)):
        cells = random.normal(0, 1, (size, size)).astype(np.float32)
        light += weight * cv2.resize(cells, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
    return np.stack([52 + 11 * light, 84 + 13 * light, 44 + 8 * light])


def soil(seed):
    random = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(
        random.normal(0, 1, (SIDE_PX, SIDE_PX)).astype(np.float32), (0, 0), 1.5
    )
    return np.stack([172 + 25 * grain, 118 + 20 * grain, 74 + 15 * grain])


def picture(*, bare, seed=1, shift=(0.0, 0.0), gain=1.0, light_seed=None):
    """Red, green, blue (3, rows, columns) of the site with the given ground laid bare."""
    canopy = forest(seed)
    if light_seed is not None:
        canopy = canopy + 0.15 * (forest(light_seed) - canopy)
    ground = soil(seed + 50)
    mask = rasterio.features.rasterize(
        [(shape, 1) for shape in bare], out_shape=(SIDE_PX, SIDE_PX), transform=transform()
    )
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
    mixed = canopy * (1 - soft) + ground * soft
    move = np.float32([[1, 0, shift[0] / GSD_M], [0, 1, -shift[1] / GSD_M]])
    shifted = [
        cv2.warpAffine(
            b.astype(np.float32), move, (SIDE_PX, SIDE_PX), borderMode=cv2.BORDER_REFLECT
        )
        for b in mixed
    ]
    return np.clip(np.rint(np.array(shifted) * gain), 1, 255).astype(np.uint8)


def transform():
    return Affine(GSD_M, 0, EAST, 0, -GSD_M, NORTH)


def write_picture(path, pixels, *, crs=UTM, placed=None, unseen=None, when="2026:10:03 13:40:00"):
    alpha = np.full((1, SIDE_PX, SIDE_PX), 255, np.uint8)
    if unseen is not None:
        alpha[0, unseen[0], unseen[1]] = 0
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=SIDE_PX,
        height=SIDE_PX,
        count=4,
        dtype="uint8",
        crs=rasterio.crs.CRS.from_wkt(crs.to_wkt()) if crs else None,
        transform=placed or transform(),
        tiled=True,
        compress="deflate",
        photometric="RGB",
        alpha="YES",
    ) as target:
        target.write(np.concatenate([pixels, alpha]))
        target.update_tags(TIFFTAG_DATETIME=when)


def write_boundary(path, shape):
    degrees = moved_shape(shape, source=UTM, target=LONLAT)
    path.write_text(json.dumps(shapely.geometry.mapping(degrees)))


@dataclass(frozen=True, kw_only=True)
class Site:
    """The files of one small site."""

    folder: Path

    def file(self, name):
        return str(self.folder / name)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Two flights: between them a clearing inside and one across the line; the second is moved."""
    folder = tmp_path_factory.mktemp("site")
    write_picture(folder / "baseline.tif", picture(bare=[OLD_PIT]), when="2025:08:12 09:10:00")
    write_picture(
        folder / "current.tif",
        picture(bare=[OLD_PIT, NEW_CLEARING, ACROSS], shift=SHIFT_M, gain=1.12, light_seed=9),
        unseen=(slice(460, 520), slice(120, 200)),
    )
    write_boundary(folder / "boundary.geojson", PERMIT)
    (folder / "permit.json").write_text(
        json.dumps(
            {
                "id": "TEST/1",
                "holder": "PT Contoh <b>& Rekan",
                "valid_from": "2025-01-01",
                "valid_until": "2027-12-31",
                "limits": {"max_disturbed_ha": 0.1},
            }
        )
    )
    return Site(folder=folder)


def run(*words, timeout=240, env=None, preexec=None, stdin=None, anew=False):
    """The command line as a person starts it, in a process of its own; from nothing, if asked."""
    env = {**os.environ, "TINJAU_RECORDS": "/nonexistent/records", **(env or {})}
    if not anew and preexec is None:
        return ready().run(words, env=env, stdin=stdin, timeout=timeout)
    return subprocess.run(
        [sys.executable, "-m", "inspection", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=env,
        preexec_fn=preexec,
        input=stdin,
    )


def inspect_site(site, *words, records, out, moment=MOMENT, anew=False):
    """Inspect the small site with everything it has, in English."""
    return run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("current.tif"),
        "--baseline",
        site.file("baseline.tif"),
        "--permit",
        site.file("permit.json"),
        "--records",
        records,
        "--created-at",
        moment,
        "--language",
        "en",
        "--out",
        out,
        *words,
        anew=anew,
    )


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One finished inspection and what it left."""

    folder: Path
    records: Path
    result: dict
    document: dict


@pytest.fixture(scope="session")
def inspected(site, tmp_path_factory):
    """The small site, inspected with everything it has."""
    home = tmp_path_factory.mktemp("inspected")
    done = inspect_site(site, "--json", records=home / "records", out=home / "out", anew=True)
    assert done.returncode == 0, done.stderr
    return Ran(
        folder=home / "out",
        records=home / "records",
        result=json.loads(done.stdout),
        document=json.loads((home / "out" / "inspection.json").read_bytes()),
    )
