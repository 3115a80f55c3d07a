"""
How well two dates are laid on one another, ours and common ways: as a table.

    python -m tests.benchmarks.accuracy.registration [--quick] [--kinds known] [--json FILE]
                                                     [--ours] [--seed 70] [--count 24]

Known movements are measured against their truth. Of real dates nobody knows it: there the later
picture is moved once more by a known movement, and the two answers must differ by it. That tells
how repeatable an answer is; an answer that is wrong in the same way twice is not seen. Every
picture's pixels count as 0.25 m.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from tests.benchmarks.accuracy.movements import error_px, worst_px
from tests.benchmarks.accuracy.product import found_movement
from tests.benchmarks.accuracy.registration_cases import (
    KNOWN,
    SEED,
    Case,
    known_cases,
    real_cases,
    rewarped,
)
from tests.benchmarks.accuracy.registration_peers import PEERS
from tests.benchmarks.accuracy.sources import Pixels

OURS = "ours"

COUNT = 24
"""Known movements of each kind."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one method says of one pair."""

    movement: Affine | None
    verified: bool | None
    """None where the method does not judge itself."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """One method on one case."""

    kind: str
    case: str
    method: str
    error_px: float | None
    """Root mean square over the picture; None where the method gave no answer."""

    worst_px: float | None
    floor_px: float
    verified: bool | None
    seconds: float


type Method = Callable[[Pixels, Pixels, NDArray[np.bool_]], Answer]


def ours(before: Pixels, after: Pixels, seen: NDArray[np.bool_]) -> Answer:
    """The product's own step, on files as it keeps them."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        found = found_movement(Path(folder), before, after, seen)
        seconds = time.process_time() - begun
    return Answer(movement=found.movement, verified=found.verified, seconds=seconds)


def peer(find: Callable[..., Affine | None]) -> Method:
    """One of the others."""

    def answer(before: Pixels, after: Pixels, seen: NDArray[np.bool_]) -> Answer:
        begun = time.process_time()
        movement = find(before, after, seen)
        return Answer(movement=movement, verified=None, seconds=time.process_time() - begun)

    return answer


def methods() -> dict[str, Method]:
    """By name, ours first."""
    return {OURS: ours, **{name: peer(find) for name, find in PEERS.items()}}


def known_rows(case: Case, by_name: dict[str, Method]) -> Iterator[Row]:
    """Each method against the truth."""
    everywhere = np.ones(case.after.shape[:2], np.bool_)
    for name, method in by_name.items():
        answer = method(case.before, case.after, everywhere)
        yield _row(case, case.name, name, (answer.movement, case.truth), [answer])


def real_rows(case: Case, by_name: dict[str, Method], moves: int) -> Iterator[Row]:
    """Each method against itself."""
    everywhere = np.ones(case.after.shape[:2], np.bool_)
    for name, method in by_name.items():
        plain = method(case.before, case.after, everywhere)
        for number, again in enumerate(rewarped(case, moves)):
            answer = method(case.before, again.after, again.seen)
            known = None if plain.movement is None else again.by @ plain.movement
            both = [plain, answer]
            yield _row(case, f"{case.name} #{number}", name, (answer.movement, known), both)


def _row(
    case: Case,
    name: str,
    method: str,
    movements: tuple[Affine | None, Affine | None],
    answers: list[Answer],
) -> Row:
    found, truth = movements
    answered = found is not None and truth is not None
    judged = [one.verified for one in answers]
    return Row(
        kind=case.kind,
        case=name,
        method=method,
        error_px=error_px(found, truth, case.after.shape) if answered else None,
        worst_px=worst_px(found, truth, case.after.shape) if answered else None,
        floor_px=case.floor_px,
        verified=None if None in judged else all(judged),
        seconds=answers[-1].seconds,
    )


def measured(
    *,
    quick: bool,
    kinds: Iterable[str] = (),
    ours_alone: bool = False,
    seed: int = SEED,
    count: int = COUNT,
) -> list[Row]:
    """Every row, told on standard error as it comes."""
    by_name, rows, chosen = {OURS: ours} if ours_alone else methods(), [], set(kinds)
    known = [kind for kind in KNOWN if not chosen or kind in chosen or "known" in chosen]
    for case in known_cases(count // 4 if quick else count, kinds=known, seed=seed):
        rows += _told(known_rows(case, by_name))
    for case in real_cases():
        if not chosen or case.kind in chosen or "real" in chosen:
            rows += _told(real_rows(case, by_name, 1 if quick else 3))
    return rows


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        said = "no answer" if row.error_px is None else f"{row.error_px:8.3f} px"
        sure = {None: "", True: "verified", False: "not verified"}[row.verified]
        line = f"{row.kind:30}{row.case:16}{row.method:20}{said:12}{sure:14}{row.seconds:6.2f} s"
        print(line, file=sys.stderr, flush=True)
        yield row


HEAD = (
    "| cases | method | n | median px | mean px | < 0.1 | < 0.3 | < 0.5 | > 1 | > 3 | no answer "
    "| verified | of these > 1 px | CPU s |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def table(rows: list[Row]) -> str:
    """The rows by kind and method, as Markdown; shares are of all cases."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.kind].append(row)
    real = [row for row in rows if not row.kind.startswith("known")]
    if real:
        groups["all real dates"] = real
    lines = [HEAD]
    for kind, members in groups.items():
        lines += [
            _line(kind, method, [row for row in members if row.method == method])
            for method in dict.fromkeys(row.method for row in members)
        ]
        floor = np.median([row.floor_px for row in members])
        if floor > 0:
            lines.append(f"| {kind} | *best affine there is* | | {floor:.3f} |" + " |" * 10)
    return "\n".join(lines)


def _line(kind: str, method: str, rows: list[Row]) -> str:
    errors = np.array([row.error_px for row in rows if row.error_px is not None])
    count = len(rows)
    middle = f"{np.median(errors):.3f} | {errors.mean():.2f}" if len(errors) else "- | -"
    below = " | ".join(f"{(errors < limit).sum() / count:.0%}" for limit in (0.1, 0.3, 0.5))
    above = " | ".join(f"{(errors > limit).sum() / count:.0%}" for limit in (1, 3))
    none = f"{(count - len(errors)) / count:.0%}"
    sure = [row.error_px for row in rows if row.verified and row.error_px is not None]
    wrong = sum(error > 1 for error in sure)
    said = "- | -" if rows[0].verified is None else f"{len(sure)} of {count} | {wrong}"
    seconds = np.mean([row.seconds for row in rows])
    return (
        f"| {kind} | {method} | {count} | {middle} | {below} | {above} | {none} | {said} "
        f"| {seconds:.2f} |"
    )


def main() -> int:
    """Print the table."""
    cv2.setNumThreads(1)  # so that processor time tells what a method asks for
    asked = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="a quarter of the cases")
    asked.add_argument("--kinds", default="", help="these, parted by semicolons; or known, real")
    asked.add_argument("--ours", action="store_true", help="without the others")
    asked.add_argument("--seed", type=int, default=SEED, help="of the known movements")
    asked.add_argument("--count", type=int, default=COUNT, help="of known movements of a kind")
    asked.add_argument("--json", type=Path, help="where every row is kept")
    words = asked.parse_args()
    rows = measured(
        quick=words.quick,
        kinds=filter(None, words.kinds.split(";")),
        ours_alone=words.ours,
        seed=words.seed,
        count=words.count,
    )
    print(table(rows))
    if words.json:
        words.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
