"""Every real flight, and every file that broke a reader, has the verdict it deserves."""

import shutil
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio

from geo.intake.image import normalise_image, probe_image
from tests.geo.intake.tiffs import verdict

VERDICTS = {
    # file: (what the position is found to be, what copying the pixels ends with)
    "drone_orthos/*.tif": ("accepted", "accepted"),
    "goldmining_alert_pair/*.tif": ("accepted", "accepted"),
    "naip_series/*.tif": ("accepted", "accepted"),
    # Heights make a picture too; that they are heights, `geo.sanity` says.
    "dsm_dtm/*.tif": ("accepted", "accepted"),
    "ortho_from_raw_taiwan/odm/odm_dem/dsm.tif": ("accepted", "accepted"),
    # Frames of a camera, and crops without a place: pictures, but of nowhere.
    "ortho_from_raw_taiwan/odm/images/*.tif": ("image_without_crs", "accepted"),
    "drone_raw_brighton/*.JPG": ("image_needs_position", "accepted"),
    "minenetcd_site2/*.png": ("image_needs_position", "accepted"),
    "second_crops/*.png": ("image_needs_position", "accepted"),
    # What lies beside them and is no image.
    "*/_SRC_LICENSE": ("image_type_unknown", "image_type_unknown"),
    "drone_raw_brighton/LICENSE": ("image_type_unknown", "image_type_unknown"),
    "goldmining_alert_pair/example.geojson": ("image_not_geotiff", "image_not_geotiff"),
    "ortho_from_raw_taiwan/odm/opensfm/*.json": ("image_not_geotiff", "image_not_geotiff"),
    "nasty/RGB.byte.gcp.vrt": ("image_not_geotiff", "image_not_geotiff"),
    "nasty/RGB.byte.tif": ("accepted", "accepted"),
    # Every colour of every pixel is 10 000: a grey picture, with alpha.
    "nasty/RGBA.uint16.tif": ("accepted", "accepted"),
    "nasty/a39se10.jgw": ("image_type_unknown", "image_type_unknown"),
    "nasty/a39se10.jpg": ("image_needs_position", "accepted"),
    "nasty/all-nodata.tif": ("accepted", "image_shows_nothing"),
    "nasty/alpha.tif": ("accepted", "accepted"),
    "nasty/au-3577-rotated.tif": ("accepted", "accepted"),
    "nasty/au-gcp.tif": ("image_needs_rectifying", "accepted"),
    "nasty/cog_cmap.tif": ("accepted", "accepted"),
    "nasty/cog_dateline.tif": ("accepted", "accepted"),
    "nasty/cog_hirise_mars.tif": ("image_crs_not_earth", "accepted"),
    "nasty/corrupt.tif": ("image_truncated", "image_truncated"),
    "nasty/float_nan.tif": ("image_without_crs", "accepted"),
    "nasty/huge-sparse.tiff": ("image_block_too_large", "image_block_too_large"),
    "nasty/image_2000px.tif": ("accepted", "accepted"),
    "nasty/image_webp.tif": ("accepted", "accepted"),
    # Placed right, and -9999, which marks nothing, all over.
    "nasty/inverted_lat.tif": ("accepted", "image_shows_nothing"),
    "nasty/no_geo2.jpg": ("image_needs_position", "accepted"),
    "nasty/nontiff.jpg": ("image_needs_position", "accepted"),
    "nasty/rotated.tif": ("image_without_crs", "accepted"),
    "nasty/sample_jpeg.tif": ("accepted", "accepted"),
    "nasty/test_esri_wkt.tif": ("accepted", "accepted"),
    "nasty/truncated.tiff": ("image_truncated", "image_truncated"),
}
FOLDERS = (
    "drone_orthos",
    "drone_raw_brighton",
    "dsm_dtm",
    "goldmining_alert_pair",
    "minenetcd_site2",
    "naip_series",
    "nasty",
    "ortho_from_raw_taiwan",
    "second_crops",
)
COPIED = [
    "drone_orthos/1091-322_00.tif",
    "drone_orthos/OSBS_029.tif",
    "drone_orthos/australia.tif",
    "drone_orthos/cog_rgb_mask.tif",
    "drone_orthos/cog_rgba.tif",
    "drone_orthos/orthophoto.tif",
    "drone_orthos/pix4d_alpha_nodata.tif",
    "goldmining_alert_pair/example_t0.tif",
    "nasty/RGB.byte.tif",
    "nasty/a39se10.jpg",
    "nasty/alpha.tif",
    "nasty/au-gcp.tif",
    "nasty/image_2000px.tif",
    "nasty/image_webp.tif",
    "nasty/no_geo2.jpg",
    "nasty/rotated.tif",
    "nasty/sample_jpeg.tif",
]
SCALED = {
    "nasty/RGBA.uint16.tif": ("uint16", 10_000, 10_000),
    "nasty/au-3577-rotated.tif": ("float32", 0.1672, 0.8539),
    "nasty/cog_dateline.tif": ("uint16", 21_824, 23_888),
    "nasty/float_nan.tif": ("float32", -1.847, 1.4064),
    "nasty/test_esri_wkt.tif": ("uint16", 1.015, 3.985),
}
UNTAGGED = {
    # file: (value on the rim, share of the image that is collar)
    "nasty/cog_dateline.tif": (1, 0.331),
    "nasty/cog_hirise_mars.tif": (0, 0.186),
    "nasty/nontiff.jpg": (0, 0.965),
}
COLLARS = {
    "drone_orthos/OSBS_029.tif": 255,
    "drone_orthos/australia.tif": 0,
    "nasty/RGB.byte.tif": 0,
    "nasty/au-gcp.tif": 0,
    "nasty/sample_jpeg.tif": 153,
}


