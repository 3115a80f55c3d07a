"""Rectangles around what is marked hold all of it, and no more than the window."""

import numpy as np
import pytest

from geo.patches import in_cells, patches, widened, within

SHAPE = (150, 230)
SIDE = 16


def cells_of(mask: np.ndarray) -> np.ndarray:
    return in_cells(mask, SIDE)


def test_a_square_is_marked_where_one_of_its_pixels_is() -> None:
    mask = np.random.default_rng(0).random(SHAPE) < 0.002
    meant = np.zeros((10, 15), np.bool_)
    for row, column in np.argwhere(mask):
        meant[row // SIDE, column // SIDE] = True
    assert 0 < meant.sum() < meant.size
    assert np.array_equal(cells_of(mask), meant)


@pytest.mark.parametrize("context_px", [0, 5])
def test_rectangles_hold_all_that_is_marked(context_px: int) -> None:
    mask = np.zeros(SHAPE, np.bool_)
    mask[3, 4] = mask[149, 229] = mask[70:74, 100:140] = True
    found = list(patches(cells_of(mask), SIDE, shape=SHAPE, context_px=context_px))
    assert len(found) == 3
    held = np.zeros(SHAPE, np.bool_)
    for part in found:
        held[part] = True
    assert not (mask & ~held).any()
    assert held.mean() < 0.1


def test_what_would_cost_more_than_the_window_is_the_window() -> None:
    mask = np.zeros(SHAPE, np.bool_)
    mask[::48, ::48] = True
    (only,) = patches(cells_of(mask), SIDE, shape=SHAPE, context_px=40)
    assert np.ones(SHAPE)[only].size == mask.size
    assert list(patches(cells_of(np.zeros_like(mask)), SIDE, shape=SHAPE, context_px=40)) == []


def test_a_rectangle_is_found_again_in_a_wider_one() -> None:
    numbers = np.arange(SHAPE[0] * SHAPE[1]).reshape(SHAPE)
    part = (slice(4, 20), slice(215, 230))
    wide = widened(part, SHAPE, 10)
    assert wide == (slice(0, 30), slice(205, 230))
    assert np.array_equal(numbers[wide][within(part, wide)], numbers[part])
