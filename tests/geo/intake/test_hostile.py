"""Files that make an open reader show other people's data: here they show nothing."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.intake.image import normalise_image, probe_image
from tests.geo.intake.tiffs import TRANSFORM, picture, verdict, written

SENTINEL = 77
"""Value of every pixel of another applicant's image; no image of ours has it."""


class Listener:
    """A server that only counts who comes."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    time.sleep(0.05)
    listening.socket.close()


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Image of another applicant, next to ours."""
    pixels = np.full((3, 600, 600), SENTINEL, dtype=np.uint8)
    return written(tmp_path / "foreign.tif", pixels)


def vrt(source: str, attributes: str = 'relativeToVRT="0"') -> str:
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource>'
        f"<SourceFilename {attributes}>{source}</SourceFilename><SourceBand>{band}</SourceBand>"
        "</SimpleSource></VRTRasterBand>"
        for band in (1, 2, 3)
    )
    return f'<VRTDataset rasterXSize="600" rasterYSize="600">{bands}</VRTDataset>'


def raw_vrt(source: str) -> str:
    return (
        '<VRTDataset rasterXSize="16" rasterYSize="16">'
        '<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
        f'<SourceFilename relativeToVRT="0">{source}</SourceFilename>'
        "<ImageOffset>0</ImageOffset></VRTRasterBand></VRTDataset>"
    )


def test_a_file_that_names_other_files_is_not_opened(
    tmp_path: Path, foreign: Path, listener: Listener
) -> None:
    contents = {
        "r01": vrt(str(foreign)),
        "r02": raw_vrt("/etc/passwd"),
        "r03": vrt(f"/vsicurl/{listener.url}/a.tif"),
        "r06": f"<GDAL_WMS><Service name='TMS'><ServerUrl>{listener.url}/${{z}}</ServerUrl>"
        "</Service></GDAL_WMS>",
        "r06b": f"<WCS_GDAL><ServiceURL>{listener.url}/?</ServiceURL>"
        "<CoverageName>a</CoverageName></WCS_GDAL>",
        "r06c": f'{{"type": "FeatureCollection", "stac_version": "1.0.0", "x": "{listener.url}"}}',
    }
    for name, content in contents.items():
        path = tmp_path / f"{name}.tif"
        path.write_text(content)
        start = time.perf_counter()
        assert verdict(lambda path=path: probe_image(path)) == "image_not_geotiff"
        assert verdict(lambda path=path: normalise_image(path, tmp_path / "o")) == (
            "image_not_geotiff"
        )
        assert time.perf_counter() - start < 1
    assert not (tmp_path / "o").exists()
    assert listener.visits == 0


def test_files_beside_an_image_change_nothing(
    tmp_path: Path, foreign: Path, listener: Listener
) -> None:
    """Its .ovr and .msk show other files, its .aux.xml and .tfw move it: r15, r15b, r15c."""
    pixels = np.where(picture(600, 600) == SENTINEL, 1, picture(600, 600)).astype(np.uint8)
    path = written(tmp_path / "upload.tif", pixels)
    (tmp_path / "upload.tif.ovr").write_text(vrt(str(foreign)))
    (tmp_path / "upload.tif.msk").write_text(vrt(f"/vsicurl/{listener.url}/m.tif"))
    (tmp_path / "upload.tif.aux.xml").write_text(
        "<PAMDataset><GeoTransform>0, 9, 0, 0, 0, -9</GeoTransform></PAMDataset>"
    )
    (tmp_path / "upload.tfw").write_text("9\n0\n0\n-9\n0\n0\n")
    assert probe_image(path).placed().transform == TRANSFORM
    assert normalise_image(path, tmp_path / "o.tif").seen_pixels == 600 * 600
    with rasterio.open(tmp_path / "o.tif") as copy:
        np.testing.assert_array_equal(copy.read(), pixels)
    assert listener.visits == 0


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_world_file_gives_no_place(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(20, 30), transform=None, crs=None)
    (tmp_path / "upload.tfw").write_text("9\n0\n0\n-9\n0\n0\n")
    assert verdict(lambda: probe_image(path).placed()) == "image_without_crs"


def test_an_image_that_names_its_overviews_elsewhere_shows_its_own(
    tmp_path: Path, foreign: Path
) -> None:
    path = written(tmp_path / "upload.tif", np.full((3, 600, 600), 9, dtype=np.uint8))
    with rasterio.open(path, "r+") as out:
        out.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=str(foreign))
    normalise_image(path, tmp_path / "o.tif")
    with rasterio.open(tmp_path / "o.tif") as copy:
        assert (copy.read() == 9).all()
        assert (copy.read(out_shape=(3, 150, 150)) == 9).all()


def test_an_error_quotes_nothing_but_what_we_foresaw(tmp_path: Path, foreign: Path) -> None:
    path = written(
        tmp_path / "secret name.tif", picture(300, 300), compress="LZW", transform=Affine.scale(2)
    )
    content = bytearray(path.read_bytes())
    content[-20_000:] = bytes(20_000)
    path.write_bytes(content)
    with pytest.raises(GeoError) as refusal:
        normalise_image(path, tmp_path / "o.tif")
    told = f"{refusal.value} {refusal.value.facts} {refusal.value.where}"
    assert not any(word in told for word in ("secret", str(tmp_path), "tif", foreign.name))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_images_raise_nothing_but_our_own_errors(
    data: st.DataObject, tmp_path: Path
) -> None:
    path = written(tmp_path / "upload.tif", picture(200, 150), compress="LZW", tiled=True)
    content = bytearray(path.read_bytes())
    places = st.integers(0, 600) | st.integers(0, len(content) - 1)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(places)
        new = data.draw(st.binary(min_size=1, max_size=4))
        content[at : at + len(new)] = new
    path.write_bytes(content)
    assert verdict(lambda: probe_image(path))
    assert verdict(lambda: normalise_image(path, tmp_path / "o.tif"))
