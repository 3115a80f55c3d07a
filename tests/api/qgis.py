"""QGIS of the system, run without a screen by its own Python, with a token in its keyring."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
"""The system's, for which QGIS is built; ours is another."""

START = """
import json, os, sys
from qgis.core import *
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

def started(asked):
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    keyring = QgsApplication.authManager()
    keyring.setMasterPassword("of a test", True)
    config = QgsAuthMethodConfig("Basic")
    config.setId("tinjau1")
    config.setName("Tinjau")
    config.setConfig("username", "gis")
    config.setConfig("password", asked["secret"])
    assert keyring.storeAuthenticationConfig(config)[0]
    return app

def drawn(layers, extent, path, crs="EPSG:4326"):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    settings.setExtent(QgsRectangle(*extent))
    settings.setOutputSize(QSize(400, 400))
    settings.setBackgroundColor(QColor(255, 255, 255))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [one.message for one in job.errors()]
    assert job.renderedImage().save(path)

asked = json.load(sys.stdin)
app = started(asked)
"""
END = """
print("TOLD " + json.dumps(told))
sys.stdout.flush()
os._exit(0)  # the rest is QGIS clearing up after itself, which is not what is tested
"""


@cache
def _is_there() -> bool:
    if not os.access(PYTHON, os.X_OK):
        return False
    asked = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    return asked.returncode == 0


def told_by_qgis(script: str, home: Path, secret: str, **asked):
    """What a script of QGIS puts into `told`."""
    if not _is_there():
        pytest.skip("needs the system package python3-qgis")
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [PYTHON, "-c", START + script + END],
        input=json.dumps({"secret": secret, **asked}),
        env={
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "QGIS_CUSTOM_CONFIG_PATH": str(home),
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(home),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    told = [line for line in done.stdout.splitlines() if line.startswith("TOLD ")]
    assert told, done.stdout + done.stderr
    return json.loads(told[-1].removeprefix("TOLD "))