def test_every_file_has_one_verdict(test_data: Path) -> None:
    files = [path for folder in FOLDERS for path in (test_data / folder).rglob("*")]
    for path in files:
        if path.is_file():
            name = str(path.relative_to(test_data))
            assert len([pattern for pattern in VERDICTS if fnmatch(name, pattern)]) == 1, name


@pytest.mark.parametrize("pattern", VERDICTS)
def test_a_file_gets_its_verdict(pattern: str, test_data: Path, tmp_path: Path) -> None:
    position, pixels = VERDICTS[pattern]
    found = sorted(test_data.glob(pattern))
    assert found
    for path in found:
        assert verdict(lambda path=path: probe_image(path).placed()) == position, path.name
        assert verdict(lambda path=path: normalise_image(path, tmp_path / "o.tif")) == pixels


@pytest.mark.parametrize("name", SCALED)
def test_a_file_of_other_depth_says_how_it_was_scaled(
    name: str, test_data: Path, tmp_path: Path
) -> None:
    scaling = normalise_image(test_data / name, tmp_path / "working.tif").scaling
    assert scaling is not None
    found, *ends = SCALED[name]
    assert scaling.found == found
    assert [scaling.lowest, scaling.highest] == pytest.approx(ends, rel=1e-3)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", UNTAGGED)
def test_an_untagged_collar_was_not_seen(name: str, test_data: Path, tmp_path: Path) -> None:
    value, share = UNTAGGED[name]
    made = normalise_image(test_data / name, tmp_path / "working.tif")
    with rasterio.open(test_data / name) as source:
        values = source.read()
    flat = np.pad((values == value).all(axis=0).astype(np.uint8), 1, constant_values=1)
    _, labels = cv2.connectedComponents(flat, connectivity=4)
    joined = (labels == labels[0, 0])[1:-1, 1:-1]
    with rasterio.open(tmp_path / "working.tif") as copy:
        unseen = copy.read_masks(1) == 0
    assert made.collars == ("black",)
    assert made.collar_pixels / unseen.size == pytest.approx(share, abs=0.002)
    # What a JPEG blurred goes with the collar: two blocks beside the exact value, no farther.
    beside = cv2.dilate(joined.astype(np.uint8), np.ones((65, 65), np.uint8)) != 0
    assert not (unseen & ~beside).any()
    assert (unseen & ~joined).sum() < 0.01 * unseen.size
    assert (unseen & joined).sum() > 0.99 * joined.sum()


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
        if source.driver == "GTiff":  # beside the others lies a world file that nobody declared
            assert copy.transform == place
    assert seen.seen_pixels == valid.sum()


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
