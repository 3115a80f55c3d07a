"""Judging codes that are drawn, without the looks they come of."""

from collections.abc import Sequence

import numpy as np

from geo.scored_pieces import Joining, name_together
from geo.sight import Sight


def named_together(
    standing: np.ndarray, became: np.ndarray, firm: Sequence[np.ndarray], by: Joining
) -> np.ndarray:
    """What ground is, of which some changed firmly and some surely."""
    codes = standing.copy()
    firmly, surely = firm
    sight = firmly * np.uint8(Sight.FIRM) | surely * np.uint8(Sight.SURE)
    name_together(codes, became, sight, by)
    return codes
