"""Two workers as the README starts them, that share a database and a bucket, and no folder."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import geopandas
import pytest
from sqlalchemy import select

from inspection.evidence.verify import verify
from inspection.records.audit import log
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role, User
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Report
from tests.api.conftest import running
from tests.inspection.jobs.small import outline, write_all
from tests.inspection.objects.conftest import KEY
from tests.inspection.objects.s3 import running_s3
from tests.inspection.records.server import running_server

ROOT = Path(__file__).parents[2]
ROWS = 2
MINUTE_S = 60.0


@pytest.fixture
def shared(tmp_path) -> Iterator[tuple[object, dict[str, str]]]:
    """A service without a worker, and what every machine of its installation is told."""
    with running_server() as database, running_s3(tmp_path / "s3") as s3:
        told = {
            "objects": f"s3://{s3.bucket()}/evidence?endpoint={s3.address}&region=us-east-1",
            "objects_key_id": KEY["key_id"],
            "objects_secret": KEY["secret"],
        }
        with running(database, worker=False, **told) as service:
            told["database"] = database
            yield service, {f"TINJAU_{name.upper()}": value for name, value in told.items()}


@contextmanager
def machines(home: Path, told: dict[str, str]) -> Iterator[list[int]]:
    """Workers, started by the very commands of the README; gives their numbers."""
    page = (ROOT / "README.md").read_text()
    (commands,) = (
        one for one in re.findall(r"```shell\n(.*?)```", page, re.DOTALL) if "worker" in one
    )
    (home / ".venv").symlink_to(sys.prefix)
    with (home / "log").open("wb") as said:
        shell = subprocess.Popen(
            ["sh", "-e", "-c", f"{commands}\nwait"],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(ROOT), **told},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    children = Path(f"/proc/{shell.pid}/task/{shell.pid}/children")
    try:
        until(lambda: len(children.read_text().split()) == 2, 10)
        yield [int(word) for word in children.read_text().split()]
    finally:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait(30)


def until(happened, seconds: float):
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def begin(words: list[object], told: dict[str, str], home: Path) -> subprocess.Popen:
    """The command line on a machine of the office, which has a folder of its own too."""
    return subprocess.Popen(
        [sys.executable, "-m", "inspection", *map(str, words)],
        env={**os.environ, "TINJAU_DATA": str(home / "desk"), **told},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_machines_make_batches_though_one_of_them_is_killed(shared, tmp_path) -> None:
    """One asked for on the page, and one on the command line, which is killed too."""
    service, told = shared
    write_all(tmp_path)
    uploads = [
        str(service.upload("here", (tmp_path / f"{name}.tif").read_bytes(), name=f"{name}.tif"))
        for name in ("current", "baseline")
    ]
    permits = [service.permit("here", outline()) for _ in range(2 * ROWS)]
    office = service.offices["here"]
    with service.records.reading(office) as session:
        names = [session.get_one(Permit, one).reference for one in permits]
        login = session.get_one(User, service.people["here", Role.GIS]).login
    flights = {"current": {"orthophoto": uploads[0]}, "baseline": {"orthophoto": uploads[1]}}
    asked = [{"permit_id": str(one), **flights} for one in (*permits[:ROWS], uuid4())]
    table = tmp_path / "table.csv"
    rows = [[name, *uploads, "north"] for name in (*names[ROWS:], "IUP LOST")]
    lines = [",".join(one) for one in (["permit", "current", "baseline", "team"], *rows)]
    table.write_text("\n".join(lines))
    words = ["batch", table, "--out", tmp_path / "out", "--on-workers", login, "--json"]

    def runs() -> dict[UUID, InspectionRun]:
        with service.records.reading_all() as session:
            return {one.id: one for one in session.scalars(select(InspectionRun))}

    def in_the_middle(worker: int) -> InspectionRun | None:
        held = f"-{worker}-"
        return next((one for one in runs().values() if one.step and held in one.held_by), None)

    with service.as_role(Role.GIS) as client, machines(tmp_path, told) as (first, second):
        begun = client.post("/api/v1/batches", json={"inspections": asked})
        assert begun.status_code == 202, begun.text
        killed = begin(words, told, tmp_path)
        lost = until(lambda: in_the_middle(first), 3 * MINUTE_S)
        os.kill(first, signal.SIGKILL)
        until(lambda: f"-{second}-" in str(runs()[lost.id].held_by), MINUTE_S)
        until(lambda: len(runs()) == 2 * ROWS, MINUTE_S)
        killed.kill()
        killed.communicate()
        said, problem = begin(words, told, tmp_path).communicate(timeout=5 * MINUTE_S)
        assert problem == ""
        until(lambda: {one.state for one in runs().values()} == {InspectionState.DONE}, MINUTE_S)
        batches = [
            client.get(f"/api/v1/batches/{number}").json()
            for number in (begun.json()["id"], json.loads(said)["batch"])
        ]
    for batch in batches:
        assert (batch["states"], batch["refused"]) == ({"done": ROWS}, 1)

    with service.records.reading(office) as session:
        events = [json.loads(line)["event"]["action"] for line in log(session, office)]
        reports = session.scalars(select(Report)).all()
    once_each = ("inspection.submitted", "inspection.started", "inspection.done")
    deeds = [one for one in events if one.startswith("inspection.")]
    assert Counter(deeds) == dict.fromkeys(once_each, 2 * ROWS), "none was done twice"
    assert len(reports) == 2 * ROWS
    for report in reports:
        for sha256 in report.files.values():
            service.app.state.objects.stored(sha256)
    assert {path.parent.name for path in tmp_path.glob("demo/*/jobs")} == {"machine-1", "machine-2"}

    require_gathered(tmp_path / "out", names[ROWS:])


def require_gathered(out: Path, names: list[str]) -> None:
    """The files of a batch, as those of one that this machine made itself."""
    listed = io.StringIO((out / "batch.csv").read_text("utf-8"))
    told = {one["permit"]: one for one in csv.DictReader(listed)}
    assert [told[name]["state"] for name in names] == ["done"] * ROWS
    assert told["IUP LOST"]["code"] == "batch_permit_absent"
    assert {one["team"] for one in told.values()} == {"north"}
    assert set(geopandas.read_parquet(out / "batch.parquet")["permit"]) == set(names)
    assert set(geopandas.read_file(out / "batch.gpkg", layer="permits")["permit"]) == set(names)
    assert (out / "overview.pdf").read_bytes().startswith(b"%PDF")
    assert verify(out / told[names[0]]["folder"]).flaws == ()
