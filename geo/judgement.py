"""Judgement: which measured pieces are disturbances, and how firmly that can be said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache

import numpy as np
from shapely import MultiPolygon, Polygon

from geo.detection_settings import DetectionSettings
from geo.disturbance import Disturbance
from geo.evidence import Tally, form
from geo.ground_class import (
    SLOPE,
    STEP,
    epoch,
    fall_of_cleared,
    ground_class,
    is_compact,
    is_heap_by_itself,
    may_be_heap,
)
from geo.heap import RiseInward, wholes
from geo.landcover import CoverLimits
from geo.pieces import NEW, Piece
from geo.reconsideration import DIFFERING, reconsidered
from geo.said import renamed
from geo.surroundings import borders, natural_reason, waters
from geo.wall import StepUp

MOST = 0.5
"""Share of a piece that must pass a threshold for the piece to pass it."""

FIRM_BARENESS = 2.0
"""Standing ground this far beyond the limit stays bare at any limit that could be meant."""

LEAST_STANDING = 0.2
"""Ground that stands less surely than this is held to be plants, where a detector says so."""

SAID = "said_bare"
GROUND = ("said_bare", "said_road", "said_stockpile", "said_built")
"""What a detector says of ground without its plants; measured where it names covers."""

FULL_BARENESS = 10.0
"""Standing ground this far beyond the limit is as bare as ground can be."""


def judged(  # noqa: PLR0913 - what was measured, and by what it is judged
    found: Sequence[tuple[Piece, Polygon]],
    measured: Tally,
    *,
    flown: MultiPolygon,
    pixel_m: float,
    limits: CoverLimits,
    settings: DetectionSettings,
    rise: RiseInward | None = None,
    step: StepUp | None = None,
) -> tuple[tuple[Disturbance, ...], dict[str, MultiPolygon]]:
    """
    Turn measured pieces into disturbances; give also what was left out, by reason.

    Parameters
    ----------
    found, measured
        The pieces, and what was measured on each, in one order.
    flown
        All ground seen on the second date.
    pixel_m
        Side of a pixel of the analysis grid.
    limits
        What parts the kinds of ground in this inspection.
    rise
        Gives how steeply the later surface rises inward from an outline.
    step
        Gives how much higher it lies within an outline than beyond.
    """
    disturbances: list[Disturbance] = []
    left_out: dict[str, list[Polygon]] = {}
    told = [measured.means(number) for number in range(1, len(found) + 1)]
    # Standing ground is judged as what it is called; what is new as what its pixels became, so
    # that a name alone makes no new ground a shore.
    found = [
        (piece if piece in NEW else renamed(piece, means), outline)
        for (piece, outline), means in zip(found, told, strict=True)
    ]
    found, told = reconsidered(found, told, limits=limits, pixel_m=pixel_m)
    shores = borders(found, flown=flown, where=waters(found))
    areas = [outline.area for _, outline in found]
    slope_of_whole = None if rise is None else _slope_of_whole(found, rise, pixel_m=pixel_m)
    fall = fall_of_cleared([piece for piece, _ in found], told, areas)
    for position, (piece, outline) in enumerate(found):
        means = told[position]
        if fall is not None and "height_change_m" in means:
            means["height_against_cleared_m"] = means["height_change_m"] - fall
        measures = form(outline, pixel_m=pixel_m, widest_m=settings.road_width_m[1])
        changed = piece in NEW or piece == Piece.RECOVERED
        if changed and means["beyond_0"] < settings.seed_share and DIFFERING not in means:
            continue
        border = shores.get(position)
        reason = natural_reason(piece, measures, border, means, settings=settings)
        if reason is not None:
            left_out.setdefault(reason, []).append(outline)
            continue
        above = means["bareness_after"] - limits.bareness
        stands = _stands(piece, means, above=above)
        if not changed and stands < LEAST_STANDING and SAID in means:
            left_out.setdefault("plants", []).append(outline)
            continue
        named = renamed(piece, means)
        if rise and slope_of_whole and may_be_heap(named, measures, settings):
            slope = rise(outline)
            is_part = not is_compact(measures) and named != Piece.NEW_WATER
            if is_part and not (slope and is_heap_by_itself(slope, means)):
                slope = slope_of_whole(position)
            means |= {} if slope is None else {SLOPE: slope}
            up = step(outline) if step else None
            means |= {} if up is None else {STEP: up}
        disturbances.append(
            Disturbance(
                shape=outline,
                ground_class=ground_class(named, measures, means, settings=settings),
                epoch=epoch(piece),
                strength=means["change_score"] if changed else stands,
                sturdy=_is_sturdy(means) if changed else above >= FIRM_BARENESS,
                evidence=_evidence(means, asdict(measures), limits.bareness),
            )
        )
    return tuple(disturbances), {
        reason: MultiPolygon(parts) for reason, parts in sorted(left_out.items())
    }


def _slope_of_whole(
    found: Sequence[tuple[Piece, Polygon]], rise: RiseInward, *, pixel_m: float
) -> Callable[[int], float | None]:
    """Give, by a new piece's position, how steeply all that it lies together with stands up."""
    new = [position for position, (piece, _) in enumerate(found) if piece in NEW]
    whole_of = dict(zip(new, wholes([found[i][1] for i in new]), strict=True))

    @cache
    def of(whole: Polygon) -> float | None:
        return rise(whole) if is_compact(form(whole, pixel_m=pixel_m, widest_m=pixel_m)) else None

    return lambda position: of(whole_of[position])


def _stands(piece: Piece, means: Mapping[str, float], *, above: float) -> float:
    """How surely a piece stands disturbed, 0-1: by how bare it is, and what a detector says."""
    bare = float(np.clip(above / FULL_BARENESS, 0, 1))
    if SAID not in means:
        return bare
    if piece == Piece.STANDING_WATER:
        return means["said_water"]
    return (bare + sum(means[name] for name in GROUND)) / 2


def _is_sturdy(means: Mapping[str, float]) -> bool:
    """Whether most of a piece passes each of the three thresholds."""
    return all(means[f"beyond_{i}"] >= MOST for i in (1, 2, 3))


def _evidence(
    means: Mapping[str, float], measures: Mapping[str, float], limit: float
) -> dict[str, float]:
    told = {name: value for name, value in means.items() if not name.startswith("beyond_")}
    seeds = {"beyond_threshold_share": means["beyond_0"]}
    return {**told, **seeds, **measures, "bareness_limit": limit}
