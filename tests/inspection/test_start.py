"""Nobody waits for what they did not ask for: each command loads its own libraries, help none."""

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
HEAVY = {
    "cv2", "cryptography", "ezdxf", "geopandas", "openpyxl", "pandas", "pyhanko", "pystac",
    "scipy", "typst",
}  # fmt: skip
NOT_FOR_HELP = {*HEAVY, "numpy", "pydantic_settings", "pyproj", "rasterio", "shapely"}


def loaded(*words):
    """Top-level packages that the command line loads for these words."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "inspection", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("words", [["--help"], ["inspect", "--help"]])
def test_help_waits_for_no_library(words):
    found = loaded(*words)
    assert "typer" in found
    assert found & NOT_FOR_HELP == set()


@pytest.mark.parametrize("name", ["current.tif", "control_points.csv", "boundary.geojson"])
def test_a_check_waits_for_no_library_of_an_inspection(name):
    found = loaded("check", SAMPLE / name)
    assert "rasterio" in found
    assert found & HEAVY == set()
