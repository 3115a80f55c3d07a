"""
How fast an inspection is, ours and common ways, in turn on the same drawn pairs: as tables.

    python -m tests.benchmarks.speed [--quick] [--sides 8192 20480] [--pairs 5 3] [--out FOLDER]
    python -m tests.benchmarks.speed --large 61440

Ways that are not installed are named and left out. What is drawn is removed at the end. Whole it
takes more than an hour on two cores and 20 GB of disk; quick, some minutes and 2 GB. A large pair
is made of one of 20480 pixels many times, and only ours inspects it, to see how much memory that
takes: 61440 needs a quarter of an hour and 20 GB.
"""

import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import rasterio

from tests.benchmarks.speed import table
from tests.benchmarks.speed.asked import asked
from tests.benchmarks.speed.scene import Scene
from tests.benchmarks.speed.spent import FailedError, Spent, cores_free, spent
from tests.benchmarks.speed.ways import INSPECTED, OURS_MAP, Way, module, ways

MAP_STEPS = ("register", "detect")


def measured(
    running: list[Way], *, side: int, kind: str, pairs: int
) -> tuple[table.Runs, table.Steps, list[float]]:
    """Draw one scene, and run all ways in turn, again and again."""
    runs: dict[str, list[Spent]] = defaultdict(list)
    steps: table.Steps = []
    cores = []
    with tempfile.TemporaryDirectory(prefix="tinjau-speed-") as name:
        folder = Path(name)
        # Drawn by another process: what this one once held, its children would be said to hold.
        spent([module("drawing", folder, side, kind)], cwd=folder)
        scene = Scene.at(folder, kind=kind)
        for _ in range(pairs):
            cores.append(cores_free())
            room = folder / "room"
            room.mkdir()
            for way in running:
                one = spent(way.commands(scene), cwd=room, out=way.out)
                runs[way.name].append(one)
                print(
                    f"{side} {kind:8}{way.name:36}{one.cpu_s:8.2f} s", file=sys.stderr, flush=True
                )
                if way.name == INSPECTED:
                    steps.append(json.loads((room / "steps.json").read_text()))
                    runs[OURS_MAP].append(_mapped(one, steps[-1]))
            shutil.rmtree(room)
    return runs, steps, cores


def _mapped(whole: Spent, steps: dict[str, dict[str, float]]) -> Spent:
    """The part of an inspection that others' change maps are compared with."""
    cpu, wall = (sum(steps[name][field] for name in MAP_STEPS) for field in ("cpu_s", "wall_s"))
    return Spent(cpu_s=cpu, wall_s=wall, peak_mb=whole.peak_mb, out_mb=0.0)


def head(day: date) -> str:
    """When and by what this was measured."""
    used = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return (
        f"Measured on {day.day} {day:%B %Y} by `make bench`, as whole processes, one way after the "
        f"other on the same drawn pairs: {used}, GDAL {rasterio.__gdal_version__} in ours. Seconds "
        "depend on the machine; only ratios are compared."
    )


def main() -> int:
    """Print the page; 1 where a ratio is worse than in the file of an earlier run."""
    todo = asked(sys.argv[1:], about=(__doc__ or "").strip().splitlines()[0])
    if todo.out:  # Before the first second is measured: an hour later it is too late.
        todo.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # clears away, too
    running, missing = ways(names=todo.names)
    page = ["# How fast an inspection is", "", head(datetime.now(UTC).date()), ""]
    page += [f"Not installed, left out: {', '.join(missing)}.", ""] if missing else []
    figures: list[dict[str, Any]] = []
    try:
        for side, often in todo.sides:
            for kind in todo.kinds:
                title = f"{side} x {side}, {kind}"
                found = measured(running, side=side, kind=kind, pairs=often)
                page.append(table.section(title, *found))
                figures.append(table.as_json(title, *found))
    except FailedError as error:
        print(error, file=sys.stderr)
        return 1
    text = "\n".join(page)
    print(text)
    if todo.out:
        (todo.out / "speed.md").write_text(text)
        (todo.out / "benchmarks.json").write_text(json.dumps(figures, indent=1) + "\n")
    worse = table.slower(figures, todo.past)
    for line in worse:
        print(f"slower than before: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
