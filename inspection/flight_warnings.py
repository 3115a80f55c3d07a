"""What a reader must know of the claims about the flights."""

from inspection.flight_log.doubts import flight_doubts
from inspection.observation import Observation
from inspection.profiles.profile import Profile
from inspection.provenance import Warn
from inspection.request import Request
from inspection.wording.catalogue import Wording


def flight_warnings(
    seen: Observation, request: Request, *, profile: Profile, wording: Wording
) -> list[Warn]:
    """Word what is doubtful about the flights, as of the time of the inspection."""
    warned = []
    for flight in (seen.placement.flight, seen.case.baseline):
        if flight is None:
            continue
        doubts = flight_doubts(
            flight.claims,
            flight=flight.orthophoto.source.name,
            now=request.created_at,
            is_current=flight is seen.placement.flight,
            grid=flight.orthophoto.grid,
            most_above_ground_m=profile.flight.max_agl_m,
        )
        for doubt in doubts:
            said = wording.said(f"warnings.{doubt.code}", **doubt.said)
            warned.append(Warn(code=doubt.code, message=wording.sentence(said), facts=said.facts))
    return warned
