"""What is usual of some figures, and within what most of them lie."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

MOST_OF_THEM: Final = 0.9


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Two figures of many."""

    median: float
    """The one in the middle; of an even number, halfway between the two."""

    ninety: float
    """The least of them within which at least nine of ten lie."""

    @classmethod
    def of(cls, figures: Sequence[float]) -> Self | None:
        """The two; None of no figures."""
        if not figures:
            return None
        in_order = sorted(figures)
        # As a float, nine tenths of ten are a little more than nine: the ninth is meant.
        place = math.ceil(round(len(in_order) * MOST_OF_THEM, 6))
        return cls(median=statistics.median(in_order), ninety=in_order[place - 1])
