"""Sunlight: where the sun stood on a flight, by the claimed time of capture and the place."""

from collections.abc import Mapping
from datetime import datetime

from geo.sun import SunPosition, sun_position
from inspection.flight_log.claims import Claim, captured_at, has_zone


def sun_over(
    claims: Mapping[str, Claim], *, longitude: float, latitude: float
) -> SunPosition | None:
    """Where the sun stood as a flight began; None where no time is claimed, or one without zone."""
    claimed = captured_at(claims)
    if claimed is None or not has_zone(claimed):
        return None
    start = datetime.fromisoformat(claimed)
    return sun_position(start, longitude=longitude, latitude=latitude)
