"""
How many rows an hour 1, 2 and 4 workers make, beside bare inspections of the same rows.

    python -m tests.benchmarks.workers [--rows 4] [--counts 1 2 4] [--small] [--sides 8192]

Every worker has a folder of its own; all share a PostgreSQL and a bucket that lie on this very
machine, and so take processor time from them. Bare inspections run as many at a time as there
are workers. More workers than cores are no quicker: what tells is the share that is lost, and
the processor time of a row. Each line says how many cores two spinning processes got before it.
Then a drawn pair of each side, in pixels of 5 cm, is inspected once: what it costs by its size.
"""

import argparse
import json
import os
import resource
import signal
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspection.jobs.submission import OPEN
from inspection.records.tables.inspections import InspectionState
from tests.benchmarks.speed.scene import Scene
from tests.benchmarks.speed.spent import cores_free, spent
from tests.benchmarks.speed.ways import module
from tests.benchmarks.workers.installed import PROFILE, Site, site
from tests.benchmarks.workers.processes import Watch, begun, cpu_of, ended, until
from tests.inspection.jobs.small import write_all

SAMPLE: Final = Path(__file__).parents[3] / "sample_data"
FILES: Final = {
    "boundary": "boundary.geojson",
    "permit": "permit.json",
    "current": "current.tif",
    "baseline": "baseline.tif",
    "current_dsm": "current_dsm.tif",
    "baseline_dsm": "baseline_dsm.tif",
    "control_points": "control_points.csv",
}
SMALL: Final = ("boundary", "current", "baseline")
ENDED: Final = set(InspectionState) - set(OPEN)


@dataclass(kw_only=True)
class Took:
    """What a number of rows took."""

    rows: int
    wall_s: float = 0.0
    cpu_s: float = 0.0
    """Of whatever inspected."""

    shared_cpu_s: float = 0.0
    """Of the database and the bucket."""

    peak_mb: int = 0
    """Of all that inspected at a time, together."""

    between_s: float | None = None
    """From the end of an inspection to the beginning of the next one at its place, on average."""

    @property
    def an_hour(self) -> float:
        return self.rows / self.wall_s * 3600


def bare(rows: int, at_once: int, files: Mapping[str, Path], home: Path) -> Took:
    """Inspect rows as somebody does by hand, so many at a time."""
    watch, took = Watch(), Took(rows=rows)
    given = [part for role, path in files.items() for part in (_option(role), path)]

    def one(number: int) -> float:
        words = ["inspect", *given, "--profile", PROFILE, "--language", "en", "--quiet"]
        process = begun([*words, "--out", home / f"bare-{at_once}-{number}"], {}, home)
        return ended(watch.of(process))

    began = time.monotonic()
    with watch.watching(), ThreadPoolExecutor(at_once) as pool:
        took.cpu_s = sum(pool.map(one, range(rows)))
    took.wall_s, took.peak_mb = time.monotonic() - began, watch.peak_mb
    return took


def by_workers(rows: int, workers: int, site: Site, home: Path) -> tuple[Took, float]:
    """Have workers make them; gives also what the result of one takes, in MB."""
    watch, took = Watch(), Took(rows=rows)
    shared = sum(cpu_of(one) for one in site.servers)
    with watch.watching():
        begun_by = [
            watch.of(
                begun(
                    ["worker", "--quiet"],
                    {**site.told, "TINJAU_DATA": str(home / f"machine-{workers}-{number}")},
                    home,
                )
            )
            for number in range(workers)
        ]
        until(lambda: site.present() >= workers)
        starting = sum(cpu_of(one.pid) for one in begun_by)
        began = time.monotonic()
        runs = site.ask(rows)
        until(lambda: set(site.states(runs)) <= ENDED)
        if set(site.states(runs)) != {InspectionState.DONE}:
            raise RuntimeError(site.states(runs))
        took.wall_s = time.monotonic() - began
        for one in begun_by:
            one.send_signal(signal.SIGTERM)
        took.cpu_s = sum(ended(one) for one in begun_by) - starting
    took.shared_cpu_s = sum(cpu_of(one) for one in site.servers) - shared
    took.peak_mb, took.between_s = watch.peak_mb, site.between_s(runs)
    return took, site.kept_mb(runs[0])


def _option(role: str) -> str:
    return "--" + role.replace("_", "-")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--counts", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--sides", type=int, nargs="*", default=[8192])
    parser.add_argument("--small", action="store_true", help="a flight of 128 m, which is quick")
    given = parser.parse_args()
    flight = "a flight of 128 m" if given.small else "the sample flight"
    print(f"{os.cpu_count()} cores, {given.rows} rows of {flight} each time\n")
    print("| at a time | | rows an hour | lost | CPU s | database, bucket | between | MB | cores |")
    print("|---|---|---|---|---|---|---|---|---|")
    with ExitStack() as opened:
        home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="tinjau-workers-")))
        files = {role: SAMPLE / name for role, name in FILES.items()}
        if given.small:
            write_all(home)
            files = {role: home / name for role, name in FILES.items() if role in SMALL}
        there = opened.enter_context(site(home, files))
        kept = 0.0
        for count in given.counts:
            free = cores_free()
            alone = bare(given.rows, count, files, home)
            line(count, "bare", alone, None, free)
            free = cores_free()
            made, kept = by_workers(given.rows, count, there, home)
            line(count, "workers", made, 1 - made.an_hour / alone.an_hour, free)
        brought = sum(path.stat().st_size for path in files.values()) / 1e6
        print(f"\na row brings {brought:.1f} MB and leaves {kept:.1f} MB in the bucket")
    if given.sides:
        print("\n| side, pixels | ground, ha | CPU s | peak MB | brought MB | kept MB |")
        print("|---|---|---|---|---|---|")
    for side in given.sides:
        cost(side)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"the benchmark itself took {used.ru_utime + used.ru_stime:.0f} s of CPU")


def cost(side: int) -> None:
    """Draw a pair and inspect it once."""
    with tempfile.TemporaryDirectory(prefix="tinjau-cost-") as name:
        home = Path(name)
        spent([module("drawing", home, side, "deflate")], cwd=home)
        scene = Scene.at(home, kind="deflate")
        given = ["--boundary", scene.boundary, "--current", scene.after, "--baseline", scene.before]
        watch = Watch()
        with watch.watching():
            words = ["inspect", *given, "--profile", "generic", "--out", home / "out"]
            cpu = ended(watch.of(begun([*words, "--quiet"], {}, home)))
        ground = json.loads((home / "out/inspection.json").read_bytes())["boundary"]["area_ha"]
        brought = scene.before.stat().st_size + scene.after.stat().st_size
        kept = sum(one.stat().st_size for one in (home / "out").rglob("*") if one.is_file())
    print(
        f"| {side} | {ground:.1f} | {cpu:.0f} | {watch.peak_mb} | {brought / 1e6:.0f} "
        f"| {kept / 1e6:.0f} |",
        flush=True,
    )


def line(count: int, how: str, took: Took, lost: float | None, free: float) -> None:
    print(
        f"| {count} | {how} | {took.an_hour:.0f} | {'' if lost is None else f'{lost:.0%}'} "
        f"| {took.cpu_s / took.rows:.1f} | {took.shared_cpu_s / took.rows:.1f} "
        f"| {'' if took.between_s is None else f'{took.between_s:.1f} s'} "
        f"| {took.peak_mb} | {free:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
