"""The map service, opened with GDAL's own client over the network, as QGIS opens it."""

import math
import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform, transform_bounds

from inspection.access.rights import Action
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.tiles import CHANGE_RAMP
from tests.api.drawn import GROUND, SCORE, rasters

CLIENT = """
import sys
import numpy as np
import rasterio
from rasterio.windows import Window
address, out = sys.argv[1:]
with rasterio.open(address) as opened:
    west, north = opened.transform @ (0, 0)
    row, column = (int(one) for one in opened.index(*map(float, sys.stdin.read().split())))
    window = Window(column - 300, row - 300, 600, 600)
    values = opened.read(window=window)
    place = np.array(opened.window_transform(window))
    np.savez(out, values=values, place=place, bounds=opened.bounds, crs=opened.crs.to_epsg())
"""
XYZ = """<GDAL_WMS>
  <Service name="TMS"><ServerUrl>{address}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service>
  <DataWindow>
    <UpperLeftX>-{reach}</UpperLeftX><UpperLeftY>{reach}</UpperLeftY>
    <LowerRightX>{reach}</LowerRightX><LowerRightY>-{reach}</LowerRightY>
    <TileLevel>{level}</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY>
    <YOrigin>top</YOrigin>
  </DataWindow>
  <Projection>EPSG:3857</Projection>
  <BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><BandsCount>4</BandsCount><Cache/>
</GDAL_WMS>"""
REACH_M = 20037508.342789244
OWS = "{http://www.opengis.net/ows/1.1}"


@pytest.fixture(scope="module")
def drawn(service):
    return service.drawn("here", rasters(), GROUND)


def opened_by_gdal(service, secret, inspection, layer, tmp_path, xyz=None):
    """What GDAL reads of the middle of the ground at full size, by WMTS or by a file for XYZ."""
    tiles = f"{service.url}/tiles/{inspection}"
    (x,), (y,) = transform("EPSG:4326", "EPSG:3857", *GROUND.centroid.coords.xy)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            CLIENT,
            xyz or f"WMTS:{tiles}/WMTSCapabilities.xml,layer={layer}",
            tmp_path / "read.npz",
        ],
        input=f"{x} {y}",
        env=os.environ
        | {
            "GDAL_HTTP_HEADERS": f"Authorization: Bearer {secret}",
            "GDAL_DEFAULT_WMS_CACHE_PATH": str(tmp_path / "cache"),
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done, np.load(tmp_path / "read.npz") if done.returncode == 0 else None


def test_gdal_reads_the_layers_as_they_are(service, drawn, tmp_path) -> None:
    _, secret = service.token("here", service.people["here", "gis"], Action.INSPECTION_READ)
    done, read = opened_by_gdal(service, secret, drawn, "current", tmp_path)
    assert done.returncode == 0, done.stderr
    assert read["crs"] == 3857
    with (
        MemoryFile(rasters()["current.tif"]) as file,
        file.open() as picture,
        WarpedVRT(
            picture,
            crs="EPSG:3857",
            transform=rasterio.Affine(*read["place"][:6]),
            width=600,
            height=600,
            resampling=Resampling.bilinear,
            add_alpha=True,
        ) as warped,
    ):
        wanted = warped.read()
        around = transform_bounds(picture.crs, "EPSG:3857", *picture.bounds)
    both = (wanted[3] == 255) & (read["values"][3] == 255)
    assert both.mean() > 0.95
    assert np.abs(wanted[:3, both].astype(int) - read["values"][:3, both]).max() <= 2
    assert np.abs(np.subtract(read["bounds"], around)).max() < 160, "within a tile of its reach"
    done, read = opened_by_gdal(service, secret, drawn, "change", tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(read["values"][:, 350, 400]) == set(CHANGE_RAMP[SCORE])


def test_gdal_reads_tiles_by_their_numbers_as_the_map_service_gives_them(
    service, drawn, tmp_path
) -> None:
    _, secret = service.token("here", service.people["here", "gis"], Action.INSPECTION_READ)
    _, mapped = opened_by_gdal(service, secret, drawn, "current", tmp_path)
    level = round(math.log2(2 * REACH_M / 256 / mapped["place"][0]))
    address = f"{service.url}/tiles/{drawn}/current"
    file = tmp_path / "xyz.xml"
    file.write_text(XYZ.format(address=address, reach=REACH_M, level=level))
    done, read = opened_by_gdal(service, secret, drawn, "current", tmp_path, xyz=file)
    assert done.returncode == 0, done.stderr
    assert read["place"] == pytest.approx(mapped["place"], abs=mapped["place"][0] / 100)
    assert (read["values"][3] == 255).mean() > 0.5
    assert np.array_equal(read["values"], mapped["values"])
    _, useless = service.token("here", service.people["here", "gis"], Action.PERMIT_READ)
    refused, _ = opened_by_gdal(service, useless, drawn, "current", tmp_path / "new", xyz=file)
    assert refused.returncode != 0, "a token for something else"


def test_the_service_lets_in_as_all_else_and_tells_what_there_is(service, drawn, tmp_path) -> None:
    _, secret = service.token("here", service.people["here", "gis"], Action.PERMIT_READ)
    done, _ = opened_by_gdal(service, secret, drawn, "current", tmp_path)
    assert done.returncode != 0, "a token for something else"
    with service.records.writing(service.offices["here"]) as session:
        run = session.get_one(InspectionRun, drawn)
        session.get_one(Permit, run.permit_id).reference = 'IUP <&"\x0b 1'
    alone = service.drawn("here", {"current.tif": rasters()["current.tif"]}, GROUND)
    with service.as_role("reviewer") as client:
        told = client.get(
            f"/tiles/{drawn}/WMTSCapabilities.xml?SERVICE=WMTS&REQUEST=GetCapabilities",
            headers={"Accept-Language": "id"},
        )
        assert told.headers["content-type"] == "application/xml"
        document = ET.fromstring(told.content)
        titles = [one.text for one in document.iter(f"{OWS}Title")]
        assert titles[0] == 'Pemeriksaan TJ-1, izin IUP <&" 1'
        assert titles[1:] == ["Penerbangan ini", "Penerbangan sebelumnya", "Skor perubahan"]
        fewer = ET.fromstring(client.get(f"/tiles/{alone}/WMTSCapabilities.xml").content)
        assert len(list(fewer.iter(f"{OWS}WGS84BoundingBox"))) == 1
        far = client.get(f"/tiles/{drawn}/current/18/3/3.png")
        assert (far.status_code, far.headers["content-type"]) == (200, "image/png")
