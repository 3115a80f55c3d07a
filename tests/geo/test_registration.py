"""Registration: known movements under change, light and noise; real dates; and refusals."""

import json
import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
import rasterio
from affine import Affine

from geo.grid import Grid
from geo.raster import Raster
from geo.registration import (
    FINE_TILES,
    Registration,
    RegistrationFailure,
    estimate_registration,
)
from geo.ties import TILE_PX, spread_tiles
from geo.warp import dataset_grid, opened
from tests.geo.drawn_flights import (
    FIELD,
    MOVEMENTS,
    PIXEL_M,
    UTM,
    about_centre,
    another_day,
    error_px,
    grid,
    ground,
    reading,
    registered,
    rendered,
)


@pytest.mark.parametrize("name", MOVEMENTS)
def test_a_known_movement_is_found_under_change_and_other_light(name):
    truth = MOVEMENTS[name]
    before = rendered(ground(), FIELD)
    after = another_day(rendered(ground(), FIELD, truth=truth), changed=0.3)
    found = registered(before, after, FIELD)
    assert error_px(found.moved, truth, FIELD) < 0.1
    assert found.residual_m < 0.2 * PIXEL_M
    assert found.held_back >= 5
    assert found.agreement_m is not None
    assert found.agreement_m < PIXEL_M


def test_a_flight_lies_exactly_on_itself():
    before = rendered(ground(), FIELD)
    found = registered(before, before, FIELD)
    assert found.shift_m == pytest.approx((0, 0), abs=1e-4)
    assert found.residual_m < 1e-4
    assert found.tie_share == 1
    assert found.kind == "translation"


def test_the_shift_is_later_minus_earlier_and_reads_the_earlier_flight_in_place(tmp_path):
    truth = Affine.translation(0.65, -0.40)
    before, after = rendered(ground(), FIELD), rendered(ground(), FIELD, truth=truth)
    found = registered(before, after, FIELD)
    assert found.shift_m == pytest.approx((0.65, -0.40), abs=0.02)
    path = tmp_path / "baseline.tif"
    profile = {"driver": "GTiff", "width": FIELD.columns, "height": FIELD.rows, "count": 3}
    placed = {"crs": FIELD.rasterio_crs, "transform": FIELD.transform, "dtype": "uint8"}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", **profile, **placed) as target,
    ):
        target.write(before.values)
        target.write_mask(before.valid)
    inner = FIELD.window(row=20, column=20, rows=400, columns=400)
    difference = {}
    for name, moved in {"as flown": None, "moved": found.moved}.items():
        with opened(path, moved=moved) as read:
            apart = read(inner).values.astype(float) - after.values[:, 20:420, 20:420]
        difference[name] = np.abs(apart).mean()
    assert difference["moved"] < 0.3 * difference["as flown"]


def test_half_of_the_tiles_are_enough_where_they_leave_no_doubt():
    """All of them are looked at where noise does."""
    where = grid(860, 860)
    every = len(spread_tiles(where, side_px=TILE_PX, at_most=FINE_TILES))
    truth = Affine.translation(1.3, -0.7)
    picture = ground(pixels=1900)
    before, after = rendered(picture, where), rendered(picture, where, truth=truth)
    clear = registered(before, after, where)
    assert len(clear.ties) == math.ceil(every / 2)
    assert error_px(clear.moved, truth, where) < 0.05
    random = np.random.default_rng(5)
    grain = [random.normal(0, 50, (3, *where.shape)) for _ in range(2)]
    doubtful = registered(
        *(
            replace(one, values=np.clip(60 + one.values / 2 + noise, 1, 255).astype(np.uint8))
            for one, noise in zip((before, after), grain, strict=True)
        ),
        where,
    )
    assert len(doubtful.ties) == every
    assert error_px(doubtful.moved, truth, where) < 0.2


