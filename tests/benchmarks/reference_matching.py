"""Measures `--reference`: pictures cut from real orthophotos, warped and lit anew, matched again.

    python -m tests.benchmarks.reference_matching [--kinds affine,perspective] [--few 3]

Where a picture lies is known by construction, so each match is held against the truth. Pictures of
another place must all be refused. Needs TINJAU_TEST_DATA; takes some ten minutes.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from geo.errors import RefusedError
from geo.matching import matched
from tests.geo import pictures as warped
from tests.geo.pictures import Bend, Pixels

ROOT = Path(__file__).parents[2]
SEED = 4

SCENES = {
    "sample": "sample",
    "bali": "drone_orthos/pix4d_alpha_nodata.tif",
    "australia": "drone_orthos/australia.tif",
    "town": "drone_orthos/1091-322_00.tif",
    "slope": "ortho_from_raw_taiwan/odm/images/100_0005_0018.tif",
    "road": "ortho_from_raw_taiwan/odm/images/100_0005_0140.tif",
    "farmland": "naip_series/m_4709963_se_14_1_20120731.tif",
    "forest": "drone_orthos/OSBS_029.tif",
    "quarter": "drone_orthos/cog_rgba.tif",
}
LARGE = ("sample", "bali", "australia", "town", "slope", "road", "farmland")

MOST_PX, LEAST_PX = 1500, 300
"""Sides of a picture that is not meant to be small."""

NINE_TENTHS = 0.9

PAIRS = {
    "farmland 2010, 2012": ("20100629", "20120731"),
    "farmland 2012, 2016": ("20120731", "20160816"),
    "farmland 2016, 2018": ("20160816", "20180716"),
    "farmland 2018, 2012": ("20180716", "20120731"),
}
"""Years of one place: where its files say that it lies is the truth here, good to a pixel."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A picture, a reference, and the truth where there is one."""

    kind: str
    name: str
    picture: Pixels
    inside: NDArray[np.bool_]
    reference: Pixels
    bend: Bend | None


@cache
def scene(name: str) -> Pixels:
    """Red, green and blue of a real picture."""
    path = ROOT / "sample_data/baseline.tif" if name == "sample" else data(SCENES.get(name, name))
    with rasterio.open(path) as source:
        return np.ascontiguousarray(source.read((1, 2, 3)).transpose(1, 2, 0))


def data(name: str) -> Path:
    """Path of a file of the real flights."""
    return Path(os.environ["TINJAU_TEST_DATA"]) / name


def bent(random: np.random.Generator, shape: tuple[int, ...], *, least: int = 360) -> Bend:
    """A window of a scene, turned and scaled at random, as large as the scene allows."""
    rows, columns = shape[:2]
    span = random.uniform(least, max(0.85 * min(rows, columns), least + 20), 2)
    span = np.minimum(span, MOST_PX)
    scale = float(2 ** random.uniform(-1, 1))
    while max(span) / scale > MOST_PX:  # no picture larger than that
        scale *= 1.1
    while min(span) / scale < LEAST_PX < least:  # nor smaller
        scale /= 1.1
    room = np.maximum([columns - span[0], rows - span[1]], 0) * 0.4
    centre = np.array([columns, rows]) / 2 + random.uniform(-1, 1, 2) * room
    return Bend(
        centre=(float(centre[0]), float(centre[1])),
        size=(round(span[0] / scale), round(span[1] / scale)),
        scale=scale,
        turn=float(random.uniform(0, 360)),
    )


def affine(bend: Bend, random: np.random.Generator) -> Bend:
    """Sheared by up to 3 %."""
    return replace(bend, shear=float(random.uniform(-0.03, 0.03)))


def perspective(bend: Bend, random: np.random.Generator) -> Bend:
    """Scale that changes by up to 2 % from the middle to a rim."""
    east, south = random.uniform(-0.02, 0.02, 2)
    return replace(bend, tilt=(float(east), float(south)))


def local(bend: Bend, random: np.random.Generator) -> Bend:
    """Two bumps of up to 5 pixels."""
    return replace(
        bend,
        bumps=tuple(
            (*(float(v) for v in random.uniform(-0.7, 0.7, 2)), *bump)
            for bump in random.uniform(-3.5, 3.5, (2, 2)).tolist()
        ),
    )


BENDS: dict[str, Callable[[Bend, np.random.Generator], Bend]] = {
    "similarity": lambda bend, _: bend,
    "affine": affine,
    "perspective": perspective,
    "local": local,
}


