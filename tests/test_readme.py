"""The README does what it says: its code runs, in order, in a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path: Path, tree: tuple[str, ...]) -> Path:
    """Copy what a clone would have, already set up with the environment the tests run in."""
    copy = tmp_path / "tinjau"
    for name in tree:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(sys.prefix)
    # What set-up does is tried in test_setup.py; here it has been done.
    (copy / "tools/setup.sh").write_text("#!/bin/sh\n")
    return copy


def run(command: list[str], checkout: Path) -> None:
    done = subprocess.run(
        command,
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    told = f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == 0, told


def test_the_code_of_the_readme_runs(checkout: Path) -> None:
    ran: list[str] = []

    def shell(example: Example) -> None:
        code = example.parsed.strip()
        ran.append(code)
        # The former is what runs this; machines are tried with all that they share in tests/api.
        if code != "make test" and "tinjau worker" not in code:
            run(["sh", "-e", "-c", code], checkout)

    def python(example: Example) -> None:
        ran.append(example.parsed)
        run([f"{sys.prefix}/bin/python", "-c", example.parsed], checkout)

    parsers = [
        CodeBlockParser(language="shell", evaluator=shell),
        CodeBlockParser(language="python", evaluator=python),
    ]
    page = ROOT / "README.md"
    for example in Sybil(parsers=parsers).parse(page).examples():
        example.evaluate()
    assert ran[:2] == ["make demo", "make test"]
    assert len(ran) == page.read_text().count("```") // 2, "a block has no language that is run"
    assert (checkout / "demo/inspection/inspection.json").is_file()


@pytest.mark.parametrize(
    "page",
    sorted(p.relative_to(ROOT) for p in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))),
    ids=str,
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text())
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert missing == []
