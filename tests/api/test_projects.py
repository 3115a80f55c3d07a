"""The project of a permit, opened by QGIS: every layer is there, styled, and is drawn."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
import shapely

from inspection.access.rights import Action
from inspection.records.tables.inspections import Finding, InspectionRun
from inspection.records.tables.permits import Permit
from inspection.records.tables.surveys import SurveyedGround
from tests.api.drawn import BROWN, GREEN, GROUND, rasters
from tests.api.qgis import told_by_qgis

OPENED = """
project = QgsProject.instance()
told = {"read": project.read(asked["project"]), "title": project.title(), "layers": []}
told["crs"] = project.crs().authid()
shown = []
for node in project.layerTreeRoot().findLayers():
    layer = node.layer()
    valid = layer.isValid() and layer.crs().isValid()
    one = {"name": node.name(), "valid": valid, "shown": node.isVisible()}
    if isinstance(layer, QgsVectorLayer):
        one["count"] = len(list(layer.getFeatures()))
        one["style"] = layer.renderer().type()
    told["layers"].append(one)
    if node.isVisible():
        shown.append(layer)
extent = project.viewSettings().defaultViewExtent()
told["extent"] = [
    extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
]
drawn(shown, told["extent"], asked["picture"], crs=told["crs"])
"""


@pytest.fixture(scope="module")
def permit(service):
    """A permit with pictures, one finding in a corner, and ground seen and not."""
    run = service.drawn("here", rasters(), GROUND)
    west, south, east, north = GROUND.bounds
    corner = shapely.box(west, north - (north - south) / 10, west + (east - west) / 10, north)
    with service.records.writing(service.offices["here"]) as session:
        permit = session.get_one(InspectionRun, run).permit_id
        session.get_one(Permit, permit).reference = "IUP/1 <&\"\x0b'"
        session.add(
            Finding(
                inspection_id=run,
                code="F001",
                ground_class="excavation",
                epoch="new",
                location="outside",
                area_m2=900.0,
                document={},
                outline=corner,
            )
        )
        for code, reason in (("G1", "unflown"), ("S", None)):
            session.add(
                SurveyedGround(
                    inspection_id=run, code=code, reason=reason, area_m2=1.0, outline=corner
                )
            )
    return permit


def test_qgis_opens_it_with_all_its_layers(service, permit, tmp_path) -> None:
    gis = service.people["here", "gis"]
    _, secret = service.token("here", gis, Action.PERMIT_READ, Action.INSPECTION_READ)
    with service.client(headers={"Authorization": f"Bearer {secret}"}) as client:
        answer = client.get(f"/api/v1/permits/{permit}/qgis", headers={"Accept-Language": "id"})
    assert 'filename="IUP-1' in answer.headers["content-disposition"]
    assert secret.encode() not in answer.content
    (tmp_path / "permit.qgz").write_bytes(answer.content)
    told = told_by_qgis(
        OPENED,
        tmp_path / "home",
        secret,
        project=str(tmp_path / "permit.qgz"),
        picture=str(tmp_path / "drawn.png"),
    )
    assert (told["read"], told["crs"]) == (True, "EPSG:3857")
    assert told["title"] == "Izin IUP/1 <&\"'"
    assert all(one["valid"] for one in told["layers"])
    outlines = {one["name"]: one for one in told["layers"] if "count" in one}
    assert list(outlines) == ["Izin", "Temuan", "Tidak teramati", "Cakupan"]
    assert {one["count"] for one in outlines.values()} == {1}, "those of this permit alone"
    assert outlines["Temuan"]["style"] == "categorizedSymbol"
    pictures = [(one["name"], one["shown"]) for one in told["layers"] if "count" not in one]
    assert pictures == [
        ("Skor perubahan", False),
        ("Penerbangan ini", True),
        ("Penerbangan sebelumnya", False),
    ]
    pixels = cv2.imread(str(tmp_path / "drawn.png"))[:, :, ::-1].astype(int)
    for colour in (GREEN, BROWN):
        near = np.abs(pixels - colour).max(axis=2) <= 12
        assert near.mean() > 0.1, colour
    red, green, _ = pixels[80, 80]
    assert red > green, "the finding lies over the picture, half see-through"
    middle = pixels[190:210]
    assert np.abs(middle[:, 120] - GREEN).max() <= 12, "west was left as it was"
    assert np.abs(middle[:, 280] - BROWN).max() <= 12


def test_the_project_of_a_permit_without_inspection_or_boundary(service) -> None:
    bare = service.permits["here"]
    with service.as_role("gis") as client:
        first, second = (client.get(f"/api/v1/permits/{bare}/qgis").content for _ in range(2))
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        (name,) = archive.namelist()
        project = ET.fromstring(archive.read(name))
    layers = [one.findtext("provider") for one in project.iter("maplayer")]
    assert layers == ["OAPIF"] * 4
    assert project.find("mapcanvas/extent") is None


def test_who_may_not_read_both_gets_none(service) -> None:
    gis = service.people["here", "gis"]
    for scope in (Action.PERMIT_READ, Action.INSPECTION_READ):
        _, secret = service.token("here", gis, scope)
        with service.client(headers={"Authorization": f"Bearer {secret}"}) as client:
            answer = client.get(f"/api/v1/permits/{service.permits['here']}/qgis")
        assert (answer.status_code, answer.json()["code"]) == (403, "token_scope")
