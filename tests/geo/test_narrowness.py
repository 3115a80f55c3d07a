"""Narrowness: a window around a mask gives what the whole picture would."""

import cv2
import numpy as np
import pytest

from geo.narrowness import near, strips

SIDE = 120


def drawn(seed):
    """Some rectangles, among them narrow ones and such that touch the rim."""
    random = np.random.default_rng(seed)
    mask = np.zeros((SIDE, SIDE), np.bool_)
    for row, column, rows, columns in random.integers(1, SIDE // 2, (4, 4)):
        mask[row : row + rows, column : column + columns] = True
    mask[:40, seed : seed + 3] = True
    return mask


def within(mask, radius):
    """Near it, by a look at the whole picture."""
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return away <= radius


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("radius", [2, 9, 28])
def test_a_window_around_a_mask_is_enough(seed: int, radius: int) -> None:
    mask = drawn(seed)
    assert np.array_equal(near(mask, radius), within(mask, radius))
    whole = ~within(~within(mask, radius // 3), radius // 3)
    cores = ~within(~whole, radius)
    if cores.any():
        assert np.array_equal(strips(mask, radius=radius), mask & ~within(cores, radius + 2))


def test_a_road_is_narrow_and_a_field_is_not() -> None:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[20:100, 20:80] = True
    mask[55:60, 80:] = True
    narrow = strips(mask, radius=10)
    assert narrow[57, 100]
    assert not narrow[60, 50]


def test_nothing_is_near_nothing() -> None:
    nothing = np.zeros((SIDE, SIDE), np.bool_)
    assert not near(nothing, 5).any()
    assert not strips(nothing, radius=5).any()