def cases() -> Iterator[Case]:
    """Every case, in a fixed order; each is drawn from a seed of its own."""
    for kind, bend in BENDS.items():
        names = LARGE if kind == "similarity" else LARGE * 2
        yield from _warped(kind, bend, names, light=0.6)
    yield from _warped("light", affine, LARGE, light=1.4)
    yield from _warped("dug", affine, LARGE, light=0.6, share=0.3)
    yield from _warped("small", affine, (*LARGE, "forest", "quarter"), light=0.6, least=200)
    yield from _seasons()
    yield from _unrelated()


def _drawn(*words: str | int) -> np.random.Generator:
    return np.random.default_rng([SEED, *"".join(str(word) for word in words).encode()])


def _warped(
    kind: str,
    bend: Callable[[Bend, np.random.Generator], Bend],
    names: tuple[str, ...],
    *,
    light: float,
    share: float = 0.0,
    least: int = 360,
) -> Iterator[Case]:
    for number, name in enumerate(names):
        random = _drawn(kind, name, number)
        whole = scene(name)
        lie = bent(
            random, (least + 60, least + 60) if kind == "small" else whole.shape, least=least
        )
        if kind == "small":
            lie = replace(lie, centre=(whole.shape[1] / 2, whole.shape[0] / 2))
        lie = bend(lie, random)
        picture, inside = warped.taken(whole, lie)
        if share:
            picture = warped.dug(picture, random, share=share)
        picture = warped.lit(picture, random, strength=light)
        yield Case(kind=kind, name=name, picture=picture, inside=inside, reference=whole, bend=lie)


def _seasons() -> Iterator[Case]:
    for turn in (0, 1):
        for name, (one, other) in PAIRS.items():
            files = [f"naip_series/m_4709963_se_14_1_{year}.tif" for year in (one, other)]
            shift = _between(*(data(file) for file in files))
            yield _laid("season", name, scene(files[0]), scene(files[1]), shift, turn)
        with rasterio.open(ROOT / "sample_data/current.tif") as source:
            now = np.ascontiguousarray(source.read((1, 2, 3)).transpose(1, 2, 0))
        east, north = json.loads((ROOT / "sample_data/truth.json").read_text())["shift_m"]
        yield _laid("season", "sample", now, scene("sample"), (-east / 0.2, north / 0.2), turn)
        yield _laid(
            "season",
            "mine",
            scene("minenetcd_site2/site2_t2.png"),
            scene("minenetcd_site2/site2_t1.png"),
            (0.0, 0.0),
            turn,
        )


def _between(one: Path, other: Path) -> tuple[float, float]:
    """Columns and rows from the one picture's corner to the other's, as their files say."""
    with rasterio.open(one) as a, rasterio.open(other) as b:
        column, row = ~b.transform @ (a.transform.c, a.transform.f)
        return column, row


def _laid(
    kind: str, name: str, picture: Pixels, reference: Pixels, shift: tuple[float, float], turn: int
) -> Case:
    """A picture that shows the reference's ground on another day, shifted so far."""
    random = _drawn(kind, name, turn)
    lie = bent(random, picture.shape)
    shown, inside = warped.taken(picture, lie)
    there = replace(lie, centre=(lie.centre[0] + shift[0], lie.centre[1] + shift[1]))
    return Case(kind=kind, name=name, picture=shown, inside=inside, reference=reference, bend=there)


def _unrelated() -> Iterator[Case]:
    names = list(LARGE)
    for number in range(12):
        random = _drawn("other place", number)
        one, other = (names[i] for i in random.permutation(len(names))[:2])
        yield _strange(f"{one} on {other}", scene(one), scene(other), random)
    for name in ("sample", "road", "slope", "farmland", "town"):
        whole, random = scene(name), _drawn("other side", name)
        middle = whole.shape[1] // 2
        yield _strange(f"{name}, other half", whole[:, :middle], whole[:, middle:], random)
    drawn = {"plantation": warped.plantation, "water": warped.water, "flat": warped.flat}
    for name, draw in drawn.items():
        for number in range(3):
            random = _drawn(name, number)
            yield _strange(f"{name} on another", draw(random), draw(random), random)
        random = _drawn(name, "on land")
        yield _strange(f"{name} on land", draw(random), scene("bali"), random)
    for number in range(7):
        random = _drawn("small", number)
        one, other = (_corner(scene(names[i])) for i in random.permutation(len(names))[:2])
        yield _strange("small, other place", one, other, random)
    rows = warped.plantation(_drawn("rows"), 1200)
    yield _strange("part of one plantation", rows[300:900, 300:900], rows, _drawn("part"))


