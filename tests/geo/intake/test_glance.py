"""A glance tells where an image shows ground as a full copy of it would."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp, Resampling

from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.intake import glancing
from geo.intake.glance import glance_at
from geo.intake.image import normalise_image, probe_image
from tests.geo.intake.tiffs import TRANSFORM, picture, written

ROWS, COLUMNS = 1500, 1000
WHOLE = Tile(row=0, column=0, rows=ROWS, columns=COLUMNS)


def half_seen(path: Path, form: str) -> Path:
    """Ground in the left half only, said in one of the ways that files have."""
    pixels = picture(ROWS, COLUMNS)
    pixels[:, :, COLUMNS // 2 :] = 0
    if form == "nodata":
        return written(path, pixels, nodata=0, compress="DEFLATE")
    if form == "alpha":
        alpha = np.zeros((1, ROWS, COLUMNS), np.uint8)
        alpha[:, :, : COLUMNS // 2] = 255
        colours = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
        return written(path, np.concatenate([pixels, alpha]), colours=colours, compress="DEFLATE")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        written(path, pixels, compress="DEFLATE")
        with rasterio.open(path, "r+") as file:
            file.write_mask(np.where(pixels[0] == 0, np.uint8(0), np.uint8(255)))
    return path


@pytest.mark.parametrize("overviews", [[], [2]])
@pytest.mark.parametrize("form", ["nodata", "alpha", "mask"])
def test_half_an_image_is_seen_as_half(tmp_path: Path, form: str, overviews: list[int]) -> None:
    path = half_seen(tmp_path / "half.tif", form)
    if overviews:
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as file:
            file.build_overviews(overviews, Resampling.nearest)
    whole, right = glance_at(path, [WHOLE, Tile(row=10, column=600, rows=50, columns=40)])
    assert whole is not None
    assert right is not None
    assert whole.seen.shape == (512, 500 if overviews else 512)
    assert whole.share == pytest.approx(0.5, abs=0.002)
    middle = whole.seen.shape[1] // 2
    assert whole.seen[:, : middle - 1].all()
    assert not whole.seen[:, middle + 1 :].any()
    assert right.share == 0


def test_its_grid_lies_on_the_part(tmp_path: Path) -> None:
    path = half_seen(tmp_path / "half.tif", "nodata")
    part = Tile(row=100, column=200, rows=700, columns=600)
    (glance,) = glance_at(path, [part])
    assert glance is not None
    grid = Grid(crs=probe_image(path).placed().crs, transform=TRANSFORM, rows=ROWS, columns=COLUMNS)
    there, whole = glance.of(grid), part.of(grid)
    np.testing.assert_allclose(there.bounds, whole.bounds, rtol=0, atol=1e-6)
    assert there.shape == glance.seen.shape


def test_a_large_image_without_overviews_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glancing, "CHEAP_PIXELS", 1_000_000)
    path = half_seen(tmp_path / "half.tif", "nodata")
    said = glancing.glances(
        path, [(0, 0, ROWS, COLUMNS), (0, 0, 20, 20)], is_sparse=False, driver="GTiff"
    )
    assert said["glances"][0] is None
    assert said["glances"][1] is not None


def test_what_a_copy_would_refuse_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "complex.tif", picture(30, 40).astype(np.complex64))
    with pytest.raises(RefusedError, match="image_"):
        glance_at(path, [Tile(row=0, column=0, rows=30, columns=40)])


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(
    "name", ["pix4d_alpha_nodata.tif", "orthophoto.tif", "cog_rgba.tif", "cog_rgb_mask.tif"]
)
def test_real_flights_are_seen_as_their_copies_are(
    name: str, test_data: Path, tmp_path: Path
) -> None:
    path = test_data / "drone_orthos" / name
    probe = probe_image(path)
    (glance,) = glance_at(path, [Tile(row=0, column=0, rows=probe.rows, columns=probe.columns)])
    assert glance is not None
    seen = normalise_image(path, tmp_path / "copy.tif").seen_pixels
    assert glance.share == pytest.approx(seen / (probe.rows * probe.columns), abs=0.01)


def test_a_turned_image_is_glanced_at_along_its_own_rows(tmp_path: Path) -> None:
    turned = TRANSFORM @ Affine.rotation(30)
    path = written(tmp_path / "turned.tif", picture(60, 40), transform=turned)
    (glance,) = glance_at(path, [Tile(row=0, column=0, rows=60, columns=40)])
    assert glance is not None
    grid = probe_image(path).placed()
    assert glance.of(grid).footprint.equals_exact(grid.footprint, 1e-6)
