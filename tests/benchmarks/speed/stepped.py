"""Ours, whole: an inspection as the command makes it, that says what each step took."""

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

# As the command does, which waits for no client of S3, and for no tables.
sys.modules["boto3"] = None  # type: ignore[assignment]

from inspection.language import Language  # noqa: E402
from inspection.lean import live_lean  # noqa: E402
from inspection.pipeline import run_inspection  # noqa: E402
from inspection.ports import Advance  # noqa: E402
from inspection.profiles.profile import read_profile  # noqa: E402
from inspection.request import Request  # noqa: E402

TICKS_S = os.sysconf("SC_CLK_TCK")


def cpu_s() -> float:
    """Processor time of this process and of its children, and of those of theirs that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    # One of them lives on and is forked for each file that is read.
    lives = [stat for stat in _stats() if int(stat[1]) == os.getpid()]
    ticks = sum(int(figure) for stat in lives for figure in stat[11:15])
    return sum(one.ru_utime + one.ru_stime for one in used) + ticks / TICKS_S


def _stats() -> Iterator[list[str]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            yield path.read_text().rpartition(")")[2].split()


class Watched:
    """`inspection.ports.Progress` that keeps what each step took."""

    def __init__(self) -> None:
        self.steps = {"start": {"cpu_s": cpu_s(), "wall_s": 0.0}}

    @contextmanager
    def step(self, name: str) -> Iterator[Advance]:
        """Measure a step while it lasts."""
        cpu, begun = cpu_s(), time.perf_counter()
        yield lambda _share: None
        self.steps[name] = {"cpu_s": cpu_s() - cpu, "wall_s": time.perf_counter() - begun}


def main() -> None:
    """Write the result to `inspected` and the profile to `steps.json`."""
    boundary, before, after = map(Path, sys.argv[1:])
    shutil.rmtree("inspected", ignore_errors=True)
    watched = Watched()
    live_lean()
    run_inspection(
        Request(
            boundary=boundary,
            current=after,
            baseline=before,
            language=Language.ENGLISH,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
        out=Path("inspected"),
        profile=read_profile("generic"),
        progress=watched,
    )
    Path("steps.json").write_text(json.dumps(watched.steps))


if __name__ == "__main__":
    main()
