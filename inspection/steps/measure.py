"""Measure: turn what was seen into figures that add up, findings, and the five answers."""

import math
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from pydantic import TypeAdapter

from geo.partition import Division
from inspection.answers import Measured, answers
from inspection.asked import rule_warnings
from inspection.circumstances import Circumstances
from inspection.confidence import Proof
from inspection.document import SCHEMA, Inspection
from inspection.findings import Measures, finding, located, moved_earth
from inspection.flight_log.claims import captured_at
from inspection.flight_warnings import flight_warnings
from inspection.height_doubts import heights_unstated, no_volume
from inspection.heights import HeightComparison
from inspection.identity import inspection_id, software
from inspection.language import Json
from inspection.layer_notes import LayerNote
from inspection.ledger import areas, coverage, ground, ledger, left_out
from inspection.limits import disturbed_uncertainty_ha, limit_checks
from inspection.location import least_finding_m2
from inspection.measurement import Measurement
from inspection.next_steps import next_steps
from inspection.notes import (
    boundary_note,
    detector_note,
    flights_note,
    pictures_note,
    profile_note,
    sources_note,
)
from inspection.observation import Observation
from inspection.overlaps import layer_note
from inspection.picture_warnings import picture_warnings
from inspection.placement import Caution
from inspection.position_notes import position_note, registration_note
from inspection.profiles.profile import Profile
from inspection.provenance import Warn
from inspection.request import Request
from inspection.standing import PastReport, record_note
from inspection.surface_notes import earth_note, surfaces_note
from inspection.tested import tested
from inspection.vicinity import Vicinity
from inspection.wording.catalogue import Wording

NOT_NUMBERS = {"name", "title", "version", "authority", "source", "origin", "parents"} | {
    "certainty",
    "left_out",
    "calendar",
    "translations",
}
"""What a profile says of itself or of the office's time; all else decides, and is a parameter."""


def measure(
    seen: Observation,
    request: Request,
    *,
    profile: Profile,
    wording: Wording,
    past: Sequence[PastReport] | None,
    pictures: Sequence[Path],
) -> Measurement:
    """
    Measure everything once, and say it in the language asked for.

    `past` are the reports on the permit's record so far, None where no record is at hand;
    `pictures` the ones that the steps before wrote.
    """
    case, site = seen.case, seen.placement.site
    position = position_note(seen, profile, wording)
    registration = registration_note(seen, profile)
    smallest_m2 = least_finding_m2(
        minimum_area_m2=profile.detection.minimum_area_m2,
        minimum_area_px=profile.detection.minimum_area_px,
        pixel_m=seen.grid.pixel_size,
    )
    # What was found says where ground did not stand still: the surfaces are laid level without.
    outlines = [one.shape for one in seen.detection.disturbances]
    level = seen.heights.apart_from(outlines, site.crs) if seen.heights else None
    measures = Measures(
        crs=site.crs,
        division=Division.of(site.permit, site.looked_at, uncertainty_m=position.uncertainty_m),
        minimum_area_m2=smallest_m2,
        border_m=profile.measure.border_px * seen.grid.pixel_size,
        heights=level,
        bare_from=seen.detection.statistics.get("bareness_limit", math.inf),
        circumstances=Circumstances.of(seen, registration, profile.doubts, smallest_m2=smallest_m2),
        wording=wording,
        proof=Proof(
            detector=seen.detection.detector,
            pixel_m=seen.grid.pixel_size,
            verified=registration.verified,
        ),
    )
    disturbances = located(seen.detection.disturbances, measures)
    moved = [moved_earth(one, measures) for one in disturbances]
    divided = ground(seen, disturbances)
    around = Vicinity.of(seen, unobserved=divided.unobserved, smallest_m2=smallest_m2)
    findings = [
        finding(number, one, measures, volume, near=around.measured(one.disturbance))
        for number, (one, volume) in enumerate(zip(disturbances, moved, strict=True), start=1)
    ]
    open_ground = {
        one.id: there.split.whole
        for one, there in zip(findings, disturbances, strict=True)
        if one.epoch != "recovered"
    }
    layers = [
        layer_note(
            brought,
            site,
            open_ground,
            search_m=profile.layers.search_m,
            uncertainty_m=position.uncertainty_m,
        )
        for brought in case.layers
    ]
    counted = ledger(divided, seen)
    covered = coverage(divided, seen, counted)
    checks = limit_checks(
        case.permit,
        counted,
        disturbed_uncertainty_ha=disturbed_uncertainty_ha(findings),
        captured_at=captured_at(case.current.claims),
        wording=wording,
    )
    warnings = _warnings(seen, past, level, wording)
    measured = Measured(
        position=position,
        coverage=covered,
        registration=registration,
        registration_limit_m=round(seen.registered.limit_m, 4),
        findings=findings,
        limits=checks,
        heights_unstated=heights_unstated(warnings),
    )
    created_at = request.created_at.astimezone(UTC).isoformat(timespec="seconds")
    parameters = _parameters(profile, seen)
    sources = (*case.sources, profile.origin, *profile.parents)
    name = inspection_id(
        created_at=created_at, sources=sources, parameters=parameters, made_by=software()
    )
    answered = answers(measured, profile=profile, wording=wording)
    return Measurement(
        inspection=Inspection(
            schema_=SCHEMA,
            id=name,
            created_at=created_at,
            language=request.language,
            profile=profile_note(profile),
            permit=case.permit_record,
            permit_sha256=case.permit_source.sha256 if case.permit_source else None,
            record=record_note(past, inspection=name),
            answers=answered,
            next_steps=next_steps(answered, measured, wording=wording),
            limits=checks,
            boundary=boundary_note(case, profile, wording),
            flights=flights_note(case, seen.placement.flight),
            coverage=covered,
            position=position,
            registration=registration,
            surfaces=surfaces_note(level),
            earth_moved=earth_note(moved, level),
            layers=layers,
            ledger_ha=counted,
            areas_ha=areas(disturbances),
            left_out=left_out(seen),
            findings=findings,
            sources=sources_note(case, profile),
            pictures=pictures_note(pictures),
            tested=tested(),
            parameters=parameters,
            software=software(),
            detector=detector_note(seen.detection.detector),
            warnings=[
                *warnings,
                *rule_warnings(case, seen.placement.flight, profile, wording),
                *flight_warnings(seen, request, profile=profile, wording=wording),
                *picture_warnings(case, wording),
                *_layer_warnings(layers, wording),
            ],
        ),
        sources=sources,
        unobserved=divided.unobserved,
        seen=divided.seen,
    )


