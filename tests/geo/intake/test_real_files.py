"""Every real flight, and every file that broke a reader, has the verdict it deserves."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio

from geo.intake.image import normalise_image, probe_image
from tests.geo.intake.tiffs import verdict

VERDICTS = {
    # file: (what the position is found to be, what copying the pixels ends with)
    "drone_orthos/1091-322_00.tif": ("accepted", "accepted"),
    "drone_orthos/OSBS_029.tif": ("accepted", "accepted"),
    "drone_orthos/australia.tif": ("accepted", "accepted"),
    "drone_orthos/cog_rgb_mask.tif": ("accepted", "accepted"),
    "drone_orthos/cog_rgba.tif": ("accepted", "accepted"),
    "drone_orthos/orthophoto.tif": ("accepted", "accepted"),
    "drone_orthos/pix4d_alpha_nodata.tif": ("accepted", "accepted"),
    "nasty/RGB.byte.gcp.vrt": ("image_not_geotiff", "image_not_geotiff"),
    "nasty/RGB.byte.tif": ("accepted", "accepted"),
    "nasty/RGBA.uint16.tif": ("accepted", "image_not_8_bit"),
    "nasty/a39se10.jpg": ("image_not_geotiff", "image_not_geotiff"),
    "nasty/a39se10.jgw": ("image_type_unknown", "image_type_unknown"),
    "nasty/all-nodata.tif": ("accepted", "image_not_8_bit"),
    "nasty/alpha.tif": ("accepted", "accepted"),
    "nasty/au-3577-rotated.tif": ("accepted", "image_not_8_bit"),
    "nasty/au-gcp.tif": ("image_needs_rectifying", "accepted"),
    "nasty/cog_cmap.tif": ("accepted", "accepted"),
    "nasty/cog_dateline.tif": ("accepted", "image_not_8_bit"),
    "nasty/cog_hirise_mars.tif": ("image_crs_not_earth", "accepted"),
    "nasty/corrupt.tif": ("image_truncated", "image_truncated"),
    "nasty/float_nan.tif": ("image_without_crs", "image_not_8_bit"),
    "nasty/huge-sparse.tiff": ("image_block_too_large", "image_block_too_large"),
    "nasty/image_2000px.tif": ("accepted", "accepted"),
    "nasty/image_webp.tif": ("accepted", "accepted"),
    "nasty/inverted_lat.tif": ("accepted", "image_not_8_bit"),
    "nasty/no_geo2.jpg": ("image_not_geotiff", "image_not_geotiff"),
    "nasty/nontiff.jpg": ("image_not_geotiff", "image_not_geotiff"),
    "nasty/rotated.tif": ("image_without_crs", "accepted"),
    "nasty/sample_jpeg.tif": ("accepted", "accepted"),
    "nasty/test_esri_wkt.tif": ("accepted", "image_not_8_bit"),
    "nasty/truncated.tiff": ("image_truncated", "image_truncated"),
}
COPIED = [
    name
    for name, (_, pixels) in VERDICTS.items()
    # A palette is judged by a test of its own.
    if pixels == "accepted" and "cmap" not in name
]
COLLARS = {
    "drone_orthos/OSBS_029.tif": 255,
    "drone_orthos/australia.tif": 0,
    "nasty/RGB.byte.tif": 0,
    "nasty/au-gcp.tif": 0,
    "nasty/sample_jpeg.tif": 153,
}


def test_every_file_has_a_verdict(test_data: Path) -> None:
    there = {
        f"{folder}/{path.name}"
        for folder in ("drone_orthos", "nasty")
        for path in (test_data / folder).iterdir()
    }
    assert there == set(VERDICTS)


@pytest.mark.parametrize("name", VERDICTS)
def test_a_file_gets_its_verdict(name: str, test_data: Path, tmp_path: Path) -> None:
    position, pixels = VERDICTS[name]
    path = test_data / name
    assert verdict(lambda: probe_image(path).placed()) == position
    assert verdict(lambda: normalise_image(path, tmp_path / "working.tif")) == pixels


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", COPIED)
def test_a_working_file_has_the_pixels_of_its_flight(
    name: str, test_data: Path, tmp_path: Path
) -> None:
    seen = normalise_image(test_data / name, tmp_path / "working.tif")
    with rasterio.open(test_data / name) as source:
        values = source.read()
        if name in COLLARS:
            valid = (values[:3] != COLLARS[name]).any(axis=0)
        elif source.count == 4:
            valid = values[3] != 0
        else:
            valid = source.dataset_mask() != 0
        colours = values[:3] if source.count >= 3 else np.repeat(values[:1], 3, axis=0)
        place = source.transform
    with rasterio.open(tmp_path / "working.tif") as copy:
        np.testing.assert_array_equal(copy.read(), np.where(valid, colours, 0))
        np.testing.assert_array_equal(copy.read_masks(1) != 0, valid)
        assert copy.transform == place
    assert seen == valid.sum()


def test_the_twins_agree_wherever_both_show_ground(test_data: Path, tmp_path: Path) -> None:
    """One has alpha, the other a mask; their collars differ by design of whoever cut them."""
    shown = []
    for name in ("cog_rgba.tif", "cog_rgb_mask.tif"):
        normalise_image(test_data / "drone_orthos" / name, tmp_path / name)
        with rasterio.open(tmp_path / name) as copy:
            shown.append((copy.read(), copy.read_masks(1) != 0))
    (one, one_valid), (other, other_valid) = shown
    both = one_valid & other_valid
    assert both.sum() > 70_000
    np.testing.assert_array_equal(one[:, both], other[:, both])


def test_a_flight_cut_short_is_refused(test_data: Path, tmp_path: Path) -> None:
    for path in sorted((test_data / "drone_orthos").glob("*.tif")):
        cut = tmp_path / path.name
        shutil.copyfile(path, cut)
        with cut.open("r+b") as file:
            file.truncate(path.stat().st_size * 6 // 10)
        assert verdict(lambda cut=cut: probe_image(cut)) == "image_truncated"
