"""Flights taken in, both at the same time: each its picture, its surface, what its log says."""

from concurrent.futures import Future
from pathlib import Path

from pyproj import CRS

from geo.abreast import abreast
from geo.boundary import Boundary
from geo.errors import naming
from geo.intake.leash import Leash
from inspection.flight_log.claims import claims_of
from inspection.flight_log.reading import read_flight_log
from inspection.model import Flight, Orthophoto
from inspection.pictures import Anchor, Brought, Reach, heights_of, optional_source, orthophoto
from inspection.ports import Advance
from inspection.profiles.profile import Profile
from inspection.request import Request
from inspection.shares import DONE, Shares


def flights_of(
    request: Request,
    boundary: Boundary,
    *,
    anchor: Anchor,
    profile: Profile,
    desk: Path,
    advance: Advance,
) -> tuple[Flight, Flight | None]:
    """
    Take both flights in at the same time, where there are processors for it.

    What is wrong with the current one is told first, whichever is done sooner; the other is
    given up then.
    """
    brought = _brought(request)
    leash, shares = Leash(), Shares(len(brought), advance)
    # The site is in the system of the reference, else of the current picture.
    system = Future[CRS]()
    if anchor.plane is not None:
        system.set_result(anchor.plane)

    def decided() -> CRS:
        with leash.aside():
            return system.result()

    def picture_of(flight: Brought, advance: Advance) -> Orthophoto:
        is_current = flight.role == "current"
        decides = is_current and anchor.plane is None
        reach = Reach(
            ring_m=profile.clip.ring_m,
            analysed_m=profile.analysis.gsd_m,
            near=None if decides else decided,
            found=system.set_result if decides else None,
        )
        try:
            with naming(flight.path):
                return orthophoto(
                    flight,
                    boundary,
                    anchor=anchor if is_current else Anchor(),
                    reach=reach,
                    desk=desk,
                    advance=advance,
                )
        finally:
            if decides:
                system.cancel()  # should it never be found, nobody shall wait for it

    def taken(number: int) -> Flight:
        part = shares.of(number)
        picture = picture_of(brought[number], part)
        whole = _flight(picture, brought[number], desk=desk)
        part(DONE)
        return whole

    work = leash.holding(taken)
    current, *earlier = abreast(work, range(len(brought)), leave=leash.pull)
    return current, earlier[0] if earlier else None


def _brought(request: Request) -> list[Brought]:
    flights = [
        Brought(
            "current",
            request.current,
            request.current_place,
            request.current_dsm,
            request.current_dsm_heights,
            request.flight_log,
        )
    ]
    if request.baseline is not None:
        flights.append(
            Brought(
                "baseline",
                request.baseline,
                request.baseline_place,
                request.baseline_dsm,
                request.baseline_dsm_heights,
                request.baseline_flight_log,
            )
        )
    return flights


def _flight(picture: Orthophoto, brought: Brought, *, desk: Path) -> Flight:
    log, dsm = brought.log, brought.dsm
    role = "flight_log" if picture.source.role == "current" else "baseline_flight_log"
    stated, heights = None, None
    if log is not None:
        with naming(log):
            stated = read_flight_log(log)
    if dsm is not None:
        heights = heights_of(
            f"{brought.role}_dsm",
            dsm,
            option=brought.dsm_heights,
            log=stated.surface.heights if stated else None,
            desk=desk,
        )
    return Flight(
        orthophoto=picture,
        heights=heights,
        claims=claims_of(stated, picture.tags),
        log_source=optional_source(role, log),
    )
