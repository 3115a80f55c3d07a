"""Matching: where a picture of unknown place, turn and scale lies on a reference picture."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
from affine import Affine
from shapely import MultiPoint

from geo.agreement import GATE_PX as FEATURE_GATE_PX
from geo.agreement import Agreement, agreement, elsewhere
from geo.errors import RefusedError
from geo.features import Features, features, pairs
from geo.grid import Grid
from geo.match import Match, Sides
from geo.raster import Read
from geo.refining import RIVALRY, refined, require_room
from geo.transformation import slopes

LEVEL_PX = 1400
"""Longer side of the pictures that features are looked for on first."""

MOST_PX = 9e6
"""Pixels of the finest pictures that they are looked for on: some seconds each."""

CHANCE = -6.0
"""Power of ten of the false alarms up to which an agreement is followed."""

MOST_SHEAR = 1.1
"""Longer side of a square pixel, once placed, over its shorter side: orthophotos have none."""


def matched(
    picture: Read,
    extent: Grid,
    reference: Read,
    search: Grid,
    *,
    scales: tuple[float, float] | None,
    advance: Callable[[float], None] | None = None,
) -> Match:
    """
    Find where a picture lies on a reference.

    Features of reduced pictures agree on a similarity, whatever the turn; from there tiles of
    the full pictures are laid on one another as two flights are (`geo.registration`). A third
    of the tiles is kept out of every fit and states the accuracy.

    Parameters
    ----------
    picture
        The picture on a plane of its own: how it came to lie there does not matter, but it must
        not be a mirror image.
    extent
        North-up grid of the whole picture on that plane.
    reference
        The picture whose position is trusted.
    search
        North-up grid of the ground to search, in metres and in the reference's pixels.
    scales
        Least and most length on the ground of one unit of the plane; None where it means
        nothing.
    advance
        Told the share of the work that is done, from 0 to 1.

    Raises
    ------
    RefusedError
        ``reference_match_thin`` with the number of places that agree, where too few do, or on
        too little of the ground; ``reference_match_ambiguous`` where it fits elsewhere too;
        ``reference_match_absurd`` where it fits only stretched or at a scale past the limits.
    """
    require_room(extent)
    tell = advance or (lambda _: None)
    most, refusal = 0, None
    sides = Sides(picture=picture, extent=extent, reference=reference, search=search)
    for number, (found, rival, reach_m) in enumerate(_agreements(sides)):
        tell(1 - 0.7 ** (number + 1))
        most = max(most, found.agreeing)
        if found.chance > CHANCE:
            continue
        try:
            _require_lone(found, rival)
            _require_sane(found.model, scales)
            match = refined(sides, found, reach_m=reach_m)
            _require_sane(_middle(match, extent), scales)
        except RefusedError as error:
            refusal = error
        else:
            return match
    raise refusal or RefusedError("reference_match_thin", agreeing=most)


def _agreements(sides: Sides) -> Iterator[tuple[Agreement, Agreement | None, float]]:
    """
    Agreements of ever finer pictures.

    Each as a movement of the plane onto the ground, with what the other pairs agree on, and with
    how far it may be off, in metres.
    """
    ours = [sides.extent.coarser(factor) for factor in _factors(sides.extent)]
    theirs = [sides.search.coarser(factor) for factor in _factors(sides.search)]

    @cache
    def ours_at(level: int) -> Features:
        return features(sides.picture, ours[level])

    @cache
    def theirs_at(level: int) -> Features:
        return features(sides.reference, theirs[level])

    levels = [(i, j) for i in range(len(ours)) for j in range(len(theirs))]
    for i, j in sorted(levels, key=lambda level: (sum(level), level)):
        alike = pairs(ours_at(i), theirs_at(j))
        ground = MultiPoint(theirs_at(j).places).convex_hull.area
        found = agreement(alike, ground=ground)
        if found is not None:
            rival = agreement(elsewhere(alike, found.model), ground=ground)
            model = theirs[j].transform @ found.model @ ~ours[i].transform
            reach_m = 2 * FEATURE_GATE_PX * theirs[j].pixel_size
            yield replace(found, model=model), rival, reach_m


def _factors(grid: Grid) -> list[int]:
    """By how much a picture is reduced, from coarse to fine."""
    factors = [max(math.ceil(max(grid.shape) / LEVEL_PX), 1)]
    while factors[-1] > 1 and math.prod(grid.coarser(factors[-1] // 2).shape) <= MOST_PX:
        factors.append(factors[-1] // 2)
    return factors


def _require_lone(found: Agreement, rival: Agreement | None) -> None:
    if rival and rival.chance <= CHANCE and rival.agreeing >= RIVALRY * found.agreeing:
        raise RefusedError("reference_match_ambiguous")


def _middle(match: Match, extent: Grid) -> Affine:
    """From the picture's plane to the ground, near the picture's middle."""
    middle = np.array([[extent.columns / 2, extent.rows / 2]])
    (a, b), (d, e) = slopes(match.transformation, middle)[0].tolist()
    there: Affine = Affine(a, b, 0, d, e, 0) @ ~extent.transform
    return there


def _require_sane(moved: Affine, scales: tuple[float, float] | None) -> None:
    long, short = np.linalg.svd([[moved.a, moved.b], [moved.d, moved.e]], compute_uv=False)
    scale = math.sqrt(long * short)
    within = scales is None or scales[0] <= scale <= scales[1]
    if moved.determinant < 0 or long > MOST_SHEAR * short or not within:
        raise RefusedError("reference_match_absurd", scale=scale, stretch=float(long / short))
