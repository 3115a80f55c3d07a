"""Evidence: the numbers measured on each piece of ground, by which it is named and judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from geo.appearance import Appearance
from geo.change import score
from geo.detector import COVERS
from geo.grid import Grid
from geo.landcover import Kind, is_disturbed
from geo.look import Look
from geo.raster import Mask

type Heights = NDArray[np.float32]
"""(rows, columns), or of some pixels; current minus earlier height in metres, NaN where unknown."""

type ReadHeights = Callable[[Grid], Heights]
"""Gives the change of height on a window."""


class Tally:
    """Sums over pieces that lie in any number of windows."""

    def __init__(self, pieces: int) -> None:
        self._count = pieces + 1
        self._sums: dict[str, NDArray[np.float64]] = {}
        self._weights: dict[str, NDArray[np.float64]] = {}

    def add(self, name: str, values: NDArray[np.generic], numbers: NDArray[np.int32]) -> None:
        """Add the values of pixels to their pieces; values that are no number do not count."""
        known = (numbers > 0) & ~np.isnan(values.astype(np.float32))
        at = numbers[known]
        sums = np.bincount(at, values[known].astype(np.float64), minlength=self._count)
        weights = np.bincount(at, minlength=self._count)
        none = np.zeros(self._count)
        self._sums[name] = self._sums.get(name, none) + sums
        self._weights[name] = self._weights.get(name, none) + weights

    def means(self, number: int) -> dict[str, float]:
        """Mean of each value over one piece, counted from one; only of what was measured."""
        return {
            name: float(self._sums[name][number] / self._weights[name][number])
            for name in self._sums
            if self._weights[name][number]
        }


def tally(
    into: Tally,
    seen: Look,
    numbers: NDArray[np.int32],
    drawn: Mask,
    *,
    multiples: Sequence[float],
    heights: Heights | None,
) -> None:
    """
    Add one window to the tally of its pieces.

    Parameters
    ----------
    into
        What is added to.
    seen
        The `drawn` pixels alone.
    numbers
        (pixels,), the piece of each of them, from one.
    drawn
        (rows, columns) of the window.
    multiples
        Of the threshold, that change may pass.
    heights
        (pixels,)
    """
    into.add("change_score", score(seen.change) / np.float32(100), numbers)
    for position, multiple in enumerate(multiples):
        into.add(f"beyond_{position}", seen.change >= multiple, numbers)
    if seen.differing is not None:
        into.add("differing_score", score(seen.differing) / np.float32(100), numbers)
    into.add("compared_share", seen.compared, numbers)
    shade = (seen.cover_after == Kind.SHADOW) | (seen.cover_before == Kind.SHADOW)
    into.add("shadow_share", shade, numbers)
    _add_date(into, seen.after, "after", numbers)
    into.add("built_share", seen.cover_after == Kind.BUILT, numbers)
    said = seen.said(drawn) if seen.said is not None else ()
    for name, share in zip(COVERS, said, strict=False):
        into.add(f"said_{name}", share, numbers)
    if seen.before is not None:
        there = numbers * seen.compared
        _add_date(into, seen.before, "before", there)
        into.add("disturbed_before", is_disturbed(seen.cover_before), there)
    if heights is not None:
        into.add("height_change_m", heights, numbers)


def _add_date(into: Tally, date: Appearance, when: str, numbers: NDArray[np.int32]) -> None:
    into.add(f"bareness_{when}", date.bareness, numbers)
    into.add(f"lightness_{when}", date.lightness, numbers)
    into.add(f"green_red_{when}", date.green_red, numbers)
    into.add(f"blue_yellow_{when}", date.blue_yellow, numbers)
    into.add(f"roughness_{when}", date.roughness, numbers)
    into.add(f"grain_{when}", date.roughness / (date.lightness + np.float32(5)), numbers)


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form of an outline on the ground."""

    area_m2: float
    border_m: float
    """Length of shell and holes, the stairs of the pixels taken out."""

    width_m: float
    """Width of the strip of the same area and border: what a road has, however it bends."""

    elongation: float
    """Long over short side of the smallest rectangle around it, turned as need be."""

    solidity: float
    """Share of its convex hull that it fills: little for a winding strip or a net of roads."""

    core_share: float
    """Share left of the outline when it is drawn in by half of the widest road's width."""

    compactness: float
    """4 pi area / border^2 of the outline without holes; 1 is a disc."""


def form(outline: Polygon, *, pixel_m: float, widest_m: float) -> Form:
    """Measure an outline that was drawn along the edges of pixels."""
    smooth = cast("Polygon", outline.simplify(pixel_m))
    area, half = outline.area, smooth.length / 2
    # A strip l x w: area l w, border 2 (l + w).
    width = (half - max(half * half - 4 * area, 0.0) ** 0.5) / 2
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline))
    sides = sorted(np.hypot(*(corners[1:3] - corners[:2]).T))
    around = smooth.exterior.length
    return Form(
        area_m2=area,
        border_m=smooth.length,
        width_m=width,
        elongation=float(sides[1] / sides[0]),
        solidity=area / outline.convex_hull.area,
        core_share=outline.simplify(widest_m / 8).buffer(-widest_m / 2, quad_segs=1).area / area,
        compactness=min(4 * np.pi * Polygon(smooth.exterior).area / around**2, 1.0),
    )
