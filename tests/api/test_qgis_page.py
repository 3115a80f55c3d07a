"""The page for GIS staff does what it says: its commands run, in order, against a service."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from inspection.access.rights import Action
from tests.api.drawn import GROUND, rasters
from tests.inspection.jobs.done import put
from tests.inspection.jobs.small import outline

PAGE = Path(__file__).parents[2] / "docs/qgis.md"


def test_the_commands_of_the_page_run(service, tmp_path) -> None:
    for program, package in (("ogr2ogr", "gdal-bin"), ("gdalinfo", "gdal-bin"), ("curl", "curl")):
        if shutil.which(program) is None:
            pytest.skip(f"needs the system package {package}")
    run = service.inspection("here", outline=outline())
    name = service.next("TJ-")
    put(service.records, service.app.state.objects, service.offices["here"], run, name=name)
    drawn = service.drawn("here", rasters(), GROUND)
    gis = service.people["here", "gis"]
    _, secret = service.token("here", gis, Action.PERMIT_READ, Action.INSPECTION_READ)
    asked = {"TINJAU": service.url, "TOKEN": secret, "HOME": str(tmp_path)}
    asked |= {"PERMIT": str(service.permits["here"]), "INSPECTION": str(drawn)}
    ran = []

    def shell(example) -> None:
        ran.append(example.parsed)
        done = subprocess.run(
            ["sh", "-e", "-c", example.parsed],
            cwd=tmp_path,
            env=os.environ | asked,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{example.parsed}\n{done.stdout}\n{done.stderr}"

    for example in (
        Sybil(parsers=[CodeBlockParser(language="shell", evaluator=shell)]).parse(PAGE).examples()
    ):
        example.evaluate()
    assert len(ran) == PAGE.read_text().count("```") // 2, "a block has no language that is run"
    for name in ("office.gpkg", "new.geojson", "seen.gpkg"):
        layers = subprocess.run(["ogrinfo", "-so", "-al", tmp_path / name], capture_output=True,
                                text=True, check=True)  # fmt: skip
        assert re.search("Feature Count: [1-9]", layers.stdout), name
