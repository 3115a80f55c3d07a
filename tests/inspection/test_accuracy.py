"""The class of an accuracy, by each rule, row by row of its table."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from inspection.accuracy import accuracy_notes
from inspection.profiles.certainty import Sure
from inspection.profiles.profile import read_profile
from tests.inspection.conftest import inspect_site, run, transform

INDONESIA = read_profile("indonesia-province")
BIG_2014, BIG_2018 = INDONESIA.accuracy.rule

# Horizontal CE90 in metres; a rule's classes per scale. Written out here once more on purpose.
PRINTED_2014 = {
    1000: (0.2, 0.3, 0.5),
    2500: (0.5, 0.75, 1.25),
    5000: (1.0, 1.5, 2.5),
    10000: (2.0, 3.0, 5.0),
}
PRINTED_2018 = {1000: (0.3,), 2500: (0.75,), 5000: (1.5,), 10000: (3.0,)}


def classed(ce90_m, *, points=25):
    """What the two rules of Indonesia say of a CE90."""
    notes = accuracy_notes(INDONESIA, rmse_m=ce90_m / 1.5175, check_points=points)
    return [(one.accuracy_class, one.scale) for one in notes]


@pytest.mark.parametrize(
    ("rule", "printed"), [(BIG_2014, PRINTED_2014), (BIG_2018, PRINTED_2018)], ids=["2014", "2018"]
)
def test_the_tables_say_what_the_rules_say_and_no_more(rule, printed):
    stated = {}
    for one in rule.limits:
        stated.setdefault(one.scale, {})[one.name] = one.limit_m
    assert stated == {
        scale: {str(n): limit for n, limit in enumerate(limits, start=1)}
        for scale, limits in printed.items()
    }


@pytest.mark.parametrize(
    ("ce90_m", "by_2014", "by_2018"),
    [
        (0.2, ("1", 1000), ("1", 1000)),
        (0.2001, ("2", 1000), ("1", 1000)),
        (0.3, ("2", 1000), ("1", 1000)),
        (0.3001, ("3", 1000), ("1", 2500)),
        (0.5, ("3", 1000), ("1", 2500)),
        (0.51, ("2", 2500), ("1", 2500)),
        (0.75, ("2", 2500), ("1", 2500)),
        (0.76, ("3", 2500), ("1", 5000)),
        (1.25, ("3", 2500), ("1", 5000)),
        (1.5, ("2", 5000), ("1", 5000)),
        (2.5, ("3", 5000), ("1", 10000)),
        (3.0, ("2", 10000), ("1", 10000)),
        (5.0, ("3", 10000), (None, None)),
        (5.01, (None, None), (None, None)),
    ],
)
def test_the_class_is_the_best_of_the_finest_scale_whose_limit_is_met(ce90_m, by_2014, by_2018):
    assert classed(ce90_m) == [by_2014, by_2018]


def test_too_few_points_give_no_class_but_say_how_many():
    for note in accuracy_notes(INDONESIA, rmse_m=0.05, check_points=19):
        assert (note.state, note.accuracy_class, note.ce90_limit_m) == ("indicative", None, None)
        assert (note.check_points, note.least_check_points, note.least_from) == (19, 20, "profile")


def test_no_points_test_nothing():
    for note in accuracy_notes(INDONESIA, rmse_m=None, check_points=0):
        assert (note.state, note.accuracy_class, note.value_m) == ("not_tested", None, None)


def test_the_american_rule_states_the_rmse_itself_from_thirty_points_on():
    generic = read_profile("generic")
    (few,) = accuracy_notes(generic, rmse_m=0.094, check_points=29)
    assert (few.state, few.least_from, few.accuracy_class) == ("indicative", "rule", None)
    (enough,) = accuracy_notes(generic, rmse_m=0.094, check_points=30)
    assert (enough.value_m, enough.accuracy_class, enough.scale) == (0.094, "10 cm", None)
    (exact,) = accuracy_notes(generic, rmse_m=0.07, check_points=30)
    assert exact.accuracy_class == "7 cm"


def test_a_limit_that_nobody_verified_classes_nothing():
    finest = replace(BIG_2014.limits[0], sure=Sure.UNVERIFIED)
    doubtful = replace(BIG_2014, limits=(finest, *BIG_2014.limits[1:]))
    profile = replace(INDONESIA, accuracy=replace(INDONESIA.accuracy, rule=(doubtful,)))
    (note,) = accuracy_notes(profile, rmse_m=0.1, check_points=25)
    assert (note.accuracy_class, note.ce90_limit_m) == ("2", 0.3)


def points_file(path, *, checks, off_m):
    """Nine control points that hold the picture, and check points off by that much, all about."""
    random = np.random.default_rng(4)
    lines = ["name,role,crs,x,y,column,row"]
    grid = [(x, y) for x in (60, 320, 580) for y in (60, 320, 580)]
    spread = random.uniform(40, 600, (checks, 2))
    for n, (column, row) in enumerate([*grid, *spread]):
        x, y = transform() @ (column, row)
        role = "control" if n < len(grid) else "check"
        if role == "check":
            turn = 2 * np.pi * n / checks
            x, y = x + off_m * np.cos(turn), y + off_m * np.sin(turn)
        lines.append(f"P{n},{role},EPSG:32750,{x:.4f},{y:.4f},{column:.3f},{row:.3f}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("checks", "state", "name", "words"),
    [
        (24, "tested", "2", {"en": "class 2 at 1:1,000", "id": "kelas 2 pada 1:1.000"}),
        (6, "indicative", None, {"en": "indicative (n = 6;", "id": "indikatif (n = 6;"}),
    ],
)
def test_an_inspection_states_the_class_or_why_there_is_none(
    site, tmp_path, checks, state, name, words
):
    points = points_file(tmp_path / "points.csv", checks=checks, off_m=0.15)
    done = inspect_site(
        site,
        *("--control-points", points, "--profile", "indonesia-province"),
        records=tmp_path / "records",
        out=tmp_path / "out",
    )
    assert done.returncode == 0, done.stderr
    position = json.loads((tmp_path / "out" / "inspection.json").read_bytes())["position"]
    assert (position["rule"], position["class"]) == ("Perka BIG 15/2014", name)
    assert [one["state"] for one in position["accuracy"]] == [state, state]
    assert position["accuracy"][0]["value_m"] == pytest.approx(1.5175 * 0.15, abs=2e-3)
    again = run("report", tmp_path / "out", "--language", "id", "--out", tmp_path / "id")
    assert again.returncode == 0, again.stderr
    for folder, language in (("out", "en"), ("id", "id")):
        assert words[language] in (tmp_path / folder / "report.html").read_text("utf-8")


def test_a_rule_that_nobody_verified_is_not_named_at_all():
    doubtful = replace(BIG_2014, sure=Sure.UNVERIFIED)
    profile = replace(INDONESIA, accuracy=replace(INDONESIA.accuracy, rule=(doubtful, BIG_2018)))
    assert [one.rule for one in accuracy_notes(profile, rmse_m=0.1, check_points=25)] == [
        BIG_2018.name
    ]


def test_ground_outside_is_in_doubt_once_the_boundary_itself_is(site, inspected, tmp_path):
    office = tmp_path / "office.toml"
    office.write_text(
        'extends = "generic"\nname = "office"\nversion = "2026-11-25"\n'
        "[position]\nboundary_m = 30.0\n"
    )
    done = inspect_site(
        site, "--profile", office, records=tmp_path / "records", out=tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr
    vague = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    sure = inspected.document
    assert vague["position"]["terms_m"]["boundary"] == 30.0
    for one in (sure, vague):
        terms = one["position"]["terms_m"].values()
        assert one["position"]["uncertainty_m"] == pytest.approx(math.hypot(*terms), abs=1e-4)
    # The clearing across the line reaches 20 m beyond it.
    assert "outside" in {one["location"] for one in sure["findings"]}
    assert "outside" not in {one["location"] for one in vague["findings"]}
    assert sure["answers"]["outside"]["verdict"] == "fail"
    assert vague["answers"]["outside"]["verdict"] == "uncertain"
    assert [one["name"] for one in vague["profile"]["extends"]] == ["generic.toml"]
    last = vague["sources"][-1]
    assert (last["role"], last["name"]) == ("parent_profile", "generic.toml")
    assert run("verify", tmp_path / "out").returncode == 0