def _corner(whole: Pixels) -> Pixels:
    return np.ascontiguousarray(whole[120:420, 200:500])


def _strange(name: str, picture: Pixels, reference: Pixels, random: np.random.Generator) -> Case:
    lie = bent(random, picture.shape, least=min(360, *(int(0.8 * n) for n in picture.shape[:2])))
    shown, inside = warped.taken(picture, lie)
    return Case(
        kind="unrelated",
        name=name,
        picture=warped.lit(shown, random, strength=0.4),
        inside=inside,
        reference=reference,
        bend=None,
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a case: lengths in pixels of the reference."""

    kind: str
    said: str
    missed: NDArray[np.float64]
    ce90: float
    seconds: float
    way: str

    @property
    def is_match(self) -> bool:
        """Whether it was matched at all."""
        return self.said == "matched"


def outcome(case: Case) -> Outcome:
    """Match one case, and hold it against the truth."""
    plane = warped.on_plane(case.picture.shape[0])
    begun = time.monotonic()
    missed, ce90, said, way = np.empty(0), float("nan"), "matched", ""
    with (
        warped.readable(case.picture, case.inside, placed=plane) as (ours, extent),
        warped.readable(case.reference, placed=warped.CORNER) as (theirs, search),
    ):
        try:
            match = matched(ours, extent, theirs, search, scales=None)
        except RefusedError as error:
            said = " ".join(map(str, (error.code, *error.facts.values())))
        else:
            ce90, way = match.ce90_m / warped.PIXEL_M, match.transformation.kind
            if case.bend:
                missed = warped.missed_px(match.transformation, case.bend, case.inside)
    seconds = time.monotonic() - begun
    return Outcome(kind=case.kind, said=said, missed=missed, ce90=ce90, seconds=seconds, way=way)


def main() -> int:
    """Print a line a case and the totals; 1 where a picture of another place was matched."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--kinds", default="", help="only these, parted by commas")
    asked.add_argument("--few", type=int, default=10_000, help="at most so many of each kind")
    words = asked.parse_args()
    chosen = set(filter(None, words.kinds.split(",")))
    told: dict[str, list[Outcome]] = {}
    for case in cases():
        of_kind = told.setdefault(case.kind, [])
        if (chosen and case.kind not in chosen) or len(of_kind) >= words.few:
            continue
        of_kind.append(outcome(case))
        tell(case, of_kind[-1])
    for kind, outcomes in told.items():
        if outcomes:
            _total(kind, outcomes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"peak memory {peak:.0f} MB\n")
    return int(any(one.is_match for one in told.get("unrelated", [])))


def tell(case: Case, found: Outcome) -> None:
    """Print a line on a case."""
    columns, rows = case.picture.shape[1::-1]
    line = f"{case.kind:12}{case.name:24}{columns:5}x{rows:<5}"
    if len(found.missed):
        half, most, worst = np.quantile(found.missed, [0.5, 0.95, 1])
        within = (found.missed <= found.ce90).mean()
        line += f"median {half:5.2f}  p95 {most:5.2f}  worst {worst:5.2f}  "
        line += f"CE90 {found.ce90:5.2f}  within {within:4.0%}  {found.way}"
    else:
        line += found.said
    sys.stdout.write(f"{line}  {found.seconds:.1f} s\n")
    sys.stdout.flush()


def _total(kind: str, outcomes: list[Outcome]) -> None:
    matches = [one for one in outcomes if one.is_match and len(one.missed)]
    line = f"total {kind:12} matched {sum(one.is_match for one in outcomes)} of {len(outcomes)}"
    if matches:
        missed = np.concatenate([one.missed for one in matches])
        half, most, worst = np.quantile(missed, [0.5, 0.95, 1])
        within = np.mean([(one.missed <= one.ce90).mean() for one in matches])
        kept = sum((one.missed <= one.ce90).mean() >= NINE_TENTHS for one in matches)
        line += f"  median {half:.2f}  p95 {most:.2f}  worst {worst:.2f}"
        line += f"  within CE90 {within:.1%}, nine tenths in {kept} of {len(matches)}"
    seconds = [one.seconds for one in outcomes]
    sys.stdout.write(f"{line}  {np.mean(seconds):.1f} s, longest {max(seconds):.1f} s\n")


if __name__ == "__main__":
    sys.exit(main())
