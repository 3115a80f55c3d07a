"""`make serve`: the sample case loaded once, and served with a worker that inspects it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


def serve(data: Path, log: Path):
    """What the target does, set-up aside; gives the process, what it printed, and its address."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            ["make", "--old-file=setup", "serve", "PORT=0", f"bin={Path(sys.executable).parent}"],
            cwd=ROOT,
            env=os.environ | {"TINJAU_DATA": str(data), "TINJAU_LANGUAGE": "en"},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://\S+", line):
            return process, "".join(said), found.group()
    raise AssertionError(log.read_text() + "".join(said))


def end(process) -> None:
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl+C does
    process.wait(60)
    process.stdout.close()


def test_it_serves_the_sample_case_and_loads_it_once(tmp_path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    process, said, url = serve(data, log)
    try:
        login = dict(re.findall(r"(\w+)[,:] password (\S+) \(shown this once\)", said))
        assert set(login) == {"admin", "inspector", "reviewer", "reviewer2", "gis", "central"}
        with httpx.Client(base_url=url, timeout=60) as client:
            client.post(
                "/api/v1/session",
                json={"login": "reviewer", "password": login["reviewer"]},
            ).raise_for_status()
            (permit,) = client.get("/api/v1/permits").json()["items"]
            assert permit["reference"] == "CONTOH-0001"
            history = client.get(f"/api/v1/permits/{permit['id']}").json()
            assert history["values"]["holder_name"]["value"] == "PT Contoh Tambang Batu"
            assert len(history["boundaries"]) == 1
            assert [one["value"] for one in history["limits"]] == [0.76]
            (clock,) = history["clocks"]
            assert (clock["state"], clock["unit"], clock["allowed_days"]) == ("running", "hours", 1)
            assert clock["due_at"] is not None
            (run,) = client.get("/api/v1/inspections").json()["items"]
            until = time.monotonic() + 60
            while client.get(f"/api/v1/inspections/{run['id']}").json()["step"] is None:
                assert time.monotonic() < until  # its worker is at it
                time.sleep(0.2)
    finally:
        end(process)
    process, said, url = serve(data, log)
    try:
        assert "password" not in said
        with httpx.Client(base_url=url, timeout=60) as client:
            client.post(
                "/api/v1/session",
                json={"login": "reviewer", "password": login["reviewer"]},
            ).raise_for_status()
            assert len(client.get("/api/v1/inspections").json()["items"]) == 1
            assert len(client.get("/api/v1/permits").json()["items"]) == 1
            history = client.get(f"/api/v1/permits/{permit['id']}").json()
            assert [one["id"] for one in history["clocks"]] == [clock["id"]]
    finally:
        end(process)
    assert "Traceback" not in log.read_text()


def test_a_place_that_cannot_be_made_is_told_without_a_trace() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sample_data.service"],
        cwd=ROOT,
        env=os.environ | {"TINJAU_DATA": "/proc/x", "TINJAU_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = json.loads(done.stderr)
    assert (done.returncode, told["code"]) == (2, "place_impossible")
    assert told["file"] == "/proc/x/records.db"
