"""How well places are known, as the document states it."""

import math

from pyproj import CRS

from inspection.accuracy import accuracy_notes
from inspection.datums import datum_note
from inspection.fit_notes import residual_notes, transformation_note
from inspection.model import RegistrationStatus
from inspection.notes import METRE_DIGITS
from inspection.observation import Observation
from inspection.placement import Placement
from inspection.profiles.profile import Profile
from inspection.survey import Position, ReferenceNote, RegistrationNote, SystemNote
from inspection.wording.catalogue import Wording


def position_note(seen: Observation, profile: Profile, wording: Wording) -> Position:
    """How well places are known: independent errors, combined by their root sum of squares."""
    placement, found = seen.placement, seen.registered.found
    terms = {
        **_placement_terms(placement),
        "boundary": profile.position.boundary_m,
        "pixel": seen.grid.pixel_size / 2,
    }
    if seen.registered.status is RegistrationStatus.REGISTERED and found is not None:
        terms["registration"] = seen.registered.uncertainty_m(_agreement_limit_m(seen, profile))
    change = placement.points_change
    if change is not None and change.applied and change.accuracy_m is not None:
        terms["points_system"] = change.accuracy_m
    datum = datum_note(seen.case, placement, profile, wording)
    if datum.uncertainty_m is not None:
        terms["datum"] = datum.uncertainty_m
    checked, source = placement.accuracy, seen.case.control_points_source
    marks = seen.case.control_point_marks_source
    classed = accuracy_notes(
        profile,
        rmse_m=checked.rmse_m if checked else None,
        check_points=checked.points if checked else 0,
    )
    return Position(
        datum=datum,
        reference=_reference(seen),
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


def _placement_terms(placement: Placement) -> dict[str, float]:
    if placement.match is None or placement.reference_m is None:
        return {"placement": placement.uncertainty_m}
    return {"match": placement.match.ce90_m, "reference": placement.reference_m}


def _reference(seen: Observation) -> ReferenceNote | None:
    match, reference = seen.placement.match, seen.case.reference
    if match is None or reference is None:
        return None
    return ReferenceNote(
        name=reference.source.name,
        sha256=reference.source.sha256,
        transformation=match.transformation.kind,
        tie_points=match.tie_points,
        held_back=match.held_back,
        rmse_m=round(match.rmse_m, METRE_DIGITS),
        ce90_m=round(match.ce90_m, METRE_DIGITS),
        accuracy_m=seen.case.reference_accuracy_m,
    )


def _system(crs: CRS) -> SystemNote:
    return SystemNote(
        crs=crs.to_string(),
        name=crs.name,
        datum=crs.datum.name if crs.datum else "",
        ellipsoid=crs.ellipsoid.name if crs.ellipsoid else "",
    )


def registration_note(seen: Observation, profile: Profile) -> RegistrationNote:
    """How the two dates came together; verified when two other estimates agree."""
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
    return RegistrationNote(
        status=status,
        verified=seen.registered.is_verified(_agreement_limit_m(seen, profile)),
        shift_m=(round(found.shift_m[0], METRE_DIGITS), round(found.shift_m[1], METRE_DIGITS)),
        residual_m=round(found.residual_m, METRE_DIGITS),
        agreement_m=None if agreement is None else round(agreement, METRE_DIGITS),
        tie_points=found.tie_points,
        tie_share=round(found.tie_share, METRE_DIGITS),
        reason="residual" if status is RegistrationStatus.NOT_COMPARABLE else None,
        affine=[round(value, 9) for value in found.moved[:6]],
    )


def _agreement_limit_m(seen: Observation, profile: Profile) -> float:
    return profile.registration.agreement_px * seen.grid.pixel_size
