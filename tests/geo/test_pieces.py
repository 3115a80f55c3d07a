"""What became of ground follows from the two kinds that it was and is."""

import numpy as np
import pytest

from geo.appearance import Appearance, Scale
from geo.landcover import CoverLimits, Kind
from geo.look import Calibration, Look
from geo.majority import majority
from geo.pieces import Piece, if_unchanged, pieces
from geo.scored_pieces import scored_pieces
from tests.geo.test_detection import SETTINGS

SHAPE = (40, 40)
BY = Calibration(
    scale=Scale.of(0.5),
    limits=CoverLimits(bareness=7.0, dark=20.0, green=5.0, smooth=1.0),
    relighting=None,
    noise=(2.0, 1.0, 1.0, 1.0),
    tolerance_px=1,
    threshold=1.5,
    usual=0.5,
)


def seen(then: Kind, now: Kind, *, change: float) -> Look:
    """Ground of one kind on each date."""
    plain = np.zeros(SHAPE, np.float32)
    date = Appearance(
        lightness=plain,
        green_red=plain,
        blue_yellow=plain,
        roughness=plain,
        valid=np.ones(SHAPE, np.bool_),
    )
    return Look(
        before=date,
        after=date,
        cover_before=np.full(SHAPE, then, np.uint8),
        cover_after=np.full(SHAPE, now, np.uint8),
        change=np.full(SHAPE, change, np.float32),
        compared=np.ones(SHAPE, np.bool_),
    )


def only(codes: np.ndarray) -> Piece:
    (code,) = np.unique(codes)
    return Piece(code)


V, B, U, W, S = Kind.VEGETATION, Kind.BARE, Kind.BUILT, Kind.WATER, Kind.SHADOW


@pytest.mark.parametrize(
    ("then", "now", "stands", "became", "by_colour"),
    [
        (V, V, Piece.NONE, Piece.UNNAMED, Piece.NONE),
        (V, B, Piece.STANDING_BARE, Piece.NEW_CLEARED, Piece.NEW_CLEARED),
        (V, U, Piece.STANDING_BUILT, Piece.NEW_BUILT, Piece.NEW_BUILT),
        (V, W, Piece.STANDING_WATER, Piece.NEW_WATER, Piece.NEW_WATER),
        (V, S, Piece.NONE, Piece.UNNAMED, Piece.NONE),
        (B, V, Piece.NONE, Piece.RECOVERED, Piece.RECOVERED),
        (B, B, Piece.STANDING_BARE, Piece.NEW_REWORKED, Piece.NEW_REWORKED),
        (B, U, Piece.STANDING_BUILT, Piece.NEW_BUILT, Piece.NEW_BUILT),
        (B, W, Piece.STANDING_WATER, Piece.NEW_WATER, Piece.NEW_WATER),
        (B, S, Piece.STANDING_BARE, Piece.UNNAMED, Piece.STANDING_BARE),
        (U, V, Piece.NONE, Piece.RECOVERED, Piece.RECOVERED),
        (U, S, Piece.STANDING_BARE, Piece.UNNAMED, Piece.STANDING_BARE),
        (W, V, Piece.NONE, Piece.RECOVERED, Piece.NONE),
        (W, B, Piece.STANDING_BARE, Piece.NEW_CLEARED, Piece.NEW_CLEARED),
        (W, W, Piece.STANDING_WATER, Piece.UNNAMED, Piece.STANDING_WATER),
        (S, B, Piece.STANDING_BARE, Piece.UNNAMED, Piece.STANDING_BARE),
        (S, U, Piece.STANDING_BUILT, Piece.UNNAMED, Piece.STANDING_BUILT),
        (S, W, Piece.STANDING_WATER, Piece.UNNAMED, Piece.NONE),
        (S, S, Piece.NONE, Piece.UNNAMED, Piece.NONE),
    ],
)
def test_two_kinds_say_what_ground_became(
    then: Kind, now: Kind, stands: Piece, became: Piece, by_colour: Piece
) -> None:
    still, changed = (seen(then, now, change=change) for change in (0.0, 2.0))
    assert only(if_unchanged(still)) == stands
    for one, wanted in ((still, Piece.NONE), (changed, became)):
        standing, moved = scored_pieces(one, by=BY, settings=SETTINGS)
        assert (only(standing), only(moved)) == (stands, wanted)
    assert only(pieces(still, by=BY, settings=SETTINGS)) == stands
    assert only(pieces(changed, by=BY, settings=SETTINGS)) == by_colour


def test_ground_that_did_not_differ_became_nothing_beside_ground_that_did() -> None:
    look = seen(V, B, change=2.0)
    look.change[:, 20:] = 0
    _, became = scored_pieces(look, by=BY, settings=SETTINGS)
    assert (only(became[:, :15]), only(became[:, 25:])) == (Piece.NEW_CLEARED, Piece.NONE)


def test_of_kinds_that_are_as_common_the_first_is_taken() -> None:
    row = np.arange(40) // 2 % 4 * 3  # of every four pixels around, two are of each of two kinds
    codes = np.broadcast_to(row.astype(np.uint8), SHAPE).copy()
    settled = majority(codes, radius=3)
    assert settled[20, 4:36].tolist() == _commonest(row)[4:36]


def _commonest(row: np.ndarray) -> list[int]:
    """The commonest of the seven around each pixel, by counting."""
    around = [row[max(i - 3, 0) : i + 4].tolist() for i in range(len(row))]
    return [min(set(one), key=lambda code: (-one.count(code), code)) for one in around]


def test_specks_go_and_edges_stay() -> None:
    codes = np.zeros(SHAPE, np.uint8)
    codes[:, 20:] = Piece.STANDING_BARE
    whole = codes.copy()
    codes[10, 10], codes[30, 30] = Piece.STANDING_BUILT, Piece.NONE
    assert np.array_equal(majority(codes, radius=2), whole)
