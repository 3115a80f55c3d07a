"""What an image says of itself, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from pyproj import CRS

from geo.crs_detective import NOTHING
from geo.errors import RefusedError
from geo.grid import Grid
from geo.height_system import HeightSystem
from geo.intake.header import Container, Header

HEIGHT_TYPES: Final = "if"
"""Kinds of numbers of which a single band is heights, not grey: signed and floating."""


@dataclass(frozen=True, kw_only=True)
class GroundPoint:
    """A pixel whose place on the ground the file names."""

    column: float
    """From the left edge of the first pixel, in pixels."""

    row: float
    """From the upper edge of the first pixel, in pixels."""

    x: float
    y: float
    z: float
    """Height as the file has it; 0 where it has none."""


@dataclass(frozen=True, kw_only=True)
class GroundControl:
    """The control points of a file that says in no other way where it lies."""

    count: int
    """How many the file has."""

    crs: CRS | None
    """Reference system of their x and y; None where the file names none that is known."""

    points: tuple[GroundPoint, ...]
    """All of them, in the order of the file; none if they are too many, or not numbers."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What an image says of itself. Everything in it is claimed by the file, nothing is proven."""

    header: Header

    grid: Grid | None
    """Where the image lies; None where the file does not say so itself."""

    has_crs: bool
    """Whether the file, or whoever brought it, names a reference system."""

    has_position: bool
    """Whether the file, or whoever brought it, says where each pixel lies in some system."""

    box: Mapping[str, float]
    """Least and greatest x and y that it says, in whatever system; empty where it says none."""

    stated: CRS | None
    """Reference system of the Earth that the file itself names; None where it names none."""

    ground_control: GroundControl | None
    """Control points in the file, from which an unplaced image could be rectified."""

    has_camera_model: bool
    """Whether rational polynomials of a satellite's camera say where it looked."""

    dtypes: tuple[str, ...]
    """Type of each band, as numpy names it."""

    colours: tuple[str, ...]
    """Meaning of each band: red, green, blue, gray, palette, alpha, undefined …"""

    heights: HeightSystem
    """What its numbers count in and from, should they be heights."""

    nodata: float | None
    """Value that marks empty pixels."""

    alpha_band: int | None
    """Band that says where the image is transparent, counted from one."""

    has_mask: bool
    """Whether a mask beside the bands says where the image is valid."""

    tags: Mapping[str, str]
    """Notes such as TIFFTAG_DATETIME and TIFFTAG_SOFTWARE, shortened; never to be trusted."""

    @property
    def rows(self) -> int:
        """Height of the image in pixels."""
        return self.header.rows

    @property
    def columns(self) -> int:
        """Width of the image in pixels."""
        return self.header.columns

    @property
    def control_points(self) -> int:
        """How many control points the file has."""
        return self.ground_control.count if self.ground_control else 0

    @property
    def is_like_heights(self) -> bool:
        """Whether it is one band of signed or floating numbers: heights are, grey seldom is."""
        return len(self.dtypes) == 1 and np.dtype(self.dtypes[0]).kind in HEIGHT_TYPES

    @property
    def is_heights(self) -> bool:
        """Whether it also says that a negative number stands where there is none: grey has none."""
        return self.is_like_heights and self.nodata is not None and self.nodata < 0

    def placed(self) -> Grid:
        """
        Give the grid of an image that must have one.

        Raises
        ------
        RefusedError
            ``image_needs_rectifying`` if it has only control points (`ground_control` has them
            for whoever can), ``image_needs_camera_model``, ``image_needs_position`` if it is
            of a kind that never says where it lies, ``image_without_crs``,
            ``image_without_position``.
        """
        if self.grid is not None:
            return self.grid
        if self.control_points:
            raise RefusedError("image_needs_rectifying", control_points=self.control_points)
        if self.has_camera_model:
            raise RefusedError("image_needs_camera_model")
        if self.header.container is not Container.TIFF and not (self.has_crs or self.has_position):
            raise RefusedError("image_needs_position", found=str(self.header.container))
        if self.has_crs:
            raise RefusedError("image_without_position")
        refused = RefusedError("image_without_crs", candidates=NOTHING)
        refused.facts |= self.box
        raise refused
