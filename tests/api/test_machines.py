"""Two workers as the README starts them, that share a database and a bucket, and no folder."""

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

import pytest
from sqlalchemy import select

from inspection.records.audit import log
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role
from inspection.records.tables.reports import Report
from tests.api.conftest import running
from tests.inspection.jobs.small import outline, write_all
from tests.inspection.objects.conftest import KEY, bucket, s3_server
from tests.inspection.records.server import running_server

__all__ = ["bucket", "s3_server"]
ROOT = Path(__file__).parents[2]
ROWS = 3
MINUTE_S = 60.0


@pytest.fixture
def shared(tmp_path_factory, s3_server, bucket) -> Iterator[tuple[object, dict[str, str]]]:
    """A service without a worker, and what every machine of its installation is told."""
    objects = f"s3://{bucket}/evidence?endpoint={s3_server}&region=us-east-1"
    key = {"objects_key_id": KEY["key_id"], "objects_secret": KEY["secret"]}
    with (
        running_server() as address,
        running(tmp_path_factory, address, objects=objects, worker=False, **key) as service,
    ):
        told = {"database": address, "objects": objects, **key}
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


def test_two_machines_make_a_batch_though_one_of_them_is_killed(shared, tmp_path) -> None:
    service, told = shared
    write_all(tmp_path)
    row = {
        name: {"orthophoto": str(service.upload("here", (tmp_path / f"{name}.tif").read_bytes()))}
        for name in ("current", "baseline")
    }
    asked = [{"permit_id": str(service.permit("here", outline())), **row} for _ in range(ROWS)]
    asked.append({"permit_id": str(uuid4()), **row})  # one that cannot be made stops no other

    def batch() -> dict:
        return client.get(begun.headers["location"]).json()

    def runs() -> dict[UUID, InspectionRun]:
        with service.records.reading_all() as session:
            return {one.id: one for one in session.scalars(select(InspectionRun))}

    def in_the_middle(worker: int) -> InspectionRun | None:
        held = f"-{worker}-"
        return next((one for one in runs().values() if one.step and held in one.held_by), None)

    with service.as_role(Role.GIS) as client, machines(tmp_path, told) as (first, second):
        begun = client.post("/api/v1/batches", json={"inspections": asked})
        assert begun.status_code == 202, begun.text
        lost = until(lambda: in_the_middle(first), 3 * MINUTE_S)
        os.kill(first, signal.SIGKILL)
        until(lambda: f"-{second}-" in str(runs()[lost.id].held_by), MINUTE_S)
        until(lambda: batch()["states"] == {InspectionState.DONE: ROWS}, 5 * MINUTE_S)
        assert batch()["refused"] == 1

    office = service.offices["here"]
    with service.records.reading(office) as session:
        said = [json.loads(line)["event"]["action"] for line in log(session, office)]
        reports = session.scalars(select(Report)).all()
    once_each = ("inspection.submitted", "inspection.started", "inspection.done")
    deeds = [one for one in said if one.startswith("inspection.")]
    assert Counter(deeds) == dict.fromkeys(once_each, ROWS)
    assert len(reports) == ROWS
    for report in reports:
        for sha256 in report.files.values():
            service.app.state.objects.stored(sha256)
    assert {path.parent.name for path in tmp_path.glob("demo/*/jobs")} == {"machine-1", "machine-2"}
