"""What is known of each input, as the document states it."""

import math
from collections.abc import Sequence
from pathlib import Path

from pyproj import CRS

from geo.intake.digest import sha256_of
from inspection.accuracy import accuracy_notes
from inspection.degrees import rings
from inspection.fit_notes import residual_notes, transformation_note
from inspection.flight_log.claims import START, captured_at
from inspection.model import Case, Flight, RegistrationStatus
from inspection.observation import Observation
from inspection.profiles.certainty import Sure
from inspection.profiles.profile import Profile
from inspection.provenance import (
    AssumedNote,
    BoundaryNote,
    ClaimNote,
    FlightNote,
    Flights,
    HeightsNote,
    NumberNote,
    ParentNote,
    PictureNote,
    ProfileNote,
    SourceNote,
)
from inspection.survey import Position, RegistrationNote, SurfacesNote, SystemNote

HECTARE_M2 = 1e4
HA_DIGITS = 6
METRE_DIGITS = 4
VERSION_DIGITS = 12

NOBODY = "not stated"
"""In the document, which has no language, for who was not named."""


def boundary_note(case: Case) -> BoundaryNote:
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
        warnings=[],
    )


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
        ],
        left_out=[
            NumberNote(name=one.name, sure=Sure.UNVERIFIED, source=one.source)
            for one in profile.left_out
        ],
    )


def flights_note(case: Case) -> Flights:
    """The flights as they came, before anything was done to them."""
    return Flights(
        current=_flight(case.current), baseline=_flight(case.baseline) if case.baseline else None
    )


def _flight(flight: Flight) -> FlightNote:
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
        )
        if heights
        else None,
    )


def position_note(seen: Observation, profile: Profile) -> Position:
    """How well places are known: independent errors, combined by their root sum of squares."""
    placement, found = seen.placement, seen.registered.found
    terms = {
        "placement": placement.uncertainty_m,
        "boundary": profile.position.boundary_m,
        "pixel": seen.grid.pixel_size / 2,
    }
    if seen.registered.status is RegistrationStatus.REGISTERED and found is not None:
        terms["registration"] = found.residual_m
    change = placement.points_change
    if change is not None and change.applied and change.accuracy_m is not None:
        terms["points_system"] = change.accuracy_m
    checked, source = placement.accuracy, seen.case.control_points_source
    marks = seen.case.control_point_marks_source
    classed = accuracy_notes(
        profile,
        rmse_m=checked.rmse_m if checked else None,
        check_points=checked.points if checked else 0,
    )
    return Position(
        system=_system(placement.site.crs),
        rule=classed[0].rule if classed else None,
        accuracy_class=classed[0].accuracy_class if classed else None,
        accuracy=classed,
        method=placement.method,
        verified=checked is not None,
        transformation=transformation_note(placement),
        rmse_m=round(checked.rmse_m, METRE_DIGITS) if checked else None,
        rmse_east_m=round(checked.rmse_east_m, METRE_DIGITS) if checked else None,
        rmse_north_m=round(checked.rmse_north_m, METRE_DIGITS) if checked else None,
        ce90_m=round(checked.ce90_m, METRE_DIGITS) if checked else None,
        largest_m=round(checked.largest_m, METRE_DIGITS) if checked else None,
        check_points=checked.points if checked else 0,
        control_points=sum(r.role == "control" for r in placement.residuals),
        uncertainty_m=round(math.hypot(*terms.values()), METRE_DIGITS),
        terms_m={name: round(term, METRE_DIGITS) for name, term in terms.items()},
        control_points_sha256=source.sha256 if source else None,
        control_point_marks_sha256=marks.sha256 if marks else None,
        residuals=residual_notes(placement),
    )


def _system(crs: CRS) -> SystemNote:
    return SystemNote(
        crs=crs.to_string(),
        name=crs.name,
        datum=crs.datum.name if crs.datum else "",
        ellipsoid=crs.ellipsoid.name if crs.ellipsoid else "",
    )


def registration_note(seen: Observation, profile: Profile) -> RegistrationNote:
    """How the two dates came together; verified when two independent estimates agree."""
    status, found = seen.registered.status, seen.registered.found
    if found is None:
        failure = seen.registered.failure
        return RegistrationNote(
            status=status,
            verified=None,
            shift_m=None,
            residual_m=None,
            agreement_m=None,
            tie_points=failure.agreeing if failure else 0,
            tie_share=None,
            reason=str(failure.reason) if failure else None,
            affine=None,
        )
    agreement = found.agreement_m
    limit_m = profile.registration.agreement_px * seen.grid.pixel_size
    return RegistrationNote(
        status=status,
        verified=agreement is not None and agreement <= limit_m,
        shift_m=(round(found.shift_m[0], METRE_DIGITS), round(found.shift_m[1], METRE_DIGITS)),
        residual_m=round(found.residual_m, METRE_DIGITS),
        agreement_m=None if agreement is None else round(agreement, METRE_DIGITS),
        tie_points=found.tie_points,
        tie_share=round(found.tie_share, METRE_DIGITS),
        reason="residual" if status is RegistrationStatus.NOT_COMPARABLE else None,
        affine=[round(value, 9) for value in found.moved[:6]],
    )


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


def surfaces_note(seen: Observation) -> SurfacesNote | None:
    """How the two surfaces were laid level; None where they were not compared."""
    if seen.heights is None:
        return None
    level = seen.heights.alignment
    return SurfacesNote(
        offset_m=round(level.offset_m, METRE_DIGITS),
        nmad_m=round(level.nmad_m, METRE_DIGITS),
        detection_limit_m=round(level.detection_limit_m, METRE_DIGITS),
        stable_cells=level.stable_cells,
    )
