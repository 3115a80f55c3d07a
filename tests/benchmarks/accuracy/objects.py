"""How many changed places are found, how large they are said to be, and how many are made up."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tests.benchmarks.accuracy.pairs import Mask, Pair
from tests.benchmarks.accuracy.postfilter import pieces

FOUND_SHARE = 0.5
CLEARED_SHARE = 0.5
"""A place is a clearing where more than this share of it was plants and became bare ground."""

FALSE_SHARE = 0.1
"""A piece is made up where no more than this share of it changed or may have."""

CLASSES_M2 = (100.0, 400.0, 2500.0)
"""Lower ends of the classes of area."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One changed place of the truth."""

    area_m2: float
    found: bool
    area_error: float | None
    """Area said over the true one, less 1; None where it was not found."""

    is_clearing: bool = False


def places(flagged: Mask, pair: Pair) -> list[Place]:
    """Every changed place large enough to count."""
    count, numbers, sizes = pieces(pair.changed & pair.seen)
    kept = [number for number in range(1, count + 1) if sizes[number - 1] >= pair.least_px]
    if not kept:
        return []
    only = np.where(np.isin(numbers, kept), numbers, 0)
    at = ndimage.distance_transform_edt(only == 0, return_distances=False, return_indices=True)
    nearest = only[tuple(at)]
    _, said, _ = pieces(flagged & _sure(pair))
    result = []
    for number in kept:
        there = only == number
        share = float(flagged[there].mean())
        touching = np.setdiff1d(np.unique(said[there]), [0])
        area = int((np.isin(said, touching) & (nearest == number)).sum())
        is_found = share > FOUND_SHARE
        size = int(there.sum())
        error = area / size - 1 if is_found else None
        bared = 0.0 if pair.cleared is None else float(pair.cleared[there].mean())
        result.append(
            Place(
                area_m2=size * pair.pixel_m**2,
                found=is_found,
                area_error=error,
                is_clearing=bared > CLEARED_SHARE,
            )
        )
    return result


def made_up(flagged: Mask, pair: Pair) -> int:
    """Pieces flagged where nothing changed."""
    maybe = pair.changed if pair.unsure is None else pair.changed | pair.unsure
    if pair.band_px:
        maybe = ndimage.binary_dilation(maybe, iterations=pair.band_px)
    _, numbers, sizes = pieces(flagged)
    true = np.bincount(numbers[maybe], minlength=len(sizes) + 1)[1:]
    return int((true <= FALSE_SHARE * sizes).sum())


def _sure(pair: Pair) -> Mask:
    return pair.seen if pair.unsure is None else pair.seen & ~pair.unsure
