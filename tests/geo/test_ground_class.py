"""What a piece of ground is called: by heights, by what a detector says of it, by its form."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import shapely
from shapely import box

from geo.disturbance import Epoch, GroundClass
from geo.evidence import Form, Tally, form
from geo.ground_class import fall_of_cleared, ground_class
from geo.judgement import judged
from geo.landcover import CoverLimits
from geo.pieces import Piece
from geo.said import renamed
from geo.surroundings import borders, natural_reason
from inspection.profiles.profile import read_profile

SETTINGS = read_profile("generic").detection
SQUARE = form(box(0, 0, 20, 20), pixel_m=0.25, widest_m=30.0)
BENT = form(box(0, 0, 400, 400) - box(40, 40, 400, 360), pixel_m=0.25, widest_m=30.0)
SHORT = form(box(0, 0, 18, 6), pixel_m=0.25, widest_m=30.0)
STRIP = form(box(0, 0, 100, 6), pixel_m=0.25, widest_m=30.0)


def called(piece: Piece, shape: Form, **measured: float) -> GroundClass:
    """The class of a piece of which these means were measured."""
    return ground_class(piece, shape, measured, settings=SETTINGS)


@pytest.mark.parametrize(
    ("piece", "shape", "measured", "meant"),
    [
        (Piece.NEW_CLEARED, SQUARE, {}, GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_CLEARED, STRIP, {}, GroundClass.ROAD),
        (Piece.NEW_CLEARED, SQUARE, {"said_road": 0.8}, GroundClass.ROAD),
        (Piece.NEW_CLEARED, SQUARE, {"said_road": 0.6, "said_bare": 0.4},
         GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_CLEARED, BENT, {"said_road": 0.6, "said_bare": 0.4}, GroundClass.ROAD),
        (Piece.NEW_CLEARED, SQUARE, {"said_road": 0.3, "said_bare": 0.4},
         GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_CLEARED, SQUARE, {"said_road": 0.25, "said_vegetation": 0.75},
         GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_REWORKED, SQUARE, {"said_stockpile": 0.7}, GroundClass.STOCKPILE),
        # Of no heap's form, it must be likelier than all else together.
        (Piece.NEW_REWORKED, SQUARE, {"said_stockpile": 0.4, "said_bare": 0.3, "said_built": 0.3},
         GroundClass.STOCKPILE),
        (Piece.NEW_REWORKED, SQUARE, {"said_stockpile": 0.4, "said_bare": 0.5},
         GroundClass.BARE_GROUND),
        (Piece.NEW_REWORKED, BENT, {"said_stockpile": 0.4, "said_bare": 0.3, "said_built": 0.3},
         GroundClass.BARE_GROUND),
        (Piece.NEW_REWORKED, BENT, {"said_stockpile": 0.6, "said_bare": 0.4},
         GroundClass.STOCKPILE),
        # Heights know better than a picture does.
        (Piece.NEW_REWORKED, SQUARE, {"said_stockpile": 0.7, "height_change_m": 0.0},
         GroundClass.BARE_GROUND),
        (Piece.NEW_REWORKED, SQUARE, {"said_stockpile": 0.7, "height_change_m": 0.0,
         "slope_inward": 0.2}, GroundClass.STOCKPILE),
        (Piece.NEW_CLEARED, BENT, {"said_stockpile": 0.7, "height_change_m": -8.0},
         GroundClass.VEGETATION_CLEARING),
        # What stands up from its surroundings with no slope is built, whatever it looks like.
        (Piece.NEW_REWORKED, SQUARE, {"height_change_m": 4.0, "slope_inward": 0.2,
         "step_up_m": 3.8}, GroundClass.BUILT),
        (Piece.NEW_WATER, SQUARE, {"height_change_m": 4.0, "slope_inward": 0.0,
         "step_up_m": 3.8}, GroundClass.BUILT),
        (Piece.NEW_REWORKED, SQUARE, {"height_change_m": 3.0, "slope_inward": 0.9,
         "step_up_m": 3.8}, GroundClass.BUILT),
        (Piece.NEW_BUILT, SQUARE, {"height_change_m": 4.0, "slope_inward": 0.4,
         "step_up_m": 1.6}, GroundClass.STOCKPILE),
        (Piece.NEW_CLEARED, STRIP, {"height_change_m": 4.0, "slope_inward": 0.0,
         "step_up_m": 3.8}, GroundClass.STOCKPILE),
        (Piece.NEW_REWORKED, SQUARE, {"said_road": 0.9, "height_change_m": -2.0},
         GroundClass.EXCAVATION),
        (Piece.NEW_BUILT, SQUARE, {"said_road": 0.9}, GroundClass.BUILT),
        # Higher than the tops of what stood there, whatever that was.
        (Piece.NEW_CLEARED, SQUARE, {"height_change_m": 1.5}, GroundClass.STOCKPILE),
        (Piece.NEW_CLEARED, SQUARE, {"height_change_m": 0.3}, GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_CLEARED, SQUARE, {"height_change_m": -6.0, "height_against_cleared_m": 4.0},
         GroundClass.STOCKPILE),
        # What stands over its rim is a heap, whatever fell there and whatever it looks like...
        (Piece.NEW_CLEARED, SQUARE, {"height_change_m": -8.0, "slope_inward": 0.6},
         GroundClass.STOCKPILE),
        (Piece.NEW_STRIP, SQUARE, {"height_change_m": -8.0, "slope_inward": 0.6},
         GroundClass.STOCKPILE),
        (Piece.NEW_WATER, SQUARE, {"height_change_m": 1.0, "slope_inward": 0.6},
         GroundClass.STOCKPILE),
        (Piece.NEW_CLEARED, STRIP, {"height_change_m": -8.0, "slope_inward": 0.6},
         GroundClass.ROAD),
        # ... but open ground that did not rise was no lower before.
        (Piece.NEW_REWORKED, SQUARE,
         {"height_change_m": -2.0, "slope_inward": 0.6, "disturbed_before": 0.9},
         GroundClass.EXCAVATION),
        (Piece.NEW_REWORKED, SQUARE,
         {"height_change_m": 0.1, "slope_inward": 0.6, "disturbed_before": 0.9},
         GroundClass.BARE_GROUND),
        (Piece.NEW_REWORKED, SQUARE,
         {"height_change_m": 2.0, "slope_inward": 0.6, "disturbed_before": 0.9},
         GroundClass.STOCKPILE),
        # A part of a heap has any form, and is flat where that is; a track up to it is a road.
        (Piece.NEW_REWORKED, BENT, {"height_change_m": 6.0, "slope_inward": 0.0},
         GroundClass.STOCKPILE),
        (Piece.NEW_REWORKED, BENT, {"height_change_m": 1.0}, GroundClass.BARE_GROUND),
        (Piece.NEW_REWORKED, BENT, {"height_change_m": 6.0, "said_road": 0.9}, GroundClass.ROAD),
        # What rose less and is flat to its edge is none; crowns at the rim hide how it lies.
        (Piece.NEW_BUILT, SQUARE, {"height_change_m": 4.0}, GroundClass.STOCKPILE),
        (Piece.NEW_BUILT, SQUARE, {"height_change_m": 4.0, "slope_inward": 0.1},
         GroundClass.BUILT),
        (Piece.NEW_CLEARED, SQUARE, {"height_change_m": 0.6, "slope_inward": 0.0},
         GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_REWORKED, SQUARE, {"height_change_m": 1.0, "slope_inward": 0.15},
         GroundClass.STOCKPILE),
        (Piece.NEW_CLEARED, SQUARE, {"height_change_m": 4.0, "slope_inward": -2.0},
         GroundClass.STOCKPILE),
        (Piece.NEW_REWORKED, SQUARE, {"height_change_m": 1.5, "slope_inward": -1.0,
         "said_bare": 0.5, "said_stockpile": 0.1}, GroundClass.STOCKPILE),
        (Piece.NEW_REWORKED, SQUARE, {"height_change_m": 1.5, "slope_inward": -1.0,
         "said_bare": 0.9}, GroundClass.BARE_GROUND),
        # A small heap is as narrow as a strip, and so may its part be, flat on top.
        (Piece.NEW_STRIP, SQUARE, {"height_change_m": 1.0, "slope_inward": 0.2},
         GroundClass.STOCKPILE),
        (Piece.NEW_STRIP, BENT, {"height_change_m": 4.0, "slope_inward": 0.0},
         GroundClass.STOCKPILE),
        (Piece.NEW_STRIP, STRIP, {"height_change_m": 1.0, "slope_inward": 0.2}, GroundClass.ROAD),
        # A part of a heap that stands over its rim as a whole, whatever form the part has.
        (Piece.NEW_REWORKED, BENT,
         {"height_change_m": 1.5, "slope_inward": 0.6, "disturbed_before": 0.9},
         GroundClass.STOCKPILE),
        # A strip may be cut off from a road; not where all of it is named otherwise.
        (Piece.NEW_STRIP, SHORT, {}, GroundClass.ROAD),
        (Piece.NEW_STRIP, SHORT, {"said_bare": 0.8, "said_road": 0.2}, GroundClass.ROAD),
        (Piece.NEW_STRIP, SHORT, {"said_bare": 0.9}, GroundClass.VEGETATION_CLEARING),
        (Piece.NEW_STRIP, STRIP, {"said_bare": 0.9}, GroundClass.ROAD),
        # A road through a wood falls by its trees; without a word for it, a trench is as narrow.
        (Piece.NEW_REWORKED, STRIP, {"said_road": 0.8, "height_change_m": -8.0}, GroundClass.ROAD),
        (Piece.NEW_REWORKED, STRIP, {"said_road": 0.3, "said_bare": 0.6, "height_change_m": -8.0},
         GroundClass.EXCAVATION),
    ],
)  # fmt: skip
def test_heights_come_before_a_detector_and_that_before_form(piece, shape, measured, meant) -> None:
    assert called(piece, shape, **measured) is meant


@pytest.mark.parametrize(
    ("piece", "measured", "meant"),
    [
        (Piece.NEW_CLEARED, {"said_water": 0.8}, Piece.NEW_WATER),
        (Piece.NEW_CLEARED, {"said_water": 0.4, "said_bare": 0.6}, Piece.NEW_CLEARED),
        (Piece.NEW_REWORKED, {"said_built": 0.6}, Piece.NEW_BUILT),
        # No other cover is likelier, though several together are.
        (
            Piece.NEW_CLEARED,
            {"said_built": 0.4, "said_bare": 0.3, "said_road": 0.2},
            Piece.NEW_BUILT,
        ),
        (Piece.NEW_CLEARED, {"said_built": 0.3, "said_bare": 0.4}, Piece.NEW_CLEARED),
        # Blue soil is no roof to a detector.
        (Piece.NEW_BUILT, {"said_bare": 0.8, "said_built": 0.1}, Piece.NEW_CLEARED),
        (Piece.NEW_BUILT, {"said_bare": 0.8, "disturbed_before": 0.9}, Piece.NEW_REWORKED),
        (Piece.NEW_BUILT, {"said_bare": 0.1, "said_vegetation": 0.8}, Piece.NEW_BUILT),
        (Piece.NEW_WATER, {"said_bare": 0.4, "said_road": 0.3}, Piece.NEW_CLEARED),
        (Piece.NEW_WATER, {"said_bare": 0.7, "disturbed_before": 0.9}, Piece.NEW_REWORKED),
        # Water is plain to see: what is half of it is none.
        (Piece.NEW_WATER, {"said_water": 0.5, "said_bare": 0.3}, Piece.NEW_CLEARED),
        (Piece.NEW_CLEARED, {"said_water": 0.6, "said_bare": 0.4}, Piece.NEW_CLEARED),
        (Piece.NEW_CLEARED, {"said_water": 0.6, "said_bare": 0.2}, Piece.NEW_WATER),
        (
            Piece.NEW_WATER,
            {"said_water": 0.6, "said_built": 0.3, "said_road": 0.2},
            Piece.NEW_BUILT,
        ),
        (Piece.NEW_WATER, {"said_water": 0.2, "said_vegetation": 0.8}, Piece.NEW_WATER),
        (Piece.STANDING_BARE, {"said_water": 0.6, "said_bare": 0.4}, Piece.STANDING_WATER),
        (Piece.STANDING_BARE, {"said_water": 0.9}, Piece.STANDING_WATER),
        (Piece.RECOVERED, {"said_water": 0.9}, Piece.RECOVERED),
    ],
)
def test_what_a_detector_says_of_the_whole_names_it(piece, measured, meant) -> None:
    assert renamed(piece, measured) is meant


def reason(*pieces: tuple[Piece, shapely.Polygon], **measured: float) -> str | None:
    """Why the first of these pieces is no disturbance, on a site of 100 x 100 m."""
    flown = shapely.MultiPolygon([box(0, 0, 100, 100)])
    border = borders(pieces, flown=flown, where=[0])[0]
    return natural_reason(pieces[0][0], SQUARE, border, measured, settings=SETTINGS)


def test_new_water_is_a_disturbance_unless_it_belongs_to_a_river() -> None:
    cut = (Piece.NEW_WATER, box(0, 40, 20, 60))
    assert reason(cut) is None, "the frame cuts it"
    assert reason(cut, (Piece.NEW_WATER, box(20, 40, 40, 60))) is None, "in two parts"
    assert reason(cut, (Piece.STANDING_WATER, box(0, 60, 40, 80))) == "water", "a shore moved"
    assert reason((Piece.STANDING_WATER, box(0, 40, 20, 60))) == "water", "it leaves the frame"


def test_new_water_that_is_larger_than_what_it_touches_is_no_shore_that_moved() -> None:
    """Where a detector vouches for it; by colour alone, water that turned is water that came."""
    dug = (Piece.NEW_WATER, box(20, 20, 60, 60))
    rim, lake = ((Piece.STANDING_WATER, box(60, 10, 60 + wide, 70)) for wide in (4, 40))
    assert reason(dug, rim, said_water=0.9) is None, "it shows the ground in another light"
    assert reason(dug, rim) == "water"
    assert reason(dug, lake, said_water=0.9) == "water"
    cut = (Piece.NEW_WATER, box(20, 60, 60, 100))
    rim = (Piece.STANDING_WATER, box(60, 60, 64, 100))
    bank = (Piece.NEW_REWORKED, box(20, 0, 60, 60))
    assert reason(cut, rim, bank, said_water=0.9) is None, "the frame cuts it"
    assert reason(cut, rim, bank) == "water"


def tallied(shown: Sequence[Mapping[str, float]]) -> Tally:
    """What is measured on pieces, of one pixel each."""
    measured = Tally(len(shown))
    for number, means in enumerate(shown, start=1):
        for name, value in means.items():
            measured.add(name, np.float32([[value]]), np.int32([[number]]))
    return measured


def test_parts_of_one_heap_are_judged_by_how_the_whole_stands() -> None:
    """A core, and a rim around it that another ground lay under: alone it stands over nothing."""
    core, whole = box(25, 25, 45, 45), box(20, 20, 50, 50)
    rim, away = whole - core - box(19, 34, 26, 36), box(60, 20, 90, 50) - box(65, 25, 91, 45)
    bund = box(60, 60, 90, 90) - box(65, 65, 91, 85)
    bund_denied = box(10, 60, 40, 90) - box(15, 65, 41, 85)
    asked = []

    def rise(outline: shapely.Polygon) -> float:
        asked.append(outline)
        return 0.1 if outline in {rim, away} else 0.6

    shown = {"change_score": 0.9, "bareness_after": 9.0, "height_change_m": 1.0}
    shown |= {f"beyond_{number}": 1.0 for number in range(4)}
    shown |= {"grain_before": 0.1, "grain_after": 0.1, "disturbed_before": 0.9}
    said_bare = dict.fromkeys(("said_road", "said_stockpile", "said_built"), 0.0) | {
        "said_bare": 0.9
    }
    found, _ = judged(
        [(Piece.NEW_REWORKED, one) for one in (core, rim, away, bund, bund_denied)],
        tallied([*[shown] * 4, shown | said_bare]),
        flown=shapely.MultiPolygon([box(0, 0, 100, 100)]),
        pixel_m=0.25,
        limits=CoverLimits(bareness=5.0, dark=10.0, green=0.0, smooth=1.0),
        settings=SETTINGS,
        rise=rise,
    )
    is_heap = [one.ground_class is GroundClass.STOCKPILE for one in found]
    assert is_heap[:3] == [True, True, False], (
        "what lies away is no heap, nor is anything beside it"
    )
    assert is_heap[3:] == [True, False], "a bund is one by itself, unless a picture denies it"
    assert [asked.count(one) for one in (core, rim, away, bund)] == [1] * 4
    assert len(asked) == 6, "and of all of the first two together"


def test_water_around_a_heap_is_no_part_of_it() -> None:
    """Together they stand over their rim; by itself the water is flat."""
    heap, whole = box(25, 25, 45, 45), box(20, 20, 50, 50)
    moat = whole - heap - box(19, 34, 26, 36)
    names = ("said_bare", "said_road", "said_stockpile", "said_built", "said_water")
    shown = {"change_score": 0.9, "differing_score": 0.9, "bareness_after": 9.0}
    shown |= {f"beyond_{number}": 1.0 for number in range(4)} | dict.fromkeys(names, 0.0)
    shown |= {"grain_before": 0.1, "grain_after": 0.1, "height_change_m": -0.5}
    found, _ = judged(
        [(Piece.NEW_CLEARED, heap), (Piece.NEW_WATER, moat)],
        tallied([shown | {"said_stockpile": 0.9}, shown | {"said_water": 0.9}]),
        flown=shapely.MultiPolygon([box(0, 0, 100, 100)]),
        pixel_m=0.25,
        limits=CoverLimits(bareness=5.0, dark=10.0, green=0.0, smooth=1.0),
        settings=SETTINGS,
        rise=lambda outline: 0.0 if outline == moat else 0.6,
    )
    assert [one.ground_class for one in found] == [GroundClass.STOCKPILE, GroundClass.WATER]


def test_new_ground_that_a_detector_calls_water_is_no_shore_by_its_name_alone() -> None:
    """Bare by its pixels and beside a lake, it is reported, as water."""
    dug, lake = box(20, 20, 40, 40), box(40, 0, 80, 60)
    of_all = dict.fromkeys(("said_bare", "said_road", "said_stockpile", "said_built"), 0.0)
    shown = [
        {"change_score": 0.9, "differing_score": 0.8, "bareness_after": 9.0, "said_water": 0.9},
        {"bareness_after": 0.0, "said_water": 0.9},
    ]
    thresholds = {f"beyond_{number}": 1.0 for number in range(4)}
    grain = {"grain_before": 0.1, "grain_after": 0.1}
    measured = tallied([of_all | thresholds | grain | means for means in shown])
    found, left_out = judged(
        [(Piece.NEW_REWORKED, dug), (Piece.STANDING_WATER, lake)],
        measured,
        flown=shapely.MultiPolygon([box(0, 0, 100, 100)]),
        pixel_m=0.25,
        limits=CoverLimits(bareness=5.0, dark=10.0, green=0.0, smooth=1.0),
        settings=SETTINGS,
    )
    assert [(one.ground_class, one.epoch) for one in found] == [(GroundClass.WATER, Epoch.NEW)]
    assert set(left_out) == {"water"}
    assert left_out["water"].area == lake.area


def test_what_cleared_ground_fell_by_is_said_by_most_of_it_and_not_by_most_pieces() -> None:
    """Three clearings fell by their trees; five slivers of a bank, which no tree left, did not."""
    falls = [-12.0, -11.0, -12.5, 0.1, 0.0, -0.1, 0.0, 0.1]
    areas = [1800.0, 600.0, 1900.0, 200.0, 120.0, 110.0, 105.0, 100.0]
    pieces = [Piece.NEW_CLEARED] * len(falls)
    measured = [{"height_change_m": fall} for fall in falls]
    assert fall_of_cleared(pieces, measured, areas) == -12.0
    assert fall_of_cleared(pieces[:2], measured[:2], areas[:2]) is None
    assert fall_of_cleared(pieces, [{} for _ in falls], areas) is None
    dug = [*pieces, Piece.NEW_REWORKED], [*measured, {"height_change_m": -30.0}], [*areas, 9e4]
    assert fall_of_cleared(*dug) == -12.0, "what was dug fell by more than its trees"
