"""Up to where things are in order: from the profile where it says so, else protective numbers."""

from dataclasses import dataclass
from typing import Final

from inspection.profiles.profile import Profile
from inspection.profiles.requirements import DatumRules

LEAST_SEEN: Final = 0.1
"""An image that shows less ground than this of its own extent was mostly exported empty."""

PHOTO_SPREAD_KM: Final = 50.0
"""Photos further than this from the middle of all others are of another place or mistaken."""

NEAR_PERMIT_KM: Final = 5.0
"""A drone that stays in sight of its pilot is never as far from the permit."""

LEVEL_PITCH_DEG: Final = -45.0
"""A camera that looks higher than this shows the horizon or the side of things."""

LEAST_RECONSTRUCTED: Final = 0.95
"""Share of the photos that processing should have used."""


@dataclass(frozen=True, kw_only=True)
class CheckLimits:
    """What the profile says of flights and places."""

    ring_m: float
    least_observed_share: float
    gsd_min_m: float | None
    gsd_max_m: float | None
    most_above_ground_m: float | None
    jurisdiction: tuple[float, float, float, float] | None
    """West, south, east, north in degrees."""

    datum: DatumRules


def check_limits(profile: Profile) -> CheckLimits:
    """Take from a profile what a check asks of it."""
    return CheckLimits(
        ring_m=profile.clip.ring_m,
        least_observed_share=profile.coverage.least_observed_share,
        gsd_min_m=profile.flight.gsd_min_m,
        gsd_max_m=profile.flight.gsd_max_m,
        most_above_ground_m=profile.flight.max_agl_m,
        jurisdiction=profile.place.jurisdiction,
        datum=profile.datum,
    )
