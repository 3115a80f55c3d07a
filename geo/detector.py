"""A detector: what scores how surely ground changed between two pictures, and names its cover."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.landcover import Kind
from geo.radiometry import Picture

CHANGE_STEP: Final = 2
"""Pixels a side that share one score of change."""

COVER_STEP: Final = 4
"""Pixels a side that share one cover."""

MULTIPLE: Final = 32
"""Both sides of the pictures that a detector is given are multiples of this."""

COVERS: Final = {
    "vegetation": Kind.VEGETATION,
    "bare": Kind.BARE,
    "road": Kind.BARE,
    "stockpile": Kind.BARE,
    "built": Kind.BUILT,
    "water": Kind.WATER,
    "shadow": Kind.SHADOW,
}
"""Covers that a detector tells apart, in the order in which it gives them, and their kind."""

type Covers = NDArray[np.float32]
"""(`COVERS`, rows / `COVER_STEP`, columns / `COVER_STEP`); probabilities, 0-1."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Which detector it is, to be stated wherever it decided."""

    name: str
    version: str
    sha256: str
    """Of its file."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """What a detector says of two pictures."""

    change: NDArray[np.float32]
    """(rows / `CHANGE_STEP`, columns / `CHANGE_STEP`), the logit of change."""

    covers: tuple[Covers, Covers] | None
    """Of the first picture and the second; None where it names none."""


class Detector(Protocol):
    """
    Scores pictures of one place in one light.

    The same pictures give the same scores, whoever else computes at the time and on however
    many threads.
    """

    @property
    def identity(self) -> Identity:
        """Which detector it is."""
        ...

    def scores(self, before: Picture, after: Picture) -> Scores:
        """Score two pictures, red, green and blue from 0 to 255, whole where nothing was seen."""
        ...
