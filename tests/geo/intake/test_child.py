"""What the child says while it works: enough to see that it goes on, and no more."""

from typing import Any

import pytest

from geo.intake.child import telling


@pytest.mark.parametrize("steps", [1, 10, 100_000])
def test_however_many_steps_there_are_few_are_told(steps: int) -> None:
    said: list[dict[str, Any]] = []
    advance = telling(said.append)
    for step in range(steps + 1):
        advance(step / steps)
    told = [one["progress"] for one in said]
    assert told[0] == 0.0, "the first says that the work has begun"
    assert told == sorted(set(told))
    assert min(steps, 300) < len(told) <= 401
    assert told[-1] > 0.99
