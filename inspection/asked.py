"""What a profile asks of a flight and a place, held against what came: warnings, never more."""

from collections.abc import Iterator

from inspection.boundary_place import outside_region
from inspection.model import Case, Flight
from inspection.profiles.profile import Profile
from inspection.provenance import Warn
from inspection.wording.catalogue import Wording


def rule_warnings(
    case: Case, current: Flight, profile: Profile, wording: Wording
) -> Iterator[Warn]:
    """Warn of a picture coarser or finer than asked for, and of a boundary out of the region."""
    for flight in (current, case.baseline):
        if flight is not None:
            yield from _of_flight(flight, profile, wording)
    if outside := outside_region(case.boundary, profile.place.jurisdiction):
        yield _warn(wording, "boundary_outside_jurisdiction", **outside.facts)


def _of_flight(flight: Flight, profile: Profile, wording: Wording) -> Iterator[Warn]:
    picture, asked = flight.orthophoto, profile.flight
    # To the millimetre, as it is told: what is told as equal is equal.
    gsd_m = round(picture.gsd_m, 3)
    facts = {"name": picture.source.name, "value": picture.gsd_m}
    if asked.gsd_max_m is not None and gsd_m > asked.gsd_max_m:
        yield _warn(wording, "gsd_coarser_than_asked", **facts, limit=asked.gsd_max_m)
    if asked.gsd_min_m is not None and gsd_m < asked.gsd_min_m:
        yield _warn(wording, "gsd_finer_than_asked", **facts, limit=asked.gsd_min_m)


def _warn(wording: Wording, code: str, **facts: object) -> Warn:
    said = wording.said(f"warnings.{code}", **facts)
    return Warn(code=code, message=wording.sentence(said), facts=said.facts)
