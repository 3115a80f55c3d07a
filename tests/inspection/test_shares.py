"""Of several things that are made at the same time one share is told, and it never goes back."""

import pytest

from inspection.shares import DONE, Shares


def test_the_share_of_all_is_told_and_never_goes_back() -> None:
    told: list[float] = []
    shares = Shares(2, told.append)
    first, second = shares.of(0), shares.of(1)
    first(0.5)
    second(0.25)
    first(0.1)
    second(DONE)
    first(float("nan"))
    first(DONE)
    assert told == pytest.approx([0.25, 0.375, 0.375, 0.75, 0.75, 1.0])
