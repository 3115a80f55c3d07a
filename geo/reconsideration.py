"""Reconsideration: pieces that only looked new join the standing ground that they are part of."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import Polygon

from geo.evidence import form
from geo.ground_class import CLEARED
from geo.landcover import CoverLimits
from geo.pieces import Piece
from geo.said import MOST_SAID, OPEN

type Measured = dict[str, float]

EDGE_M, EDGE_PX = 4.0, 1.0
"""Narrower change within bare ground is an edge seen in another light or from aside."""

DIFFERING = "differing_score"
"""Measured where a detector said what changed: it saw both lights, and knows better."""

FIRM_SCORE = 0.6
"""Narrow change that a detector scores so, and calls open more than plants, is no edge."""

FIRM_GREEN = 2.0
"""What was cleared must have been greener than the limit of green by this, CIE a*."""


def reconsidered(
    found: Sequence[tuple[Piece, Polygon]],
    measured: Sequence[Measured],
    *,
    limits: CoverLimits,
    pixel_m: float,
) -> tuple[list[tuple[Piece, Polygon]], list[Measured]]:
    """
    Take back what is new only by light, and join it to the bare ground it touches.

    A clearing whose ground was no greener than shaded soil is soil that came out of the
    shade. Narrow change within bare ground is the edge of a step or a bank, unless a detector
    is sure of it.

    Parameters
    ----------
    found, measured
        The pieces, and the means measured on each, in one order.
    limits
        What parts the kinds of ground in this inspection.
    """
    taken_back = [
        position
        for position, (piece, outline) in enumerate(found)
        if _is_light(piece, outline, measured[position], limits=limits, pixel_m=pixel_m)
    ]
    if not taken_back:
        return list(found), list(measured)
    standing = [i for i, (piece, _) in enumerate(found) if piece == Piece.STANDING_BARE]
    joining = sorted({*taken_back, *standing})
    others = [i for i in range(len(found)) if i not in set(joining)]
    pieces, means = [found[i] for i in others], [measured[i] for i in others]
    whole = shapely.union_all([found[i][1] for i in joining])
    inside = shapely.STRtree([found[i][1].representative_point() for i in joining])
    for part in shapely.get_parts(whole):
        members = [joining[i] for i in np.sort(inside.query(part, predicate="contains"))]
        areas = [found[i][1].area for i in members]
        pieces.append((Piece.STANDING_BARE, part))
        means.append(_mean([measured[i] for i in members], areas))
    return pieces, means


def _is_light(
    piece: Piece,
    outline: Polygon,
    means: Mapping[str, float],
    *,
    limits: CoverLimits,
    pixel_m: float,
) -> bool:
    if DIFFERING in means and piece in CLEARED:
        return False
    if piece in CLEARED:
        return means.get("green_red_before", -np.inf) > limits.green - FIRM_GREEN
    if piece != Piece.NEW_REWORKED:
        return False
    is_scored = DIFFERING in means and means["change_score"] >= FIRM_SCORE
    if is_scored and sum(means.get(f"said_{cover}", 0.0) for cover in OPEN) > MOST_SAID:
        return False
    width = form(outline, pixel_m=pixel_m, widest_m=pixel_m).width_m
    return width < max(EDGE_M, EDGE_PX * pixel_m)


def _mean(measured: Sequence[Measured], areas: Sequence[float]) -> Measured:
    """Mean over several pieces, by area; of what was measured on some of them, over those."""
    names = dict.fromkeys(name for means in measured for name in means)
    mean = {}
    for name in names:
        known = [(m[name], area) for m, area in zip(measured, areas, strict=True) if name in m]
        mean[name] = sum(v * area for v, area in known) / sum(area for _, area in known)
    return mean
