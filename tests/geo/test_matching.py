"""Pictures matched to a reference: where they lie is known, for they were cut from it."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.matching import matched
from tests.geo import pictures as warped
from tests.geo.pictures import CORNER, PIXEL_M, Bend, missed_px, on_plane, readable

STRAIGHT = Bend(centre=(215.0, 205.0), size=(270, 250), scale=1.15, turn=137.0, shear=0.02)
WARPS = {
    "affine": STRAIGHT,
    "perspective": replace(STRAIGHT, shear=0.0, tilt=(0.02, -0.015)),
    "spline": replace(STRAIGHT, bumps=((0.4, -0.3, 3.0, -2.0), (-0.5, 0.4, -2.0, 2.5))),
}
"""By the kind of transformation that they call for."""


def part_of(path, *, column, row, side=420):
    with rasterio.open(path) as source:
        window = Window(column, row, side, side)
        return np.ascontiguousarray(source.read((1, 2, 3), window=window).transpose(1, 2, 0))


@pytest.fixture(scope="module")
def ground(sample):
    return part_of(sample / "baseline.tif", column=700, row=700)


def laid(picture, reference, inside=None):
    with ExitStack() as stack:
        ours, extent = stack.enter_context(
            readable(picture, inside, placed=on_plane(picture.shape[0]))
        )
        theirs, search = stack.enter_context(readable(reference, placed=CORNER))
        return matched(ours, extent, theirs, search, scales=None)


def refusal(picture, reference):
    with pytest.raises(RefusedError) as caught:
        laid(picture, reference)
    return caught.value


@pytest.mark.parametrize("kind", WARPS)
def test_a_warped_picture_is_laid_where_it_was_cut(ground, kind):
    picture, inside = warped.taken(ground, WARPS[kind])
    picture = warped.lit(picture, np.random.default_rng(8))
    match = laid(picture, ground, inside)
    missed = missed_px(match.transformation, WARPS[kind], inside)
    assert match.transformation.kind == kind
    assert (match.affine is None) == (kind != "affine")
    assert np.median(missed) < 0.15
    assert np.mean(missed * PIXEL_M <= match.ce90_m) >= 0.9
    assert match.ce90_m < (3 if kind == "spline" else 0.5) * PIXEL_M


def test_what_lies_beyond_all_ties_counts(ground):
    dug = warped.taken(ground, WARPS["spline"])[0]
    dug[:, 170:] = np.random.default_rng(1).integers(60, 200, (250, 100, 3))
    whole, part = (laid(one, ground) for one in (warped.taken(ground, WARPS["spline"])[0], dug))
    assert part.ce90_m > 1.5 * whole.ce90_m
    missed = missed_px(part.transformation, WARPS["spline"], np.ones((250, 270), bool))
    assert np.mean(missed * PIXEL_M <= part.ce90_m) >= 0.9


def test_another_place_is_refused(ground, sample):
    other = part_of(sample / "baseline.tif", column=1300, row=200)
    assert refusal(other, ground).code == "reference_match_thin"


def test_a_plantation_is_refused():
    rows = warped.plantation(np.random.default_rng(3), 500)
    picture = warped.lit(rows[90:390, 90:390], np.random.default_rng(4))
    assert refusal(picture, rows).code in {
        "reference_match_ambiguous",
        "reference_match_thin",
    }


def test_a_picture_too_small_to_tell_is_refused_with_the_number(ground):
    small = np.ascontiguousarray(ground[100:400, 100:190])
    error = refusal(small, ground)
    assert (error.code, error.facts) == ("reference_match_small", {"side": 90, "limit": 96})


ALONE = """
import json, sys
import cv2, numpy as np
cv2.setNumThreads(int(sys.argv[2]))
from tests.geo.test_matching import WARPS, laid, part_of, warped
from pathlib import Path
ground = part_of(Path(sys.argv[1]), column=700, row=700)
for kind in ("affine", "spline"):
    picture, inside = warped.taken(ground, WARPS[kind])
    match = laid(warped.lit(picture, np.random.default_rng(8)), ground, inside)
    print(json.dumps([match.transformation.ground(WARPS[kind].places()).tolist(), match.ce90_m]))
"""


def test_the_number_of_processors_changes_nothing(sample):
    told = []
    for threads in ("1", "4"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        done = subprocess.run(
            [sys.executable, "-c", ALONE, str(sample / "baseline.tif"), threads],
            env={**os.environ, **dict.fromkeys(names, threads)},
            cwd=sample.parent,
            capture_output=True,
            check=True,
            text=True,
        )
        told.append([json.loads(line) for line in done.stdout.splitlines()])
    assert told[0] == told[1]
