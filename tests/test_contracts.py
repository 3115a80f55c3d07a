"""The import contracts of pyproject.toml hold, and each of them can be broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts as `make check` does, over the packages of one folder."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


BREAKS = {
    "api -> inspection -> geo, never back": ("geo/area.py", "import inspection.model"),
    "inspection reads from top to bottom": ("inspection/utils.py", '"""Anything."""'),
    "a step knows no other step": ("inspection/steps/ingest.py", "import inspection.steps.clip"),
    "geo is pure: no web, database or settings library": ("geo/area.py", "import pydantic"),
    "inspection knows no HTTP server": ("inspection/pipeline.py", "import starlette"),
    "api touches no pixels": ("api/__init__.py", "import numpy"),
    "the product does not know its sample or its tests": ("geo/area.py", "import sample_data"),
    "no import cycles": ("geo/grid.py", "import geo.raster"),
}


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_contract_is_caught(contract: str, tmp_path: Path) -> None:
    for name in ("api", "geo", "inspection"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    module, line = BREAKS[contract]
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout


def test_every_contract_is_broken_once() -> None:
    done = lint_imports(ROOT)
    told = [line.partition(" KEPT") for line in done.stdout.splitlines()]
    kept = {name for name, is_kept, _ in told if is_kept}
    assert kept == set(BREAKS)
