"""What the rim of an image shows: values that may be those of a collar."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.intake.bands import Recipe
from geo.intake.scaling import ReadWindow

_PROBES: Final = 64
_PROBED_SHARE: Final = 0.05
_WHITE: Final = 255


def rim_values(
    read: ReadWindow, *, rows: int, columns: int, whole: bool
) -> NDArray[np.float64] | None:
    """
    Numbers of some seen pixels on the rim: the four corners first, then 64 along each side.

    Parameters
    ----------
    read
        Gives the numbers of a window, and where they were seen.
    rows, columns
        Size of the image.
    whole
        Whether all of the rim must have been seen.

    Returns
    -------
    ndarray | None
        (pixels, colours); NaN where the pixel was not seen or cannot be read. None where that is
        so of any, though all must have been seen; then the others need not be decoded.
    """
    down = np.linspace(0, rows - 1, _PROBES, dtype=np.int64).tolist()
    across = np.linspace(0, columns - 1, _PROBES, dtype=np.int64).tolist()
    corners = [(row, column) for row in (0, rows - 1) for column in (0, columns - 1)]
    rim = [(row, column) for row in down for column in (0, columns - 1)]
    rim += [(row, column) for row in (0, rows - 1) for column in across]
    places = sorted(set(rim))  # downwards, so that few blocks are decoded twice
    numbers = {}
    for place in [*corners, *places]:
        if place not in numbers:
            numbers[place] = _number(read, *place)
            if whole and np.isnan(numbers[place]).any():
                return None
    return np.stack([numbers[place] for place in [*corners, *places]])


def _number(read: ReadWindow, row: int, column: int) -> NDArray[np.float64]:
    try:
        picture, valid = read(Window(column, row, 1, 1))
    except RefusedError:
        return np.full(3, np.nan)
    number = np.broadcast_to(picture[:, 0, 0].astype(np.float64), 3)
    return number if valid[0, 0] else np.full(3, np.nan)


def hollow_values(recipe: Recipe, rim: NDArray[np.float64], *, is_lossy: bool) -> tuple[float, ...]:
    """
    Values that may be those of a collar: what a corner shows, or 5 % of the rim.

    In 8 bits they are black and white, else the smallest and the largest number of the rim.
    Around blocks that were never written there may be black.
    """
    darkest, brightest = rim.max(axis=1), rim.min(axis=1)
    if recipe.is_bytes:
        slack = 2 if is_lossy else 0
        ends = ((0.0, darkest <= slack), (float(_WHITE), brightest >= _WHITE - slack))
    elif np.isnan(rim).all():
        return ()
    else:
        low, high = float(np.nanmin(darkest)), float(np.nanmax(brightest))
        ends = ((low, darkest == low), (high, brightest == high))
    found = [
        value
        for value, shows in ends
        if shows[:4].any()
        or np.count_nonzero(shows) > _PROBED_SHARE * len(shows)
        or (recipe.is_sparse and value == 0)
    ]
    return tuple(dict.fromkeys(found))
