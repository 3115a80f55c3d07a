"""
How accurate detection, registration and volumes are, ours and common ways on the same pairs.

    python -m tests.benchmarks.accuracy [--quick] [--jobs 2] [--out docs]

Needs TINJAU_TEST_DATA. With --out it also writes accuracy.md and accuracy.json there. Whole it asks
for about half an hour of processor time, quick for about eight minutes.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import cv2

from tests.benchmarks.accuracy import real_pairs, registration, volumes
from tests.benchmarks.accuracy.answers import Answer, answers_to
from tests.benchmarks.accuracy.figures import as_json
from tests.benchmarks.accuracy.orfeo import PROGRAM, is_installed
from tests.benchmarks.accuracy.page import page
from tests.benchmarks.accuracy.pairs import Pair
from tests.benchmarks.accuracy.product import DETECTOR
from tests.benchmarks.accuracy.synthetic_pairs import FIRST_FURTHER, drawn


def pairs(*, quick: bool) -> Iterator[Pair]:
    """All that is measured on, or a part of each kind."""
    disturbed, still = (6, 3) if quick else (20, 10)
    more, quiet = (6, 2) if quick else (120, 30)
    return chain(
        real_pairs.labelled(),
        real_pairs.unchanged(quick=quick),
        drawn(disturbed=disturbed, still=still),
        drawn(disturbed=more, still=quiet, first=FIRST_FURTHER),
    )


def told(answers: list[Answer]) -> list[Answer]:
    """The same, and a line on each."""
    for one in answers:
        figure = one.counts.flagged_share if one.is_unchanged else one.counts.f1
        word = "flagged" if one.is_unchanged else "F1"
        line = f"{one.domain:10}{one.group:12}{one.pair:20}{one.method:26}{word:8}{figure:6.3f}"
        print(f"{line}  {one.seconds:6.2f} s", file=sys.stderr, flush=True)
    return answers


def main() -> int:
    """Print the page."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="a part of the pairs of each kind")
    asked.add_argument("--jobs", type=int, default=1, help="pairs looked at side by side")
    asked.add_argument("--out", type=Path, help="folder for accuracy.md and accuracy.json")
    words = asked.parse_args()
    if words.out:
        words.out.mkdir(parents=True, exist_ok=True)
    if not is_installed():
        print(f"{PROGRAM} is not installed: left out", file=sys.stderr)
    # Each on one core: processor time is compared.
    with ProcessPoolExecutor(
        words.jobs,
        mp_context=get_context("spawn"),
        initializer=cv2.setNumThreads,
        initargs=(1,),
    ) as pool:
        others = [
            pool.submit(one, quick=words.quick) for one in (registration.measured, volumes.measured)
        ]
        parts = [told(one) for one in pool.map(answers_to, pairs(quick=words.quick))]
        rows, moved = (one.result() for one in others)
    answers = [one for part in parts for one in part]
    today = datetime.now(UTC).date()
    text = page(
        answers,
        registration.table(rows),
        volumes.table(moved),
        day=today,
        detector=DETECTOR,
        quick=words.quick,
        orfeo=is_installed(),
    )
    print(text)
    if words.out:
        (words.out / "accuracy.md").write_text(text)
        figures = as_json(answers, rows, moved, day=today, detector=DETECTOR, quick=words.quick)
        (words.out / "accuracy.json").write_text(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
