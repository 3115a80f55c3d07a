"""Control points: what they prove, per axis, and how they pass into another system."""

import math

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.control_points import (
    ControlPoint,
    ControlPointList,
    Residual,
    Role,
    accuracy,
    ground_of,
    pixels_of,
    residuals,
)
from geo.errors import RefusedError
from geo.polynomial import fitted_polynomial

TRUE = Affine(0.2, 0.001, 300_123.4, 0.0012, -0.2, 9_630_456.7)
PIXELS = [(100, 100), (1900, 150), (1800, 1850), (120, 1900), (1000, 1000), (500, 1500)]
UTM = CRS.from_epsg(32750)


def points(placed, noise_m=0.0, role=Role.CONTROL, seed=7, shift=(0.0, 0.0)):
    random = np.random.default_rng(seed)
    found = []
    for number, (column, row) in enumerate(PIXELS):
        x, y = placed @ (column, row)
        dx, dy = random.normal(0, noise_m, 2) if noise_m else (0, 0)
        found.append(
            ControlPoint(
                name=f"P{number}",
                role=role,
                x=x + dx + shift[0],
                y=y + dy + shift[1],
                column=column,
                row=row,
            )
        )
    return found


def fit_to(given):
    return fitted_polynomial(pixels_of(given), ground_of(given), order=1)


def test_an_exact_placement_is_recovered_exactly():
    fit = fit_to(points(TRUE)).affine
    for corner in [(0, 0), (2000, 0), (2000, 2000)]:
        assert fit @ corner == pytest.approx(TRUE @ corner, abs=1e-6)


def test_noise_of_the_survey_passes_into_the_fit_without_growing():
    fit = fit_to(points(TRUE, noise_m=0.03)).affine
    assert math.dist(fit @ (1000, 1000), TRUE @ (1000, 1000)) < 0.03


def test_check_points_tell_the_error_that_control_points_hide():
    control = points(TRUE, noise_m=0.03)
    fit = fit_to(control)
    moved = points(TRUE, role=Role.CHECK, shift=(0.3, -0.4))
    assert accuracy(residuals(fit, control)).rmse_m < 0.06
    found = accuracy(residuals(fit, moved))
    assert found.rmse_m == pytest.approx(0.5, abs=0.05)
    assert found.rmse_east_m == pytest.approx(0.3, abs=0.03)
    assert found.rmse_north_m == pytest.approx(0.4, abs=0.03)
    assert found.largest_m == pytest.approx(0.5, abs=0.08)


def residual(east, north):
    return Residual(name="", role=Role.CHECK, x=0, y=0, east_m=east, north_m=north)


def test_both_axes_together_are_the_radial_error():
    found = accuracy([residual(0.3, 0.0), residual(-0.3, 0.8)])
    assert found.rmse_east_m == pytest.approx(0.3)
    assert found.rmse_north_m == pytest.approx(0.8 / math.sqrt(2))
    assert found.rmse_m == pytest.approx(math.sqrt((0.3**2 + 0.3**2 + 0.8**2) / 2))
    assert found.largest_m == pytest.approx(math.hypot(0.3, 0.8))


def test_ce90_follows_the_published_example():
    # A check of a published survey: RMSE 0.190 m gives CE90 0.289 m (rounded from 0.1904).
    found = accuracy([residual(0.1904, 0)])
    assert round(found.ce90_m, 3) == 0.289


def test_ce90_holds_nine_of_ten_errors_that_are_normal():
    errors = np.random.default_rng(5).normal(0, 0.2, (20_000, 2))
    found = accuracy([residual(east, north) for east, north in errors])
    assert np.mean(np.hypot(*errors.T) <= found.ce90_m) == pytest.approx(0.9, abs=0.01)


def test_without_check_points_there_is_no_accuracy():
    assert accuracy([]) is None


def listed(crs, *places):
    return ControlPointList(
        crs=CRS.from_user_input(crs),
        points=tuple(
            ControlPoint(name="", role=Role.CONTROL, x=x, y=y, column=0, row=0) for x, y in places
        ),
    )


def test_points_move_to_another_system_and_back():
    given = listed(32750, (300000.5, 9630000.25))
    back = given.on(CRS.from_epsg(4326)).on(UTM)
    assert (back.points[0].x, back.points[0].y) == pytest.approx((300000.5, 9630000.25), abs=1e-6)
    assert back.change is None


def test_another_datum_is_told_by_the_operation_and_its_accuracy():
    moved = listed(4238, (115.5, -3.5)).on(UTM)  # ID74, hundreds of metres from WGS 84
    assert "ID74 to WGS 84" in moved.change.name
    assert moved.change.accuracy_m > 1
    assert moved.change.applied


def test_a_system_that_only_a_guess_leads_from_is_refused():
    with pytest.raises(RefusedError, match="control_points_crs_unrelated"):
        listed("+proj=utm +zone=50 +south +ellps=bessel", (300000, 9630000)).on(UTM)


@pytest.mark.parametrize(
    ("place", "code"),
    [((-3.5, 115.5), "control_points_swapped"), ((3e5, 9.6e6), "control_points_not_degrees")],
)
def test_degrees_that_are_none_are_told(place, code):
    with pytest.raises(RefusedError) as caught:
        listed(4326, place).on(UTM)
    assert caught.value.code == code