def test_half_of_the_picture_may_be_unseen():
    truth = MOVEMENTS["shift"]
    seen = np.ones(FIELD.shape, bool)
    seen[:, :150] = False
    seen[250:, :] = False
    before = rendered(ground(), FIELD)
    after = another_day(rendered(ground(), FIELD, truth=truth, valid=seen), changed=0.1)
    assert error_px(registered(before, after, FIELD).moved, truth, FIELD) < 0.15


def test_a_strip_through_its_frame_is_held_by_tiles_all_along_it():
    """A concession along a river: a twelfth of its frame is ground, too little of coarse tiles."""
    where = grid(1400, 1400)
    truth = Affine.translation(2.6, -1.4)
    rows, columns = np.indices(where.shape)
    strip = np.abs(rows - columns) < 60
    picture = ground(pixels=2900)
    before = rendered(picture, where, valid=strip)
    after = another_day(rendered(picture, where, truth=truth, valid=strip))
    found = registered(before, after, where)
    assert found.tie_points >= 50
    assert error_px(found.moved, truth, where) < 0.05


@pytest.mark.parametrize("side", [149, 216])
def test_a_small_picture_is_registered_too(side):
    small = grid(side, side)
    truth = Affine.translation(0.65, -0.40)
    before = rendered(ground(), small)
    after = another_day(rendered(ground(), small, truth=truth), changed=0.2)
    assert error_px(registered(before, after, small).moved, truth, small) < 0.3


@pytest.mark.parametrize("side", [149, 216, 340])
@pytest.mark.parametrize("turn", [-0.9, 0.9])
def test_a_turn_of_a_small_picture_is_found_or_the_registration_is_not_verified(side, turn):
    small = grid(side, side)
    truth = about_centre(small, Affine(1, 0, 0.8, 0, 1, 0.3) @ Affine.rotation(turn))
    before = rendered(ground(), small)
    after = another_day(rendered(ground(), small, truth=truth), changed=0.2)
    found = registered(before, after, small)
    off_px = error_px(found.moved, truth, small)
    assert off_px < 1
    assert off_px < 0.3 or found.agreement_m > 1.5 * PIXEL_M


def hazy_jpeg(raster, *, contrast=0.08, quality=40):
    """The picture through haze, as a JPEG brings it back."""
    faint = np.clip(np.rint(128 + (raster.values - 128.0) * contrast), 1, 255).astype(np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    _, file = cv2.imencode(".jpg", faint.transpose(1, 2, 0), options)
    values = cv2.imdecode(file, cv2.IMREAD_COLOR).transpose(2, 0, 1)
    return Raster(values=values, valid=raster.valid, grid=raster.grid)


def test_the_blocks_of_two_jpegs_hold_no_ground_where_it_was(monkeypatch):
    truth = MOVEMENTS["turned"]
    before = hazy_jpeg(rendered(ground(), FIELD))
    after = hazy_jpeg(another_day(rendered(ground(), FIELD, truth=truth), changed=0.1))
    off_px = error_px(registered(before, after, FIELD).moved, truth, FIELD)
    assert off_px < 1
    monkeypatch.setattr("geo.registration.without_block_edges", lambda read, _: read)
    assert error_px(registered(before, after, FIELD).moved, truth, FIELD) > 1.5 * off_px


def cleared(raster, *, left, right):
    """Trees felled on a rectangle: bare ground within four straight edges."""
    values, side = raster.values.copy(), raster.grid.rows
    bare = values[:, side // 4 : 3 * side // 4, left:right]
    bare[:] = (np.array([190, 160, 120])[:, None, None] + bare * 0.08).astype(np.uint8)
    return Raster(values=values, valid=raster.valid, grid=raster.grid)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(None, (40, 400), id="felled at once"),
        pytest.param((40, 394), (40, 400), id="grown by six pixels"),
        pytest.param((40, 398), (38, 398), id="grown by two to the other side"),
    ],
)
@pytest.mark.parametrize("name", ["none", "turned"])
def test_a_clearing_with_straight_edges_moves_nothing(earlier, later, name):
    """The brightest edges of both pictures, two to six pixels apart, are those of a change."""
    truth = MOVEMENTS[name]
    before = rendered(ground(), FIELD)
    if earlier:
        before = cleared(before, left=earlier[0], right=earlier[1])
    whole = cleared(rendered(ground(), FIELD), left=later[0], right=later[1])
    after = another_day(reading(whole)(moved_grid(FIELD, truth)), changed=0)
    after = Raster(values=after.values, valid=after.valid, grid=FIELD)
    found = registered(before, after, FIELD)
    assert error_px(found.moved, truth, FIELD) < 0.15
    assert found.agreement_m < 1.5 * PIXEL_M


