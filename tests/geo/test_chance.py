"""Chances, against the functions of scipy."""

import pytest
from scipy.special import bdtrc, gammaln

from geo.chance import chance_of, log_choices


@pytest.mark.parametrize("trials", [1, 2, 7, 75, 1200])
@pytest.mark.parametrize("share", [1e-4, 0.0125, 0.2, 0.9])
def test_the_chance_of_so_many_hits_is_that_of_scipy(trials: int, share: float) -> None:
    for hits in {0, 1, trials // 3, trials // 2, trials}:
        known = 1.0 if hits == 0 else float(bdtrc(hits - 1, trials, share))
        assert chance_of(hits, trials, share) == pytest.approx(known, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(("of", "taken"), [(1, 0), (1, 1), (10, 3), (4000, 17)])
def test_ways_to_take_some_are_those_of_scipy(of: int, taken: int) -> None:
    known = gammaln(of + 1) - gammaln(taken + 1) - gammaln(of - taken + 1)
    assert log_choices(of, taken) == pytest.approx(known, rel=1e-12, abs=1e-12)
