"""A folder of flights that are none, whose rows take no time; and the command that runs them."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.inspection.conftest import MOMENT, PERMIT, box, write_boundary

ROOT = Path(__file__).parents[3]
NEIGHBOUR = box(122, 30, 158, 130)
FAR = box(2000, 30, 2090, 130)


@dataclass(frozen=True, kw_only=True)
class Office:
    """A folder with flights, boundaries and tables."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def flight(self, name, deed="whole"):
        (self.folder / name).write_text(deed)
        return name

    def table(self, *rows, name="table.csv", encoding="utf-8"):
        (self.folder / name).write_bytes("\n".join(rows).encode(encoding) + b"\n")
        return self.folder / name

    def words(self, table, *more):
        return [
            sys.executable,
            "-m",
            "tests.inspection.batch.quick",
            "batch",
            str(table),
            "--out",
            str(self.out),
            "--language",
            "en",
            "--created-at",
            MOMENT,
            *map(str, more),
        ]

    def env(self):
        return {
            **os.environ,
            "QUICK_HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "TINJAU_DATA": str(self.folder / "data"),
        }

    def run(self, table, *more):
        return subprocess.run(
            self.words(table, *more),
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
            env=self.env(),
        )

    def begin(self, table, *more):
        """Begin a batch in a process of its own."""
        return subprocess.Popen(
            self.words(table, *more, "--quiet"), stderr=subprocess.PIPE, env=self.env()
        )

    def begun(self):
        """How often each flight was begun."""
        path = self.folder / "begun"
        return Counter(path.read_text().split()) if path.exists() else Counter()

    def rows(self):
        """The lines of batch.csv, by the number of the row."""
        text = (self.out / "batch.csv").read_text("utf-8")
        return {int(one["row"]): one for one in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def office(tmp_path, inspected):
    """Permits side by side and one far away; results are what the small site gave."""
    for name, shape in (("west", PERMIT), ("east", NEIGHBOUR), ("far", FAR)):
        write_boundary(tmp_path / f"{name}.geojson", shape)
    (tmp_path / "inspection.json").write_text(json.dumps(inspected.document))
    return Office(folder=tmp_path)


def until(is_so, patience_s=200):
    end = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def kill(process):
    """End a process as a power cut would."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait(30)
    process.stderr.close()


def is_alive(number):
    """Whether a process runs, and is not only waiting to be seen off."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
