"""What is to be measured, as the command line says: what cannot be is refused before any run."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.speed.repeated import PART_PX
from tests.benchmarks.speed.scene import KINDS, REPEATED
from tests.benchmarks.speed.table import slower
from tests.benchmarks.speed.ways import OURS, QUICK

LARGE = (PART_PX, 2 * PART_PX, 3 * PART_PX)
LEAST_PX = 5120
"""With its ring, the concession on a smaller picture would have no room."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One run of the benchmark."""

    sides: tuple[tuple[int, int], ...]
    """Pixels along each picture, and how many pairs of them."""
    kinds: tuple[str, ...]
    names: tuple[str, ...] | None
    """Of ways, where not all are to be run."""
    out: Path | None
    past: list[dict[str, Any]]
    """Figures of an earlier run, to be held against."""


def asked(arguments: Sequence[str], *, about: str) -> Asked:
    """Read the command line; leave with 2 and a word on what is wrong with it."""
    parser = argparse.ArgumentParser(prog="speed", description=about)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="two small pairs, the main ways")
    size.add_argument(
        "--large", type=int, choices=LARGE, help="one large pair, only inspected by ours"
    )
    size.add_argument("--sides", type=_side, nargs="+", help="pixels along each picture")
    parser.add_argument("--pairs", type=_count, nargs="+", help="how often, for each side")
    parser.add_argument("--kinds", choices=KINDS, nargs="+", help="how pictures are packed")
    parser.add_argument("--out", type=Path, help="folder for speed.md and benchmarks.json")
    parser.add_argument("--against", type=_figures, default=[], help="benchmarks.json of before")
    words = parser.parse_args(arguments)
    sides, pairs, kinds, names = (8192, 20480), (5, 3), KINDS, None
    if words.quick:
        sides, pairs, kinds, names = (8192,), (2,), ("deflate",), QUICK
    if words.large:
        if words.pairs or words.kinds:
            parser.error("--large is one pair of one kind: leave --pairs and --kinds out")
        sides, pairs, kinds, names = (words.large,), (1,), (REPEATED,), OURS
    sides, pairs = words.sides or sides, words.pairs or pairs
    if len(sides) != len(pairs):
        parser.error(f"--pairs: as many numbers as sides ({len(sides)})")
    return Asked(
        sides=tuple(zip(sides, pairs, strict=True)),
        kinds=tuple(words.kinds or kinds),
        names=names,
        out=words.out,
        past=words.against,
    )


def _count(word: str, *, least: int = 1) -> int:
    number = int(word) if word.lstrip("-").isdecimal() else 0
    if number < least:
        raise argparse.ArgumentTypeError(f"{word}: must be a number from {least}")
    return number


def _side(word: str) -> int:
    return _count(word, least=LEAST_PX)


def _figures(word: str) -> list[dict[str, Any]]:
    try:
        figures: list[dict[str, Any]] = json.loads(Path(word).read_text())
        slower(figures, figures)  # read as it will be in the end: an hour later it is too late
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise argparse.ArgumentTypeError(f"{word}: no benchmarks.json: {error!r}") from error
    return figures
