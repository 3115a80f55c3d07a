"""Heights above one level told above another, where the register knows how."""

import math
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.crs import CompoundCRS
from pyproj.transformer import TransformerGroup

from geo.crs import LONLAT
from geo.datum import passage
from geo.grid import Grid
from geo.height_system import HeightSystem, same_level

NODES: Final = 9
"""Places along each side of a grid at which levels are compared; between them they hardly bend."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelChange:
    """What it takes to tell heights of one system in another."""

    name: str | None = None
    """Of the operation, as the register names it; None where both count from one level."""

    transformer: Transformer | None = None
    back_to_metres: float = 1.0

    def metres(self, grid: Grid) -> NDArray[np.float64]:
        """
        Give what is to be added to heights in metres, (rows, columns).

        Taken at height zero: what two levels differ by does not grow with the height.
        """
        if self.transformer is None:
            return np.zeros(grid.shape)
        rows, columns = (np.linspace(0, length, NODES) for length in grid.shape)
        column, row = np.meshgrid(columns, rows)
        t = grid.transform
        x, y = t.c + t.a * column + t.b * row, t.f + t.d * column + t.e * row
        middle = t @ (grid.columns / 2, grid.rows / 2)
        longitude, latitude = passage(grid.crs, LONLAT, near=middle)(x.ravel(), y.ravel())
        told = self.transformer.transform(longitude, latitude, np.zeros(x.size))[2]
        lattice = np.reshape(told, x.shape) * self.back_to_metres
        at = [(np.arange(n) + 0.5) * (NODES - 1) / n for n in grid.shape]
        across: NDArray[np.float64] = scipy.ndimage.map_coordinates(
            lattice, np.meshgrid(*at, indexing="ij"), order=1
        )
        return across


def level_change(source: HeightSystem, target: HeightSystem, *, grid: Grid) -> LevelChange | None:
    """
    How heights of one system are told in another.

    Parameters
    ----------
    source, target
        Of both the level must be known.
    grid
        The ground for which the operation must be made.

    Returns
    -------
    LevelChange or None
        None where nothing is known that leads from one level to the other here: the register has
        no operation, or a grid of the geoid that it needs is not at hand. PROJ would then take one
        for the other ("ballpark").
    """
    if source.datum is None or target.datum is None:
        return LevelChange() if source.is_one_level and target.is_one_level else None
    if same_level(source.datum, target.datum):
        return LevelChange()
    transformer = _operation(source.datum, target.datum, grid)
    if transformer is None:
        return None
    change = LevelChange(
        name=transformer.description,
        transformer=transformer,
        back_to_metres=target.metres_up or 1.0,
    )
    return change if np.isfinite(change.metres(grid)).all() else None


def _operation(source: CRS, target: CRS, grid: Grid) -> Transformer | None:
    place = grid.transform @ (grid.columns / 2, grid.rows / 2)
    longitude, latitude = passage(grid.crs, LONLAT, near=place)(
        *np.array(place, float)[:, np.newaxis]
    )
    west, south = float(longitude[0]), float(latitude[0])
    if not (math.isfinite(west) and math.isfinite(south)):
        return None
    here = AreaOfInterest(west, south, west, south)
    with warnings.catch_warnings():
        # That a better one lacks its grid does not matter: the two dates are laid level anyhow.
        warnings.simplefilter("ignore", UserWarning)
        try:
            group = TransformerGroup(
                _over_the_earth(source),
                _over_the_earth(target),
                always_xy=True,
                allow_ballpark=False,
                area_of_interest=here,  # type: ignore[arg-type]  # the stub names a twin
            )
        except IndexError:  # pyproj's, where PROJ knows ballpark operations alone
            return None
    return group.transformers[0] if group.transformers else None


def _over_the_earth(datum: CRS) -> CRS:
    """Longitude, latitude and height."""
    if not datum.is_vertical:
        return datum
    return CompoundCRS(name=datum.name, components=[LONLAT, datum])
