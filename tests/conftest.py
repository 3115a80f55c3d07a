"""What every test may ask for: the sample scene, and the real flights where there are any."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from geo.intake import starting

# A machine that is busy with other things makes no property wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sample() -> Path:
    """Folder of the sample scene, whose truth is known."""
    return ROOT / "sample_data"


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of the real flights that TINJAU_TEST_DATA names; without it the test is skipped."""
    named = os.environ.get("TINJAU_TEST_DATA")
    if not named:
        pytest.skip("TINJAU_TEST_DATA is not set: it names a folder of real flights")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"TINJAU_TEST_DATA names no folder: {named}")
    return folder


@pytest.fixture(scope="session")
def tree() -> tuple[str, ...]:
    """Names of the files that a clone of this checkout would have, once all is committed."""
    listed = subprocess.run(
        # A checkout that another account owns is still this checkout.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(name for name in listed.split("\0") if (ROOT / name).is_file())


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Put another program in the place of the children that read files."""

    def pretended(script: str, load: str = "lambda job: None", idle_s: float = 30) -> None:
        ready = (
            "from geo.intake import child\nfrom geo.intake.ready import Ready\n"
            f"program = compile({script!r}, 'child', 'exec')\n"
            "def work(): exec(program, {}); print(end='', flush=True)\n"
            f"Ready(work, {load}).serve(idle_s={idle_s})"
        )
        starting.let_go()
        monkeypatch.setattr(starting, "_COMMAND", (sys.executable, "-I", "-c", ready))

    yield pretended
    starting.let_go()
