"""Why a finding is believed, and why it may be false: in words, from what was measured."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from geo.disturbance import Disturbance, Epoch, GroundClass
from inspection.flight_log.claims import captured_at
from inspection.language import Said
from inspection.observation import Observation
from inspection.survey import RegistrationNote
from inspection.wording.catalogue import Wording

SHADOW_WORTH_SAYING = 0.1
EDGE_WORTH_SAYING = 0.05
CLOUD_LIGHTNESS = 70.0
CLOUD_CHROMA = 3.0
"""CIE L* above and a* within which bright ground without colour may as well be cloud."""

SMOOTH = 2.3
"""Roughness in CIE L* below which open ground may as well be turbid water."""

HEIGHT_WORTH_SAYING_M = 0.5
SMALL_IN_MINIMA = 3.0
"""Findings below this many times the least area are small enough to say so."""

SEASON_DAYS = (45, 320)
"""Dates this many days apart within the year stand in different seasons."""

YEAR_DAYS = 365.25


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What holds for every finding of an inspection."""

    registration_verified: bool | None
    """None where nothing was compared."""

    seasons_differ: bool
    smallest_m2: float

    @classmethod
    def of(cls, seen: Observation, registration: RegistrationNote, *, smallest_m2: float) -> Self:
        """Circumstances of an inspection."""
        baseline = seen.case.baseline
        return cls(
            registration_verified=registration.verified,
            seasons_differ=_seasons_differ(
                captured_at(baseline.claims) if baseline else None,
                captured_at(seen.case.current.claims),
            ),
            smallest_m2=smallest_m2,
        )


def _seasons_differ(earlier: str | None, later: str | None) -> bool:
    if earlier is None or later is None:
        return False
    # One of them may name its zone and the other not; hours do not make a season.
    days = abs(date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days % YEAR_DAYS
    return SEASON_DAYS[0] < days < SEASON_DAYS[1]


def reasons(disturbance: Disturbance, wording: Wording) -> list[Said]:
    """What speaks for a finding, strongest first."""
    measured, epoch = disturbance.evidence, disturbance.epoch
    said = [wording.said(f"reasons.{epoch}.{disturbance.ground_class}")]
    if epoch is not Epoch.STANDING and "change_distance" in measured:
        said.append(wording.said("reasons.distance", times=measured["change_distance"]))
    height = measured.get("height_change_m")
    if height is not None and abs(height) >= HEIGHT_WORTH_SAYING_M:
        key = "reasons.higher" if height > 0 else "reasons.lower"
        said.append(wording.said(key, height=abs(height)))
    if disturbance.sturdy:
        said.append(wording.said("reasons.sturdy"))
    return said


def doubts(disturbance: Disturbance, circumstances: Circumstances, wording: Wording) -> list[Said]:
    """What speaks against a finding, or could make it look like one."""
    measured, compared = disturbance.evidence, disturbance.epoch is not Epoch.STANDING
    small = disturbance.shape.area < SMALL_IN_MINIMA * circumstances.smallest_m2
    applies = {
        "fragile": not disturbance.sturdy,
        "shadow": measured.get("shadow_share", 0.0) >= SHADOW_WORTH_SAYING,
        "edge": measured.get("edge_share", 0.0) >= EDGE_WORTH_SAYING,
        "cloud": compared
        and measured.get("lightness_after", 0.0) >= CLOUD_LIGHTNESS
        and abs(measured.get("green_red_after", CLOUD_CHROMA)) < CLOUD_CHROMA,
        "season": compared and circumstances.seasons_differ,
        "registration": compared and circumstances.registration_verified is False,
        "water": disturbance.ground_class is GroundClass.WATER
        or (not compared and measured.get("roughness_after", SMOOTH) < SMOOTH),
        "small": small,
        "single_date": circumstances.registration_verified is None,
        "natural": not compared and disturbance.ground_class is GroundClass.BARE_GROUND,
    }
    return [wording.said(f"doubts.{name}") for name, holds in applies.items() if holds]
