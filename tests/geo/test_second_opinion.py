"""The second opinion: a movement found without any tie, or none."""

import cv2
import numpy as np
import pytest
from affine import Affine

from geo.second_opinion import largest_difference_m, second_movement
from tests.geo.drawn_flights import (
    FIELD,
    MOVEMENTS,
    PIXEL_M,
    another_day,
    ground,
    reading,
    rendered,
)


def opinion(before, after, *starts, kind="affine"):
    """What is said of all ground, from these starts; from none but where the flights lie."""
    return second_movement(
        reading(before),
        reading(after),
        FIELD,
        where=np.ones(FIELD.shape, bool),
        starts=list(starts) or [Affine.identity()],
        kind=kind,
    )


@pytest.mark.parametrize("kind", ["translation", "similarity", "affine"])
def test_the_second_opinion_stands_alone(kind):
    truth = MOVEMENTS["shift"]
    before = rendered(ground(), FIELD)
    after = another_day(rendered(ground(), FIELD, truth=truth), changed=0.2)
    second = opinion(before, after, kind=kind)
    assert second is not None
    assert largest_difference_m(second, truth, FIELD) < PIXEL_M


def test_starts_that_lead_up_the_same_summit_are_climbed_once(monkeypatch):
    truth = MOVEMENTS["shift"]
    before, after = rendered(ground(), FIELD), rendered(ground(), FIELD, truth=truth)
    climbs, climb = [], cv2.findTransformECCWithMask
    monkeypatch.setattr(
        cv2, "findTransformECCWithMask", lambda *words: climbs.append(words) or climb(*words)
    )

    def told(*starts):
        climbs.clear()
        return opinion(before, after, *starts)

    far = Affine.translation(0, 3 * PIXEL_M) @ truth
    close = Affine.translation(0, 0.3 * PIXEL_M) @ truth
    assert largest_difference_m(told(truth, close), truth, FIELD) < PIXEL_M / 10
    assert len(climbs) == 1
    assert largest_difference_m(told(far, truth), truth, FIELD) < PIXEL_M / 10
    assert len(climbs) == 2


def test_the_second_opinion_is_silent_on_different_ground():
    before, after = rendered(ground(), FIELD), rendered(ground(seed=60), FIELD)
    second = opinion(before, after)
    assert second is None
