"""The page on the library does what it says, and gives what the command line gives."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from inspection.pipeline import run_inspection
from tests.inspection.conftest import inspected, site

__all__ = ["inspected", "site"]

ROOT = Path(__file__).parent.parent


def code_of(page):
    """The page's blocks as one program."""
    blocks = []
    parser = CodeBlockParser(language="python", evaluator=lambda one: blocks.append(one.parsed))
    for example in Sybil(parsers=[parser]).parse(page).examples():
        example.evaluate()
    assert len(blocks) == page.read_text().count("```") // 2
    return "\n".join(blocks)


def test_the_page_runs_and_its_inspection_is_the_command_line_s(site, inspected, tmp_path):
    (tmp_path / "sample_data").symlink_to(site.folder)
    told = "import json; print(json.dumps({str(k): v for k, v in swept.items()}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code_of(ROOT / 'docs/library.md')}\n{told}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = tmp_path / "notebook"
    for name in ("findings.geojson", "change.tif", "current.tif", "baseline.tif"):
        assert (made / "whole" / name).read_bytes() == (inspected.folder / name).read_bytes(), name
    lines = done.stdout.splitlines()
    assert lines[3].startswith("outside: fail. ")
    assert any(line.startswith("image_") and "permit.json" in line for line in lines)
    assert not (made / "wrong").exists()
    assert (made / "findings.png").read_bytes().startswith(b"\x89PNG")
    # One of the two clearings is smaller than 850 m².
    counts = [count for count, _ in json.loads(lines[-1]).values()]
    assert counts == [2, 1]


def test_what_a_notebook_calls_is_documented_and_typed():
    assert "Parameters" in (run_inspection.__doc__ or "")
    hints = run_inspection.__annotations__
    assert hints.keys() == {
        "request",
        "out",
        "profile",
        "own_detector",
        "archive",
        "progress",
        "workplace",
        "return",
    }
    for package in ("geo", "inspection"):
        assert (ROOT / package / "py.typed").is_file()
