"""What is known of each input, as the document states it."""

from collections.abc import Sequence
from pathlib import Path

from geo.boundary import Boundary
from geo.detector import Identity
from geo.height_system import level_name
from geo.intake.digest import sha256_of
from geo.intake.xmp import printing
from inspection.boundary_doubts import boundary_doubts
from inspection.degrees import rings
from inspection.flight_log.claims import START, captured_at
from inspection.flight_log.sunlight import sun_over
from inspection.model import Case, Flight
from inspection.problem import Problem
from inspection.profiles.certainty import Sure
from inspection.profiles.profile import Profile
from inspection.provenance import (
    AssumedNote,
    BoundaryNote,
    ClaimNote,
    DetectorNote,
    FlightNote,
    Flights,
    HeightsNote,
    NumberNote,
    ParentNote,
    PictureNote,
    ProfileNote,
    SourceNote,
    SunNote,
    Warn,
)
from inspection.wording.catalogue import Wording

HECTARE_M2 = 1e4
HA_DIGITS = 6
METRE_DIGITS = 4
VERSION_DIGITS = 12

SUN_DIGITS = 2
"""Of the degrees of the sun, as finely as they are known."""

NOBODY = "not stated"
"""In the document, which has no language, for who was not named."""


def boundary_note(case: Case, profile: Profile, wording: Wording) -> BoundaryNote:
    """Outline inspected; its version is its own hash until a record gives it a better name."""
    boundary, source = case.boundary, case.boundary_source
    return BoundaryNote(
        declared_area_ha=case.permit.declared_area_ha if case.permit else None,
        area_ha=round(boundary.area_m2 / HECTARE_M2, HA_DIGITS),
        perimeter_m=round(boundary.perimeter_m, METRE_DIGITS),
        crs=boundary.crs.to_string(),
        sha256=source.sha256,
        size=source.size,
        name=source.name,
        version=source.sha256[:VERSION_DIGITS],
        vertices=rings(boundary.shape, boundary.crs),
        crs_from=str(boundary.crs_from),
        label=boundary.label,
        warnings=[_warned(one, wording) for one in boundary_doubts(boundary, profile)],
    )


def _warned(problem: Problem, wording: Wording) -> Warn:
    said = wording.said(f"warnings.{problem.code}", **problem.said)
    return Warn(code=problem.code, message=wording.sentence(said), facts=said.facts)


def profile_note(profile: Profile) -> ProfileNote:
    """Which rules decide, and what stands behind each of their numbers."""
    return ProfileNote(
        name=profile.name,
        title=profile.title or profile.name,
        version=profile.version,
        authority=profile.authority,
        source=profile.source,
        sha256=profile.origin.sha256,
        extends=[ParentNote(name=one.name, sha256=one.sha256) for one in profile.parents],
        numbers=[
            NumberNote(name=name, sure=one.sure, source=one.source)
            for name, one in sorted(profile.certainty.items())
            if name.partition(".")[0] != "calendar"  # when the office works decides no inspection
        ],
        left_out=[
            NumberNote(name=one.name, sure=Sure.UNVERIFIED, source=one.source)
            for one in profile.left_out
        ],
    )


def flights_note(case: Case, current: Flight) -> Flights:
    """The flights as they came; a picture that said nothing of its place is told as placed."""
    as_came = case.current if case.current.orthophoto.is_placed else current
    return Flights(
        current=_flight(as_came, case),
        baseline=_flight(case.baseline, case) if case.baseline else None,
    )


def _flight(flight: Flight, case: Case) -> FlightNote:
    picture, heights = flight.orthophoto, flight.heights
    start = flight.claims.get(START)
    return FlightNote(
        name=picture.source.name,
        captured_at=captured_at(flight.claims),
        captured_at_source=start.source.value if start else None,
        captured_at_file=picture.captured_at,
        log={
            name: ClaimNote(value=claim.value, source=claim.source.value, file_says=claim.file_says)
            for name, claim in flight.claims.items()
        },
        log_sha256=flight.log_source.sha256 if flight.log_source else None,
        gsd_m=round(picture.gsd_m, METRE_DIGITS),
        crs=picture.grid.crs.to_string(),
        crs_assumed=AssumedNote(
            crs=picture.assumption.crs,
            stated=picture.assumption.stated,
            by=picture.assumption.by or NOBODY,
        )
        if picture.assumption
        else None,
        sha256=picture.source.sha256,
        size=picture.source.size,
        rows=picture.delivered_rows,
        columns=picture.delivered_columns,
        software=picture.software,
        heights=HeightsNote(
            name=heights.source.name,
            sha256=heights.source.sha256,
            size=heights.source.size,
            gsd_m=round(heights.grid.pixel_size, METRE_DIGITS),
            crs=heights.grid.crs.to_string(),
            unit_m=heights.system.metres_up,
            counted_from=printing(level_name(heights.system.datum))
            if heights.system.datum
            else None,
            heights_by=heights.stated_by,
        )
        if heights
        else None,
        sun=_sun(flight, case.boundary),
    )


def _sun(flight: Flight, boundary: Boundary) -> SunNote | None:
    """Where it stood over the middle of the permit."""
    longitude, latitude = boundary.place()
    sun = sun_over(flight.claims, longitude=longitude, latitude=latitude)
    if sun is None:
        return None
    return SunNote(
        azimuth_deg=round(sun.azimuth_deg, SUN_DIGITS),
        elevation_deg=round(sun.elevation_deg, SUN_DIGITS),
    )


def detector_note(detector: Identity | None) -> DetectorNote | None:
    """What scored change."""
    if detector is None:
        return None
    return DetectorNote(name=detector.name, version=detector.version, sha256=detector.sha256)


def pictures_note(pictures: Sequence[Path]) -> list[PictureNote]:
    """The pictures written so far, by hash."""
    return [
        PictureNote(path=path.name, sha256=sha256_of(path), size=path.stat().st_size)
        for path in pictures
    ]


def sources_note(case: Case, profile: Profile) -> list[SourceNote]:
    """Every file that went in, with the date that it claims."""
    flights = [flight.orthophoto for flight in (case.current, case.baseline) if flight]
    dates: dict[str, str | None] = {one.source.role: one.captured_at for one in flights}
    dates["profile"] = profile.version
    return [
        SourceNote(
            role=source.role,
            name=source.name,
            sha256=source.sha256,
            size=source.size,
            date=dates.get(source.role),
        )
        for source in (*case.sources, profile.origin, *profile.parents)
    ]