def _parameters(profile: Profile, seen: Observation) -> dict[str, Json]:
    """Every number that decided, as the profile gave it and as the pair calibrated it."""
    rules: dict[str, Json] = TypeAdapter(Profile).dump_python(
        profile, mode="json", exclude=NOT_NUMBERS
    )
    return {
        **rules,
        "analysis_gsd_m": round(seen.grid.pixel_size, 6),
        "analysis_crs": seen.grid.crs.to_string(),
        "calibrated": {
            name: round(value, 6)
            for name, value in sorted(seen.detection.statistics.items())
            if math.isfinite(value)
        },
    }


def _warnings(
    seen: Observation,
    past: Sequence[PastReport] | None,
    level: HeightComparison | None,
    wording: Wording,
) -> list[Warn]:
    codes = list(seen.detection.warnings)
    codes += [f"left_out_{gap.reason}" for gap in left_out(seen)]
    if seen.case.permit is None:
        codes.append("no_permit")
    elif past is None:
        codes.append("record_unknown")
    said = [Warn(code=code, message=wording.say(f"warnings.{code}")) for code in codes]
    doubt = no_volume(seen, level)
    cautions = [*seen.placement.cautions, *([doubt] if doubt else [])]
    return said + [_caution(one, wording) for one in cautions]


def _caution(caution: Caution, wording: Wording) -> Warn:
    said = wording.said(f"warnings.{caution.code}", **caution.facts)
    return Warn(code=caution.code, message=wording.sentence(said), facts=said.facts)


def _layer_warnings(layers: Sequence[LayerNote], wording: Wording) -> list[Warn]:
    """One for each layer of which something could not be used: its figures are without that."""
    warnings = []
    for layer in layers:
        if layer.unusable:
            said = wording.said(
                "warnings.layer_features_unusable",
                layer=layer.name,
                count=sum(layer.unusable.values()),
                features=layer.features,
            )
            message = wording.sentence(said)
            code = "layer_features_unusable"
            warnings.append(Warn(code=code, message=message, facts=said.facts))
    return warnings
