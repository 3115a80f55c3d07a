"""
How well volumes of earth moved are told, and whether their 95 % limits hold.

    python -m tests.benchmarks.accuracy.volumes [--quick] [--json FILE]

The product reads two surfaces as files, lays them level apart from the outlines, and adds up. Seeds
that the method was made with are not among those measured here.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from affine import Affine

from geo.height_system import declared_heights
from geo.volume import Earth, Volume, together
from inspection.findings import UNSEEN_SHARE
from inspection.heights import comparison
from inspection.model import HeightModel, Source
from tests.benchmarks.accuracy.tables import head, row
from tests.benchmarks.accuracy.volume_cases import Pair, Piece, depressions, drawn

TUNED = range(130)
"""Seeds that the method was made with."""

MEASURED = range(2000, 2110)
"""Seeds that it had not seen."""

QUICK = range(2000, 2014)

METRES = declared_heights("m")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One volume: the true one, what was told, and its limits."""

    pair: str
    kind: str
    part: str
    """``cut``, ``fill``, ``net`` of a piece; ``all`` for the net of all pieces of a pair."""

    true_m3: float
    told_m3: float
    limit_m3: float
    moved_m3: float
    """True cut and fill together."""

    seconds: float

    @property
    def is_inside(self) -> bool:
        """Whether the truth lies between the limits."""
        return abs(self.told_m3 - self.true_m3) <= self.limit_m3


def measured(*, quick: bool = False, seeds: range | None = None) -> list[Told]:
    """Of the drawn pairs, and of the real depression."""
    chosen = seeds or (QUICK if quick else MEASURED)
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name), os.environ.get("TINJAU_TEST_DATA")
        real = depressions(Path(data), folder, first_seed=chosen.start) if data else iter(())
        return [told for pair in chain(drawn(chosen, folder), real) for told in _of(pair)]


def _of(pair: Pair) -> Iterator[Told]:
    start = time.process_time()
    models = [
        HeightModel(
            source=Source(role="dsm", name=path.name, sha256="", size=0),
            path=path,
            grid=grid,
            system=METRES,
            stated_by="option",
        )
        for path, grid in ((pair.before, pair.before_grid), (pair.after, pair.after_grid))
    ]
    rough = comparison(*models, Affine.identity(), pair.after_grid)
    outlines = [piece.outline for piece in pair.pieces]
    crs = pair.after_grid.crs
    level = rough and rough.apart_from(outlines, crs)
    if level is None:
        raise ValueError(f"{pair.name}: no level")
    volumes = [level.volume(outline, crs) for outline in outlines]
    seconds = time.process_time() - start
    pair.before.unlink()
    pair.after.unlink()
    given = [
        (piece, volume)
        for piece, volume in zip(pair.pieces, volumes, strict=True)
        if volume.unseen_m2 < UNSEEN_SHARE * piece.outline.area
    ]  # of others the product gives none
    for piece, volume in given:
        yield from _parts(pair, piece, volume, seconds)
    if given:
        whole = together([volume for _, volume in given], level.alignment)
        fill_m3 = sum(piece.fill_m3 for piece, _ in given)
        cut_m3 = sum(piece.cut_m3 for piece, _ in given)
        yield _told(pair, "all", fill_m3 - cut_m3, whole.net, fill_m3 + cut_m3, seconds)


def _parts(pair: Pair, piece: Piece, volume: Volume, seconds: float) -> Iterator[Told]:
    moved = piece.cut_m3 + piece.fill_m3
    yield _told(pair, "net", piece.fill_m3 - piece.cut_m3, volume.net, moved, seconds)
    yield _told(pair, "cut", piece.cut_m3, volume.cut, moved, seconds)
    yield _told(pair, "fill", piece.fill_m3, volume.fill, moved, seconds)


def _told(pair: Pair, part: str, true_m3: float, one: Earth, moved: float, seconds: float) -> Told:
    return Told(
        pair=pair.name,
        kind=pair.kind,
        part=part,
        true_m3=round(true_m3, 3),
        told_m3=round(one.m3, 3),
        limit_m3=round(one.uncertainty_m3, 3),
        moved_m3=round(moved, 3),
        seconds=round(seconds, 3),
    )


def table(rows: list[Told]) -> str:
    """Of every kind of pair, by part."""
    lines = head(
        "pairs",
        "part",
        "volumes",
        "inside the limits",
        "limits, half, of what was moved: median",
        "error: median",
        "bias: mean",
        "bias: of the limits",
    )
    for kind in (*dict.fromkeys(one.kind for one in rows), "all together"):
        for part in ("net", "cut", "fill", "all"):
            here = [r for r in rows if kind in (r.kind, "all together") and r.part == part]
            if here:
                lines.append(row(kind, part, *_figures(here)))
    return "\n".join(lines)


def _figures(rows: list[Told]) -> list[str]:
    errors = np.array([one.told_m3 - one.true_m3 for one in rows])
    moved = np.array([one.moved_m3 for one in rows])
    limits = np.array([one.limit_m3 for one in rows])
    inside = np.array([one.is_inside for one in rows])
    own = np.divide(errors, limits, out=np.zeros_like(errors), where=limits > 0)
    return [
        str(len(rows)),
        f"{inside.mean():.1%}",
        f"{np.median(limits / moved):.1%}",
        f"{np.median(np.abs(errors) / moved):.1%}",
        f"{np.mean(errors / moved):+.2%}",
        f"{own.mean():+.2f}",
    ]


def main() -> int:
    """Print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="an eighth of the pairs")
    asked.add_argument("--tuned", action="store_true", help="the seeds that it was made with")
    asked.add_argument("--json", type=Path, help="where every volume is kept")
    words = asked.parse_args()
    rows = measured(quick=words.quick, seeds=TUNED if words.tuned else None)
    print(table(rows))
    if words.json:
        words.json.write_text(json.dumps([asdict(one) for one in rows], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
