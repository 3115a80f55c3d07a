"""Circumstances: what holds for every finding of an inspection, and may make one look like it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from geo.sun import SunPosition, shadow_shift
from inspection.flight_log.claims import captured_at
from inspection.flight_log.sunlight import sun_over
from inspection.observation import Observation
from inspection.profiles.doubt_rules import DoubtRules
from inspection.survey import RegistrationNote

YEAR_DAYS = 365.25


@dataclass(frozen=True, kw_only=True)
class Sunlit:
    """The day of a flight, and where the sun stood on it."""

    day: date
    sun: SunPosition


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What holds for every finding of an inspection."""

    rules: DoubtRules
    registration_verified: bool | None
    """None where nothing was compared."""

    residual_m: float | None
    """What registration left between the flights on the whole; None where nothing was compared."""

    days: tuple[date | None, date | None]
    """Of the earlier flight and of the current one, as claimed."""

    sunlit: tuple[Sunlit | None, Sunlit | None]
    """In the same order; None where time and zone are not claimed."""

    smallest_m2: float

    @classmethod
    def of(
        cls,
        seen: Observation,
        registration: RegistrationNote,
        rules: DoubtRules,
        *,
        smallest_m2: float,
    ) -> Self:
        """Circumstances of an inspection."""
        longitude, latitude = seen.case.boundary.place()
        days: list[date | None] = []
        sunlit: list[Sunlit | None] = []
        for flight in (seen.case.baseline, seen.case.current):
            claims = flight.claims if flight else {}
            claimed = captured_at(claims)
            # One may name its zone and the other not; hours do not make a season.
            day = date.fromisoformat(claimed[:10]) if claimed else None
            sun = sun_over(claims, longitude=longitude, latitude=latitude)
            days.append(day)
            sunlit.append(Sunlit(day=day, sun=sun) if day and sun else None)
        return cls(
            rules=rules,
            registration_verified=registration.verified,
            residual_m=registration.residual_m,
            days=(days[0], days[1]),
            sunlit=(sunlit[0], sunlit[1]),
            smallest_m2=smallest_m2,
        )

    @property
    def season_days(self) -> float | None:
        """Days of the year between the flights, half a year at most; None where one is unknown."""
        earlier, later = self.days
        if earlier is None or later is None:
            return None
        apart = abs((later - earlier).days) % YEAR_DAYS
        return min(apart, YEAR_DAYS - apart)

    @property
    def shadow_shift(self) -> float | None:
        """How far apart the shadows of one thing fell, in its heights; None where not known."""
        earlier, later = self.sunlit
        return shadow_shift(earlier.sun, later.sun) if earlier and later else None

    def lowest(self, *, compared: bool) -> Sunlit | None:
        """Tell the flight on which the sun stood lowest, of those that show a finding."""
        known = [one for one in (self.sunlit if compared else self.sunlit[1:]) if one]
        # Below the horizon it lit nothing: there the claimed time is in doubt, not the finding.
        risen = [one for one in known if one.sun.elevation_deg > 0]
        return min(risen, key=lambda one: one.sun.elevation_deg, default=None)
