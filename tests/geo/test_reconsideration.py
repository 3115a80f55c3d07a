"""Narrow change within bare ground is an edge, but where a detector is sure of what it became."""

import pytest
from shapely import box

from geo.landcover import CoverLimits
from geo.pieces import Piece
from geo.reconsideration import reconsidered

LIMITS = CoverLimits(bareness=5.0, dark=10.0, green=0.0, smooth=1.0)
TRACK, PLAIN = box(0, 0, 60, 3), box(0, 3, 60, 40)
SURE = {"change_score": 0.75, "differing_score": 0.7, "said_road": 0.5, "said_water": 0.2}


def left(track=TRACK, **measured):
    """Pieces after all was reconsidered: of a strip of reworked ground beside a bare plain."""
    found = [(Piece.NEW_REWORKED, track), (Piece.STANDING_BARE, PLAIN)]
    plain = {"change_score": 0.1}
    pieces, _ = reconsidered(found, [measured, plain], limits=LIMITS, pixel_m=0.25)
    return sorted((piece, outline.area) for piece, outline in pieces)


@pytest.mark.parametrize(
    "measured",
    [
        SURE | {"change_score": 0.5},
        {name: value for name, value in SURE.items() if name != "differing_score"},
        SURE | {"said_road": 0.1, "said_vegetation": 0.7},
    ],
    ids=["weak", "by colour alone", "plants now"],
)
def test_narrow_change_joins_the_bare_ground_that_it_is_the_edge_of(measured) -> None:
    assert left(**measured) == [(Piece.STANDING_BARE, TRACK.area + PLAIN.area)]


def test_what_a_detector_is_sure_of_stays_however_narrow() -> None:
    stays = [(Piece.NEW_REWORKED, TRACK.area), (Piece.STANDING_BARE, PLAIN.area)]
    assert left(**SURE) == stays


def test_wide_change_stays_whoever_says_it() -> None:
    wide = box(0, -20, 60, 3)
    assert (Piece.NEW_REWORKED, wide.area) in left(wide, change_score=0.5)
