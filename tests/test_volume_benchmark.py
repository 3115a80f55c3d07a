"""The volume benchmark knows what was moved, and its figures reach page and JSON."""

import json
import math
from datetime import date

import numpy as np
import pytest

from tests.benchmarks.accuracy.figures import as_json
from tests.benchmarks.accuracy.page import page
from tests.benchmarks.accuracy.volume_cases import SOUTH, WEST, _piece, _work
from tests.benchmarks.accuracy.volumes import MEASURED, QUICK, TUNED, Told, table

DAY = date(2026, 1, 2)
WORDS = {"day": DAY, "detector": "x", "quick": True}


def told(kind, part, *, error, limit=10.0):
    return Told(
        pair="drawn 1",
        kind=kind,
        part=part,
        true_m3=-100.0,
        told_m3=-100.0 + error,
        limit_m3=limit,
        moved_m3=200.0,
        seconds=0.1,
    )


ROWS = [
    told("white", "net", error=9.0),
    told("white", "net", error=-10.5),
    told("hard", "cut", error=0),
]


def test_no_seed_that_the_method_was_made_with_is_measured():
    assert set(TUNED).isdisjoint(MEASURED)
    assert set(QUICK) <= set(MEASURED)


@pytest.mark.parametrize("seed", range(8))
def test_the_truth_is_what_an_integral_in_polar_coordinates_gives(seed):
    outline, change = _work(np.random.default_rng(seed), (WEST + 80, SOUTH + 80))
    piece = _piece(outline, change)
    radius, angle = np.meshgrid(np.arange(0.01, 30, 0.02), np.arange(0.5, 1440) * math.pi / 720)
    centre = outline.centroid
    high = change(centre.x + radius * np.cos(angle), centre.y + radius * np.sin(angle))
    parts = high * radius * 0.02 * math.pi / 720
    assert piece.fill_m3 == pytest.approx(parts[parts > 0].sum(), rel=0.01, abs=0.5)
    assert piece.cut_m3 == pytest.approx(-parts[parts < 0].sum(), rel=0.01, abs=0.5)
    assert piece.fill_m3 + piece.cut_m3 > 10


def test_the_table_counts_what_lies_inside_the_limits():
    (line,) = [one for one in table(ROWS).splitlines() if one.startswith("| white | net |")]
    cells = [one.strip() for one in line.strip("|").split("|")]
    assert cells[2:5] == ["2", "50.0%", "5.0%"]


def test_page_and_figures_tell_the_volumes():
    told_page = page([], "no registration", table(ROWS), orfeo=False, **WORDS)
    head, _, rest = told_page.partition("## Volumes")
    assert "no registration" in head
    assert "| white | net | 2 |" in rest
    kept = json.loads(as_json([], [], ROWS, **WORDS))
    assert [one["part"] for one in kept["volumes"]] == ["net", "net", "cut"]
    assert math.isclose(kept["volumes"][1]["told_m3"], -110.5)
