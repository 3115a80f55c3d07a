"""What was measured, as a page and as JSON, and against what was measured before."""

import statistics
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tests.benchmarks.speed.spent import Spent
from tests.benchmarks.speed.ways import INSPECTED, RATIOS

type Runs = Mapping[str, list[Spent]]
type Steps = list[dict[str, dict[str, float]]]

SLOWER = 0.25
"""Share by which a ratio may be worse than one measured before: runs differ by some of it."""


MOST_CLOCK = 0.65
TWO_FREE = 1.9
"""How much of its processor time an inspection may last, where so many cores were free."""


def ratios(runs: Runs) -> list[tuple[str, str, list[float], float | None]]:
    """Ours over theirs in processor time, pair by pair, and the bar; only what was run."""
    found = []
    for ours, theirs, bar in RATIOS:
        if runs.get(ours) and runs.get(theirs):
            pairs = zip(runs[ours], runs[theirs], strict=False)
            found.append((ours, theirs, [one.cpu_s / other.cpu_s for one, other in pairs], bar))
    return found


def section(title: str, runs: Runs, steps: Steps, cores: list[float]) -> str:
    """One scene's tables."""
    lines = [f"## {title}", ""]
    lines += [
        f"Cores that two spinning processes got: {', '.join(f'{one:.1f}' for one in cores)}.",
        "",
    ]
    lines += ["| way | runs | CPU s | wall s | peak MB | written MB |", "|---|---|---|---|---|---|"]
    for name, spent in runs.items():
        middle = [
            f"{statistics.median([getattr(one, field) for one in spent]):.{digits}f}"
            for field, digits in (("cpu_s", 1), ("wall_s", 1), ("peak_mb", 0), ("out_mb", 1))
        ]
        lines.append(f"| {name} | {len(spent)} | {' | '.join(middle)} |")
    lines += ["", "| CPU ratio | median | min–max | bar |", "|---|---|---|---|"]
    for ours, theirs, shares, bar in ratios(runs):
        spread = f"{min(shares):.2f}–{max(shares):.2f}"
        lines.append(
            f"| {ours} / {theirs} | {statistics.median(shares):.2f} | {spread} | {bar or ''} |"
        )
    if whole := runs.get(INSPECTED):
        shares = [one.wall_s / one.cpu_s for one in whole]
        spread = f"{min(shares):.2f}–{max(shares):.2f}"
        bar = MOST_CLOCK if min(cores) > TWO_FREE else "judged on two free cores alone"
        name = f"{INSPECTED}, clock / processor time"
        lines.append(f"| {name} | {statistics.median(shares):.2f} | {spread} | {bar} |")
    lines += ["", "| step of ours | CPU s | wall s |", "|---|---|---|"]
    for name in steps[0] if steps else ():
        cpu, wall = (
            statistics.median([one[name][field] for one in steps]) for field in ("cpu_s", "wall_s")
        )
        lines.append(f"| {name} | {cpu:.2f} | {wall:.2f} |")
    return "\n".join([*lines, ""])


def as_json(title: str, runs: Runs, steps: Steps, cores: list[float]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "scene": title,
        "cores_free": cores,
        "runs": {name: [asdict(one) for one in spent] for name, spent in runs.items()},
        "ratios": {
            f"{ours} / {theirs}": {"median": statistics.median(shares), "each": shares, "bar": bar}
            for ours, theirs, shares, bar in ratios(runs)
        },
        "steps": steps,
    }


def slower(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[str]:
    """Ratios that are worse than before by more than is allowed."""
    known = {one["scene"]: one["ratios"] for one in before}
    worse = []
    for one in now:
        for name, ratio in one["ratios"].items():
            past = known.get(one["scene"], {}).get(name)
            if past and ratio["median"] > past["median"] * (1 + SLOWER):
                worse.append(
                    f"{one['scene']}: {name} {past['median']:.2f} -> {ratio['median']:.2f}"
                )
    return worse
