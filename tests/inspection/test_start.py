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
NOT_FOR_HELP = {*HEAVY, "babel", "numpy", "pydantic_settings", "pyproj", "rasterio", "shapely"}


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


def modules_of(module):
    """All that is there once a module is imported."""
    told = "import sys; print(*(name for name, module in sys.modules.items() if module))"
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}; {told}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


def loaded_by(module):
    """Top-level packages that are there once a module is imported."""
    return {name.partition(".")[0] for name in modules_of(module)}


COMMANDS = (
    "attach", "audit", "backup", "boundary", "check", "import", "inspect", "pack", "profile",
    "report", "restore", "scrub", "serve", "sign", "upload", "user", "verify", "worker",
)  # fmt: skip


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)])
def test_help_waits_for_no_library(words):
    found = loaded(*words, "--help")
    assert "typer" in found
    assert found & NOT_FOR_HELP == set()


@pytest.mark.parametrize("name", ["current.tif", "control_points.csv", "boundary.geojson"])
def test_a_check_waits_for_no_library_of_an_inspection(name):
    found = loaded("check", SAMPLE / name)
    assert "rasterio" in found
    assert found & HEAVY == set()


@pytest.mark.parametrize("name", ["child", "reissue_child"])
def test_the_process_of_a_job_waits_for_no_database(name):
    found = loaded_by(f"inspection.jobs.{name}")
    assert "rasterio" in found
    assert found & {"alembic", "dbos", "psycopg", "sqlalchemy"} == set()


def test_the_process_that_reads_images_waits_for_no_client_of_a_store():
    found = loaded_by("geo.intake.child, geo.intake.probing, geo.intake.normalising")
    assert "rasterio" in found
    assert found & {"boto3", "botocore", "fastapi", "pydantic", "sqlalchemy"} == set()


def test_an_inspection_waits_for_no_client_of_a_store(tmp_path):
    boundary, picture = SAMPLE / "boundary.geojson", SAMPLE / "absent.tif"
    words = ["inspect", "--boundary", boundary, "--current", picture, "--out", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "inspection", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "rasterio.session" in found
    assert "botocore" not in found


def test_what_only_heights_and_references_need_is_loaded_with_them():
    parts = modules_of("inspection.pipeline")
    assert "geo.volume" in parts
    assert {f"scipy.{name}" for name in ("fft", "ndimage", "spatial", "special")} & parts == set()
