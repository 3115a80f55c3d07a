"""Why a finding is believed, and why it may be false: in words, from what was measured."""

import math
from collections.abc import Iterator, Mapping

from geo.disturbance import Disturbance, Epoch, GroundClass
from inspection.circumstances import Circumstances
from inspection.language import Said
from inspection.wording.catalogue import Wording

CLOUD_LIGHTNESS = 70.0
CLOUD_CHROMA = 3.0
"""CIE L* above and a* within which bright ground without colour may as well be cloud."""

SMOOTH = 2.3
"""Roughness in CIE L* below which open ground may as well be turbid water."""

HEIGHT_WORTH_SAYING_M = 0.5
SMALL_IN_MINIMA = 3.0
"""Findings below this many times the least area are small enough to say so."""

SCORE_OF_CHANGE = 0.5
"""Score from which ground counts as changed, of scores from 0 to 1."""

FULL_SCORE = 0.99
"""Beyond it a score no longer tells how far ground differs."""

MOST_SAID = 0.5
"""Mean probability from which a detector takes a finding for one cover."""

SOIL = frozenset({"bare", "road", "stockpile"})
COVERS_OF = {
    GroundClass.VEGETATION_CLEARING: SOIL,
    GroundClass.BARE_GROUND: SOIL,
    GroundClass.EXCAVATION: SOIL | {"water"},
    GroundClass.STOCKPILE: SOIL,
    GroundClass.WATER: frozenset({"water"}),
    GroundClass.ROAD: SOIL | {"built"},
    GroundClass.BUILT: frozenset({"built", "road"}),
}
"""What a detector may take the ground of a class for and agree with it."""

KNOWN_COVERS = ("bare", "road", "stockpile", "built", "water", "vegetation", "shadow")
"""Covers that there are words for."""


def reasons(disturbance: Disturbance, wording: Wording) -> list[Said]:
    """What speaks for a finding, strongest first."""
    measured, epoch = disturbance.evidence, disturbance.epoch
    said = [wording.said(f"reasons.{epoch}.{disturbance.ground_class}")]
    if epoch is not Epoch.STANDING:
        said += _scored(measured, wording)
    cover, share = _said_most(measured)
    if cover in _covers(disturbance) and share >= MOST_SAID:
        said.append(wording.said(f"reasons.said_{cover}", share=share))
    height = measured.get("height_change_m")
    if height is not None and abs(height) >= HEIGHT_WORTH_SAYING_M:
        key = "reasons.higher" if height > 0 else "reasons.lower"
        said.append(wording.said(key, height=abs(height)))
    if disturbance.sturdy:
        said.append(wording.said("reasons.sturdy"))
    return said


def _scored(measured: Mapping[str, float], wording: Wording) -> Iterator[Said]:
    """Tell what a detector says of change, and what colour and structure say by themselves."""
    score, differing = measured.get("change_score"), measured.get("differing_score")
    if differing is not None and score is not None and score >= SCORE_OF_CHANGE:
        yield wording.said("reasons.scored", score=100 * score, least=100 * SCORE_OF_CHANGE)
    colour = score if differing is None else differing
    if colour is not None and colour >= SCORE_OF_CHANGE:
        # The score is 1 - 2^-x of a difference of x times what counts as change.
        times = -math.log2(1 - min(colour, FULL_SCORE))
        yield wording.said("reasons.distance", times=round(times, 1))


def _covers(disturbance: Disturbance) -> frozenset[str]:
    if disturbance.epoch is Epoch.RECOVERED:
        return frozenset({"vegetation"})
    return COVERS_OF.get(disturbance.ground_class, frozenset(KNOWN_COVERS))


def _said_most(
    measured: Mapping[str, float], *, but: frozenset[str] = frozenset()
) -> tuple[str, float]:
    """Cover that a detector takes a finding for, and how much of it; no name where it says none."""
    said = {one: measured.get(f"said_{one}", 0.0) for one in KNOWN_COVERS if one not in but}
    cover = max(said, key=lambda one: said[one])
    return (cover, said[cover]) if said[cover] > 0 else ("", 0.0)


