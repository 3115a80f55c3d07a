"""What is odd about a picture reaches whoever reads the result, with its number."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS

from geo.boundary import Boundary
from geo.errors import RefusedError
from inspection.language import Language
from inspection.picture_warnings import picture_warnings
from inspection.pictures import Anchor, Brought, Reach, orthophoto
from inspection.place import NOWHERE
from inspection.wording.catalogue import wording
from tests.geo.intake.tiffs import picture, written

EAST, NORTH = 500_000.0, 9_700_000.0


def warned(path: Path, size: float, language: Language) -> dict[str, tuple[str, dict]]:
    """Warnings of an inspection that brings one picture, of a permit of some metres."""
    permit = shapely.box(EAST + 1, NORTH - 1 - size, EAST + 1 + size, NORTH - 1)
    taken = orthophoto(
        Brought("current", path, NOWHERE, None, None, None),
        Boundary(shape=permit, crs=CRS.from_epsg(32750)),
        anchor=Anchor(),
        reach=Reach(ring_m=1),
        desk=path.parent,
        advance=lambda _: None,
    )
    case = SimpleNamespace(current=SimpleNamespace(orthophoto=taken), baseline=None)
    told = picture_warnings(case, wording(language))
    return {one.code: (one.message, dict(one.facts)) for one in told}


@pytest.mark.parametrize("language", Language)
def test_an_odd_place_and_a_doubtful_corner_are_told(language: Language, tmp_path: Path) -> None:
    pixels = picture(300, 300)
    pixels[:, :100, :100] = 255
    place = {"transform": Affine(0.1, 0, EAST, 0, -0.25, NORTH)}
    told = warned(written(tmp_path / "flight.tif", pixels, **place), 20, language)
    assert told.keys() == {"image_pixels_oblong", "picture_collar_doubted_white"}
    message, facts = told["image_pixels_oblong"]
    assert message.startswith("flight.tif: ")
    assert facts == {"name": "flight.tif", "value": 2.5, "limit": 2.0}
    message, facts = told["picture_collar_doubted_white"]
    assert facts == {"name": "flight.tif", "share": pytest.approx(1 / 9, abs=1e-6)}
    assert "11" in message


def test_a_picture_in_order_is_told_nothing_of(tmp_path: Path) -> None:
    place = {"transform": Affine(0.1, 0, EAST, 0, -0.1, NORTH)}
    pixels = np.maximum(picture(300, 300), 9)
    path = written(tmp_path / "flight.tif", pixels, **place)
    assert warned(path, 20, Language.ENGLISH) == {}
    assert warned(path, 0.02, Language.ENGLISH).keys() == {"image_extent_unlike_permit"}


@pytest.mark.parametrize("language", Language)
def test_a_surface_model_in_place_of_a_picture_is_told(language: Language, tmp_path: Path) -> None:
    place = {"transform": Affine(0.1, 0, EAST, 0, -0.1, NORTH)}
    grey = np.maximum(picture(300, 300, bands=1), 9)
    told = warned(written(tmp_path / "heights.tif", grey.astype(np.float32), **place), 20, language)
    assert told["picture_like_heights"][0].startswith("heights.tif: ")
    assert "picture_like_heights" not in warned(
        written(tmp_path / "grey.tif", grey, **place), 20, language
    )


def test_a_surface_model_that_says_so_itself_is_refused(tmp_path: Path) -> None:
    place = {"transform": Affine(0.1, 0, EAST, 0, -0.1, NORTH)}
    heights = np.maximum(picture(300, 300, bands=1), 9).astype(np.float32) / 7
    path = written(tmp_path / "heights.tif", heights, nodata=-9999, **place)
    with pytest.raises(RefusedError) as refused:
        warned(path, 20, Language.ENGLISH)
    assert (refused.value.code, refused.value.facts) == (
        "orthophoto_is_surface",
        {"nodata": "-9999"},
    )
    # Grey as numbers, of which none stands for nothing, or one that grey may have.
    for nodata in (None, 0, float("nan")):
        grey = written(tmp_path / f"grey-{nodata}.tif", heights, nodata=nodata, **place)
        assert "picture_like_heights" in warned(grey, 20, Language.ENGLISH)
    # Colours as numbers below zero too are no heights.
    colours = written(
        tmp_path / "colours.tif", np.repeat(heights, 3, axis=0), nodata=-9999, **place
    )
    assert "picture_like_heights" not in warned(colours, 20, Language.ENGLISH)
