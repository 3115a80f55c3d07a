"""The GeoPackage of an inspection, opened by QGIS: its layers come up in their own styles."""

import sqlite3
from contextlib import closing
from importlib.resources import files
from xml.etree import ElementTree as ET

import cv2
import numpy as np

from tests.api.qgis import told_by_qgis
from tests.inspection.jobs.done import made

OPENED = """
told, layers = {}, []
for name in asked["layers"]:
    layer = QgsVectorLayer(f"{asked['path']}|layername={name}", name, "ogr")
    renderer = layer.renderer()
    told[name] = {
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "kind": renderer.type() if renderer else None,
        "colours": [one.symbol().color().name() for one in renderer.categories()]
        if renderer and renderer.type() == "categorizedSymbol"
        else [],
    }
    layers.append(layer)
extent = layers[asked["layers"].index("findings")].extent()
box = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
drawn(layers, box, asked["picture"], crs=layers[0].crs().authid())
"""


def test_qgis_shows_each_layer_in_the_style_that_the_file_brings(tmp_path) -> None:
    path = made() / "inspection.gpkg"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        styled = [name for (name,) in file.execute("SELECT f_table_name FROM layer_styles")]
    assert set(styled) == {"boundary", "findings", "not_observed", "coverage"}
    told = told_by_qgis(
        OPENED,
        tmp_path / "home",
        "none",
        path=str(path),
        layers=styled,
        picture=str(tmp_path / "drawn.png"),
    )
    assert all(one["valid"] for one in told.values())
    assert told["findings"]["count"] > 0
    assert told["findings"]["kind"] == "categorizedSymbol", "one colour a class, not any one"
    style = ET.fromstring(
        files("inspection.exchange").joinpath("styles/findings.qml").read_text("utf-8")
    )
    assert len(told["findings"]["colours"]) == len(style.findall(".//category")) > 1
    assert len(set(told["findings"]["colours"])) > 1
    pixels = cv2.imread(str(tmp_path / "drawn.png")).reshape(-1, 3)
    assert (pixels < 250).any(axis=1).mean() > 0.02, "what is found is seen"
    assert np.ptp(pixels, axis=0).max() > 50
