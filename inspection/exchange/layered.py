"""Layers of areas with their fields, as files of layers take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from shapely import Geometry


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """Values of one kind, of which some may be unknown."""

    values: NDArray[Any]
    unknown: NDArray[np.bool_]


def texts(values: Sequence[str | None]) -> Column:
    """Give a column of texts."""
    unknown = np.array([value is None for value in values], dtype=bool)
    return Column(values=np.array(values, dtype=object), unknown=unknown)


def numbers(values: Sequence[float | None]) -> Column:
    """Give a column of numbers."""
    unknown = np.array([value is None for value in values], dtype=bool)
    known = [1.0 if value is None else value for value in values]
    return Column(values=np.array(known, dtype=np.float64), unknown=unknown)


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """Areas with their fields."""

    shapes: Sequence[Geometry]
    crs: CRS
    columns: Mapping[str, Column]
