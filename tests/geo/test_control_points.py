"""Control points: the fit finds a placement known by construction, and never flatters itself."""

import math

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.control_points import (
    ControlPoint,
    Role,
    accuracy,
    fitted_affine,
    read_control_points,
    residuals,
)
from geo.errors import RefusedError

TRUE = Affine(0.2, 0.001, 300_123.4, 0.0012, -0.2, 9_630_456.7)
PIXELS = [(100, 100), (1900, 150), (1800, 1850), (120, 1900), (1000, 1000), (500, 1500)]


def points(placed, noise_m=0.0, role=Role.CONTROL, seed=7):
    random = np.random.default_rng(seed)
    found = []
    for number, (column, row) in enumerate(PIXELS):
        x, y = placed @ (column, row)
        dx, dy = random.normal(0, noise_m, 2) if noise_m else (0, 0)
        found.append(
            ControlPoint(name=f"P{number}", role=role, x=x + dx, y=y + dy, column=column, row=row)
        )
    return found


def test_an_exact_placement_is_recovered_exactly():
    fit = fitted_affine(points(TRUE))
    for corner in [(0, 0), (2000, 0), (2000, 2000)]:
        assert fit @ corner == pytest.approx(TRUE @ corner, abs=1e-6)


def test_noise_of_the_survey_passes_into_the_fit_without_growing():
    fit = fitted_affine(points(TRUE, noise_m=0.03))
    assert math.dist(fit @ (1000, 1000), TRUE @ (1000, 1000)) < 0.03


def test_check_points_tell_the_error_that_control_points_hide():
    control = points(TRUE, noise_m=0.03)
    fit = fitted_affine(control)
    moved = [
        ControlPoint(
            name=p.name, role=Role.CHECK, x=p.x + 0.3, y=p.y - 0.4, column=p.column, row=p.row
        )
        for p in points(TRUE)
    ]
    assert accuracy(residuals(fit, control)).rmse_m < 0.06
    assert accuracy(residuals(fit, moved)).rmse_m == pytest.approx(0.5, abs=0.05)


def test_ce90_follows_the_published_example():
    # A check of a published survey: RMSE 0.190 m gives CE90 0.289 m (rounded from 0.1904).
    one = ControlPoint(name="1", role=Role.CHECK, x=0.1904, y=0, column=0, row=0)
    found = accuracy(residuals(Affine.identity(), [one]))
    assert round(found.ce90_m, 3) == 0.289


def test_without_check_points_there_is_no_accuracy():
    assert accuracy([]) is None


def test_two_points_are_too_few():
    with pytest.raises(RefusedError, match="control_points_too_few"):
        fitted_affine(points(TRUE)[:2])


def test_points_in_a_line_hold_nothing():
    line = [
        ControlPoint(
            name=str(n), role=Role.CONTROL, x=n, y=n, column=10 * n, row=10 * n + n % 2 * 0.01
        )
        for n in range(6)
    ]
    with pytest.raises(RefusedError, match="control_points_in_line"):
        fitted_affine(line)


HEADER = "name,role,crs,x,y,z,column,row\n"
GOOD = "A,control,EPSG:32750,300000.5,9630000.25,12.1,10.5,20.25\n"


def test_a_table_is_read(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(HEADER + GOOD + GOOD.replace("control", "CHECK"), encoding="utf-8-sig")
    found = read_control_points(path)
    assert found.crs == CRS.from_epsg(32750)
    assert [p.role for p in found.points] == [Role.CONTROL, Role.CHECK]
    assert found.of(Role.CHECK)[0].column == 10.5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "control_points_columns"),
        (HEADER.replace("row", "line") + GOOD, "control_points_columns"),
        (HEADER + GOOD.replace("20.25", "20,25"), "control_points_value"),
        (HEADER + GOOD.replace("20.25", "nan"), "control_points_value"),
        (HEADER + GOOD.replace("control", "maybe"), "control_points_value"),
        (HEADER + "A,control,EPSG:32750,1\n", "control_points_value"),
        (HEADER + GOOD + GOOD.replace("32750", "32749"), "control_points_mixed_crs"),
        (HEADER + GOOD.replace("EPSG:32750", "somewhere"), "control_points_crs_unknown"),
        (HEADER, "control_points_mixed_crs"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused(tmp_path, text, code):
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        read_control_points(path)
    assert caught.value.code == code


def test_points_move_to_another_system_and_back(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    given = read_control_points(path)
    back = given.on(CRS.from_epsg(4326)).on(CRS.from_epsg(32750))
    assert (back.points[0].x, back.points[0].y) == pytest.approx((300000.5, 9630000.25), abs=1e-6)