def doubts(
    disturbance: Disturbance,
    near: Mapping[str, float],
    circumstances: Circumstances,
    wording: Wording,
) -> list[Said]:
    """What speaks against a finding or could make it look like one; `near` lies around it."""
    measured, compared = disturbance.evidence, disturbance.epoch is not Epoch.STANDING
    small = disturbance.shape.area < SMALL_IN_MINIMA * circumstances.smallest_m2
    water = disturbance.ground_class is GroundClass.WATER
    recovered = disturbance.epoch is Epoch.RECOVERED
    at_water = near.get("water_distance_m", math.inf) <= circumstances.rules.water_m
    applies = {
        "fragile": not disturbance.sturdy,
        "registration": compared and circumstances.registration_verified is False,
        "alike": compared and measured.get("differing_score", 1.0) < SCORE_OF_CHANGE,
        "cloud": compared
        and measured.get("lightness_after", 0.0) >= CLOUD_LIGHTNESS
        and abs(measured.get("green_red_after", CLOUD_CHROMA)) < CLOUD_CHROMA,
        "water": water,
        "turbid": (not compared or (at_water and not (water or recovered)))
        and measured.get("roughness_after", SMOOTH) < SMOOTH,
        "small": small,
        "single_date": circumstances.registration_verified is None,
        "natural": not compared and disturbance.ground_class is GroundClass.BARE_GROUND,
    }
    plain = [wording.said(f"doubts.{name}") for name, holds in applies.items() if holds]
    counted = (
        *_of_place(disturbance, near, circumstances),
        *_of_covers(disturbance, circumstances),
        *_of_light(disturbance, circumstances),
        *_of_season(circumstances, compared=compared),
    )
    return [*plain, *(wording.said(f"doubts.{name}", **facts) for name, facts in counted)]


type Counted = Iterator[tuple[str, Mapping[str, object]]]
"""Doubts that have numbers, by name."""


def _of_place(
    disturbance: Disturbance, near: Mapping[str, float], circumstances: Circumstances
) -> Counted:
    """Doubt what lies at an edge, at water, or is narrow against what is left between flights."""
    rules = circumstances.rules
    edge, shore = near.get("edge_distance_m"), near.get("water_distance_m")
    if edge is not None and edge <= rules.edge_m:
        yield ("edge_near", {"distance": edge}) if edge > 0 else ("edge", {})
    if shore is not None and shore <= rules.water_m:
        yield ("water_near", {"distance": shore}) if shore > 0 else ("water_beside", {})
    width = disturbance.evidence.get("width_m", math.inf)
    if disturbance.epoch is not Epoch.STANDING:
        there, on_the_whole = near.get("residual_near_m"), circumstances.residual_m
        if there is not None and width < rules.narrow * there:
            facts = {"width": width, "residual": there, "ties": int(near["ties_near"])}
            yield "narrow_there", facts
        elif there is None and on_the_whole is not None and width < rules.narrow * on_the_whole:
            yield "narrow", {"width": width, "residual": on_the_whole}


def _of_covers(disturbance: Disturbance, circumstances: Circumstances) -> Counted:
    """Doubt what a detector takes for something else."""
    cover, share = _said_most(disturbance.evidence, but=_covers(disturbance))
    if cover and share >= circumstances.rules.said_share:
        yield f"said_{cover}", {"share": share}


def _of_light(disturbance: Disturbance, circumstances: Circumstances) -> Counted:
    """Doubt what shadows may have made, where there were any or the sun stood low."""
    rules, compared = circumstances.rules, disturbance.epoch is not Epoch.STANDING
    share = disturbance.evidence.get("shadow_share", 0.0)
    if share >= rules.shadow_share:
        yield "shadow_part", {"share": share}
    lowest, moved = circumstances.lowest(compared=compared), circumstances.shadow_shift
    is_low = lowest is not None and lowest.sun.elevation_deg < rules.low_sun_deg
    earlier, later = circumstances.sunlit
    if (
        (compared and earlier and later)
        and moved is not None
        and moved >= rules.shadow_moved
        and (is_low or share >= rules.shadow_share)
    ):
        yield (
            "sun_turned",
            {
                "azimuth_then": earlier.sun.azimuth_deg,
                "elevation_then": earlier.sun.elevation_deg,
                "azimuth_now": later.sun.azimuth_deg,
                "elevation_now": later.sun.elevation_deg,
                "moved": round(moved, 1),
            },
        )
    elif is_low and lowest is not None:
        yield "sun_low", {"elevation": lowest.sun.elevation_deg, "day": lowest.day}


def _of_season(circumstances: Circumstances, *, compared: bool) -> Counted:
    """Doubt what plants do in the course of a year."""
    apart, (earlier, later) = circumstances.season_days, circumstances.days
    if compared and apart is not None and apart > circumstances.rules.season_days:
        yield "season_gap", {"days": apart, "earlier": earlier, "later": later}
