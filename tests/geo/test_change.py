"""How far two dates differ, and how alike their structure is."""

from dataclasses import replace

import numpy as np

from geo.appearance import Appearance
from geo.change import likeness


def test_ground_that_is_quite_black_on_one_date_is_like_nothing_and_still_a_number() -> None:
    """Sums over a window that moves leave a little less than nothing where nothing is."""
    plain = Appearance.unseen(np.ones((200, 200), np.bool_))
    for seed in range(20):
        random = np.random.default_rng(seed)
        first, second = random.uniform(0, 100, (2, 200, 200)).astype(np.float32)
        first[80:, 60:] = 0.0
        one, two = replace(plain, lightness=first), replace(plain, lightness=second)
        alike = likeness(one, two, radius_px=6)
        assert np.isfinite(alike).all()
        assert (alike[100:, 80:] < 1e-3).all()
        assert (likeness(one, one, radius_px=6)[:70] > 0.9).all()
