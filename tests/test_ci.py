"""The command of continuous integration: what makes it fail, and what it prints last."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = "===== 7 passed, 1 skipped in 2.00s ====="


def run_ci(
    tmp_path: Path, *, tests_print: str, tests_exit: int = 0, check_exit: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run `.ci/run` in a copy whose `make` only says what it is told to say."""
    (tmp_path / "checkout/.ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", tmp_path / "checkout/.ci/run")
    make = tmp_path / "bin/make"
    make.parent.mkdir()
    make.write_text(
        f'#!/bin/sh\n[ "$1" = check ] && exit {check_exit}\n'
        f"echo data=$TINJAU_TEST_DATA\ncat <<'END'\n{tests_print}\nEND\nexit {tests_exit}\n"
    )
    make.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if k != "TINJAU_TEST_DATA"}
    return subprocess.run(
        [tmp_path / "checkout/.ci/run"],
        env=environment | {"PATH": f"{make.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pytest_has_the_last_word(tmp_path: Path) -> None:
    done = run_ci(tmp_path, tests_print=f"tests\n{GOOD}\nmake: something more")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, GOOD)


def test_a_failing_test_fails_the_run_and_still_has_the_last_word(tmp_path: Path) -> None:
    closing = "===== 1 failed, 7 passed in 2.00s ====="
    done = run_ci(tmp_path, tests_print=f"{closing}\nmake: error", tests_exit=2)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (2, closing)


def test_a_failing_check_stops_the_run(tmp_path: Path) -> None:
    done = run_ci(tmp_path, tests_print=GOOD, check_exit=2)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "reason",
    [
        "could not import 'cv2': libGL.so.1: cannot open shared object file",
        "needs the system package chromium",
        "chromium is not installed",
    ],
)
def test_a_test_skipped_for_a_missing_package_fails_the_run(tmp_path: Path, reason: str) -> None:
    done = run_ci(tmp_path, tests_print=f"SKIPPED [1] tests/test_x.py:3: {reason}\n{GOOD}")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, GOOD)


def test_a_test_skipped_for_want_of_flights_does_not(tmp_path: Path) -> None:
    reason = "TINJAU_TEST_DATA is not set: it names a folder of real flights"
    done = run_ci(tmp_path, tests_print=f"SKIPPED [1] tests/test_x.py:3: {reason}\n{GOOD}")
    assert done.returncode == 0


def test_tests_that_never_closed_fail_the_run(tmp_path: Path) -> None:
    assert run_ci(tmp_path, tests_print="killed").returncode == 1


def test_flights_beside_the_checkout_are_used(tmp_path: Path) -> None:
    flights = tmp_path / "shared/data"
    flights.mkdir(parents=True)
    assert f"data={flights}" in run_ci(tmp_path, tests_print=GOOD).stdout
