"""The worker that `tinjau serve` keeps: it works, is begun again, and ends with its server."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspection.__main__ import app
from inspection.errors import UsageError
from inspection.records.tables.inspections import InspectionRun, InspectionState


@contextmanager
def serving(data, *more):
    """A server of this folder, once it listens; killed should it not have ended."""
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "inspection", "serve", "--port", "0", *more],
            env=os.environ | {"TINJAU_DATA": str(data), "TINJAU_LANGUAGE": "en"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        for line in process.stdout:
            if re.search(r"http://\S+", line):
                break
        yield process
    finally:
        process.kill()
        process.communicate()


def workers(data) -> list[int]:
    """Workers of this folder that a server keeps."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            # Of a process that is just being born the environment is not its own yet.
            ours = f"TINJAU_DATA={data}".encode() in (path / "environ").read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile, or is another's
            continue
        if b"inspection.jobs" in words and ours:
            found.append(int(path.name))
    return found


def wait_until(happened, seconds=60.0):
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def test_a_server_alone_does_jobs_through_the_death_of_its_worker(
    data, installation, monkeypatch
) -> None:
    there = installation(data)
    run = there.inspection("here")

    def state():
        with there.records.reading_all() as session:
            return session.get_one(InspectionRun, run).state

    with serving(data) as server:
        (first,) = wait_until(lambda: workers(data))
        wait_until(lambda: state() is InspectionState.REFUSED)  # its picture is none
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: [one for one in workers(data) if one != first])
        run = there.inspection("here")
        wait_until(lambda: state() is InspectionState.REFUSED)

        refused = subprocess.run(
            [sys.executable, "-m", "inspection", "worker", "--language", "en"],
            env=os.environ | {"TINJAU_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 2
        assert json.loads(refused.stderr.splitlines()[-1])["code"] == "worker_running"
        another = subprocess.run(
            [sys.executable, "-m", "inspection", "serve", "--port", "0"],
            env=os.environ | {"TINJAU_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert another.returncode == 2
        assert json.loads(another.stderr)["code"] == "service_running"
        monkeypatch.setenv("TINJAU_DATA", str(data))
        with pytest.raises(UsageError, match="service_running"):
            app(["restore", str(data)], standalone_mode=False)

        server.terminate()
        assert server.wait(40) == 0
    assert workers(data) == []
    lines = [json.loads(line) for line in (data / "log").read_text().splitlines()]
    assert [one["status"] for one in lines if one["event"] == "worker_ended"] == [-9]


def test_a_worker_does_not_outlive_a_server_that_was_killed(data, monkeypatch) -> None:
    monkeypatch.setenv("TINJAU_WORKER", "false")
    with serving(data, "--worker") as server:
        wait_until(lambda: workers(data))
        server.kill()
        server.wait(10)
        wait_until(lambda: not workers(data))


def test_a_server_may_be_without_a_worker(data) -> None:
    with serving(data, "--no-worker"):
        time.sleep(2)
        assert workers(data) == []