def moved_grid(where, movement):
    transform = ~movement @ where.transform
    return Grid(crs=where.crs, transform=transform, rows=where.rows, columns=where.columns)


def test_the_work_is_told_and_the_answer_is_the_same_twice():
    before = rendered(ground(), FIELD)
    after = another_day(rendered(ground(), FIELD, truth=MOVEMENTS["turned"]))
    told = []
    one = estimate_registration(
        reading(before), reading(after), FIELD, search_m=3, advance=told.append
    )
    assert told == sorted(told)
    assert told[-1] == 1
    other = registered(before, after, FIELD)
    assert one.moved == other.moved
    assert np.array_equal(one.ties, other.ties)
    assert one.agreement_m == other.agreement_m


@pytest.mark.parametrize("side", [48, 149, 384])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_different_ground_is_not_registered(side, seed):
    where = grid(side, side)
    before, after = rendered(ground(seed=seed), where), rendered(ground(seed=seed + 50), where)
    result = estimate_registration(reading(before), reading(after), where, search_m=3)
    assert isinstance(result, RegistrationFailure)
    assert result.reason == "no_agreement"


def test_flights_that_do_not_meet_have_no_common_ground():
    west, east = np.zeros(FIELD.shape, bool), np.zeros(FIELD.shape, bool)
    west[:, :180], east[:, 200:] = True, True
    before, after = (rendered(ground(), FIELD, valid=seen) for seen in (west, east))
    result = estimate_registration(reading(before), reading(after), FIELD, search_m=3)
    assert isinstance(result, RegistrationFailure)
    assert result.reason == "no_common_ground"
    assert result.tiles == 0


@pytest.mark.parametrize("pixel_m", [0.2, 0.25])
def test_the_sample_flights_are_registered_to_a_twentieth_of_a_metre(sample, pixel_m):
    """Two flights over a forest, under a morning and an afternoon sun."""
    truth = json.loads((sample / "truth.json").read_text())["shift_m"]
    with rasterio.open(sample / "current.tif") as dataset:
        own = dataset_grid(dataset)
    where = Grid(
        crs=own.crs,
        transform=own.transform @ Affine.scale(pixel_m / own.pixel_size),
        rows=int(own.rows * own.pixel_size / pixel_m),
        columns=int(own.columns * own.pixel_size / pixel_m),
    )
    with opened(sample / "baseline.tif") as before, opened(sample / "current.tif") as after:
        found = estimate_registration(before, after, where, search_m=3)
    assert isinstance(found, Registration)
    assert error_px(found.moved, Affine.translation(*truth), where) * pixel_m < 0.05
    assert found.agreement_m is not None
    assert found.agreement_m < 0.3


YEARS = ("20100629", "20120731", "20180716")


def test_real_dates_agree_with_one_another(test_data):
    """From the first to the second to the third date is from the first to the third."""
    flights = []
    for year in YEARS:
        with rasterio.open(test_data / f"naip_series/m_4709963_se_14_1_{year}.tif") as dataset:
            placed = Grid(
                crs=UTM, transform=dataset.transform, rows=dataset.height, columns=dataset.width
            )
            valid = dataset.dataset_mask() > 0
            flights.append(Raster(values=dataset.read([1, 2, 3]), valid=valid, grid=placed))
    first, second, third = flights
    where = first.grid

    def moved(one, other):
        return registered(one, other, where, search_m=50).moved

    around = moved(second, third) @ moved(first, second)
    assert error_px(around, moved(first, third), where) < 0.4
