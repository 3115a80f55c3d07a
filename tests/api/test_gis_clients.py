"""The record's layers, read by GIS software that others wrote: GDAL, old and new, and QGIS."""

import json
import os
import shutil
import subprocess
import sys

import cv2
import numpy as np
import pytest
from shapely import union_all
from shapely.geometry import shape

from inspection.access.rights import Action
from tests.api.qgis import told_by_qgis
from tests.inspection.jobs.done import put
from tests.inspection.jobs.small import outline

LAYERS = ("permits", "findings", "not_observed", "coverage")
READER = """
import json, sys
import pyogrio
address, layer, where = sys.argv[1:]
frame = pyogrio.read_dataframe(address, layer=layer, where=where or None)
print(json.dumps({"bounds": frame.total_bounds.tolist(), "permits": sorted(frame["permit"])}))
"""
LAYERS_OF_QGIS = """
told = {}
layers = {}
for name in asked["layers"]:
    uri = (
        f"url='{asked['address']}' typename='{name}' authcfg=tinjau1 "
        "pagingEnabled='true' maxNumFeatures='0' restrictToRequestBBOX='1'"
    )
    layer = layers[name] = QgsVectorLayer(uri, name, "OAPIF")
    told[name] = {
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "read": len(list(layer.getFeatures())) if layer.isValid() else 0,
    }
if layers["findings"].isValid():
    for name, colour in (("findings", "255,0,0"), ("coverage", "0,0,255")):
        simple = {"color": colour, "outline_style": "no"}
        layers[name].setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(simple)))
    drawn([layers["findings"], layers["coverage"]], asked["extent"], asked["picture"])
"""


@pytest.fixture(scope="module")
def seen(service):
    """An inspection on the record, and thirty permits beside it."""
    run = service.inspection("here", outline=outline())
    name = service.next("TJ-")
    put(service.records, service.app.state.objects, service.offices["here"], run, name=name)
    for _ in range(30):
        service.permit("here")
    return run


@pytest.fixture(scope="module")
def secret(service):
    gis = service.people["here", "gis"]
    return service.token("here", gis, Action.PERMIT_READ, Action.INSPECTION_READ)[1]


@pytest.fixture(scope="module")
def said(service, seen):
    """Every feature of each collection, as the service itself gives them."""
    assert seen
    with service.as_role("gis") as client:
        return {
            name: client.get(f"/ogc/collections/{name}/items?limit=1000").json()["features"]
            for name in LAYERS
        }


def ways_of_gdal(secret) -> dict[str, dict[str, str]]:
    return {
        "header": {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {secret}"},
        "password": {"GDAL_HTTP_USERPWD": f"gis:{secret}"},
        # Since 3.9; this driver of 3.12 passes over GDAL_HTTP_HEADERS.
        "bearer": {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": secret},
    }


@pytest.mark.parametrize("way", ["header", "password"])
def test_ogr2ogr_copies_every_layer_page_by_page(service, secret, said, tmp_path, way) -> None:
    if shutil.which("ogr2ogr") is None:
        pytest.skip("needs the system package gdal-bin")
    copy = tmp_path / "copy.gpkg"
    subprocess.run(
        ["ogr2ogr", "-oo", "PAGE_SIZE=7", copy, f"OAPIF:{service.url}/ogc"],
        env=os.environ | ways_of_gdal(secret)[way],
        check=True,
        timeout=120,
    )
    for layer, features in said.items():
        told = subprocess.run(
            ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", copy, layer],
            capture_output=True,
            check=True,
        )
        copied = json.loads(told.stdout)["features"]
        assert sorted(one["properties"]["id"] for one in copied) == sorted(
            one["id"] for one in features
        )
        outlines = {one["id"]: one["geometry"] for one in features}
        for one in copied:
            wanted = outlines[one["properties"]["id"]]
            if wanted is None:
                assert one["geometry"] is None
                continue
            wanted = shape(wanted)
            found = shape(one["geometry"])
            assert found.symmetric_difference(wanted).area <= 1e-6 * wanted.area


@pytest.mark.parametrize("way", ["bearer", "password"])
def test_a_newer_gdal_reads_them_and_narrows(service, secret, said, way) -> None:
    permit = said["findings"][0]["properties"]["permit"]
    where = f"permit = '{permit}'"
    for layer in ("permits", "findings"):
        done = subprocess.run(
            [sys.executable, "-c", READER, f"OAPIF:{service.url}/ogc", layer, where],
            env=os.environ | ways_of_gdal(secret)[way],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        read = json.loads(done.stdout)
        wanted = [one for one in said[layer] if one["properties"]["permit"] == permit]
        assert read["permits"] == [permit] * len(wanted)
        assert np.allclose(read["bounds"], shape(wanted[0]["geometry"]).bounds, atol=1e-6)


def test_qgis_reads_and_draws_them(service, secret, said, tmp_path) -> None:
    west, south, east, north = outline().bounds
    told = told_by_qgis(
        LAYERS_OF_QGIS,
        tmp_path / "home",
        secret,
        address=f"{service.url}/ogc",
        layers=LAYERS,
        extent=(west, south, east, north),
        picture=str(tmp_path / "drawn.png"),
    )
    for name, features in said.items():
        assert told[name] == {"valid": True, "count": len(features), "read": len(features)}
    pixels = cv2.imread(str(tmp_path / "drawn.png"))[:, :, ::-1]
    # Others of the office lie elsewhere, outside the picture.
    found = union_all([shape(one["geometry"]) for one in said["findings"]]) & outline().envelope
    share = found.area / outline().envelope.area  # QGIS makes the extent square by widening it
    red = (pixels == (255, 0, 0)).all(axis=2)
    blue = (pixels == (0, 0, 255)).all(axis=2)
    widened = min(east - west, north - south) / max(east - west, north - south)
    assert red.mean() == pytest.approx(share * widened, rel=0.1)
    assert blue.any()


def test_without_the_right_token_qgis_gets_nothing(service, said, tmp_path) -> None:
    other = service.token("here", service.people["here", "gis"], Action.REPORT_READ)[1]
    told = told_by_qgis(
        LAYERS_OF_QGIS, tmp_path / "home", other, address=f"{service.url}/ogc", layers=LAYERS
    )
    assert {one["valid"] for one in told.values()} == {False}
    assert said["findings"]
