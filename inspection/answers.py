"""The five answers of page one, each with its number, its limit and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from inspection.document import Answer, Answers, Counted, LimitCheck
from inspection.language import Said
from inspection.model import Location, RegistrationStatus, Verdict
from inspection.profiles.profile import Profile
from inspection.review_note import ReviewedAreas
from inspection.survey import Coverage, Position, RegistrationNote
from inspection.wording.catalogue import Wording

HECTARE_M2 = 1e4


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the answers are made of."""

    position: Position
    coverage: Coverage
    registration: RegistrationNote
    registration_limit_m: float
    findings: Sequence[Counted]
    limits: list[LimitCheck]
    ground: ReviewedAreas | None = None
    """Ground of those that the answer about the boundary speaks of, each piece once; not needed of
    findings as they were found, which share none."""

    heights_unstated: bool = False
    """Whether volumes are missing because nobody states what heights count in and from."""


def answers(measured: Measured, *, profile: Profile, wording: Wording) -> Answers:
    """Answer the five questions from what was measured, and from nothing else."""
    return Answers(
        place=_place(measured, profile, wording),
        observed=_observed(measured, profile, wording),
        comparable=_comparable(measured, wording),
        outside=_outside(measured, wording),
        limits=_limits(measured, wording),
    )


def answers_of_findings(given: Answers, measured: Measured, *, wording: Wording) -> Answers:
    """Answer those questions anew that findings answer; the others are about the flights."""
    return replace(given, outside=_outside(measured, wording), limits=_limits(measured, wording))


def _place(measured: Measured, profile: Profile, wording: Wording) -> Answer:
    position, limit = measured.position, profile.position.limit_m
    if not position.verified:
        verdict = Verdict.UNCERTAIN
        key = "unverified" if position.reference is None else "matched"
    elif position.uncertainty_m > limit:
        verdict, key = Verdict.FAIL, "fail"
    elif position.check_points < profile.position.least_check_points:
        verdict, key = Verdict.PASS, "indicative"
    else:
        verdict, key = Verdict.PASS, "pass"
    return Answer(
        verdict=verdict,
        value=position.uncertainty_m,
        uncertainty=None,
        limit=limit,
        unit="m",
        **_words(
            wording,
            f"answers.place.{key}",
            uncertainty=position.uncertainty_m,
            limit=limit,
            points=position.check_points,
            least=profile.position.least_check_points,
        ),
    )


def _observed(measured: Measured, profile: Profile, wording: Wording) -> Answer:
    coverage, least = measured.coverage, profile.coverage.least_observed_share
    enough = coverage.observed_share >= least
    key = "pass" if enough else "fail"
    if enough and coverage.not_observed_ha > 0:
        key = "within"
    return Answer(
        verdict=Verdict.PASS if enough else Verdict.FAIL,
        value=coverage.observed_share,
        uncertainty=None,
        limit=least,
        unit="1",
        **_words(
            wording,
            f"answers.observed.{key}",
            share=coverage.observed_share,
            missing=coverage.not_observed_ha,
            limit=least,
        ),
    )


def _comparable(measured: Measured, wording: Wording) -> Answer:
    note, limit = measured.registration, measured.registration_limit_m
    if note.status is RegistrationStatus.NO_BASELINE:
        verdict, key = Verdict.NOT_APPLICABLE, "no_baseline"
    elif note.status is RegistrationStatus.NOT_COMPARABLE:
        verdict, key = Verdict.FAIL, "fail" if note.residual_m is not None else "nothing_in_common"
    elif note.verified:
        verdict, key = Verdict.PASS, "pass"
    else:
        verdict, key = Verdict.UNCERTAIN, "unverified"
    return Answer(
        verdict=verdict,
        value=note.residual_m,
        uncertainty=note.agreement_m,
        limit=limit,
        unit="m",
        **_words(
            wording,
            f"answers.comparable.{key}",
            residual=note.residual_m,
            limit=limit,
            ties=note.tie_points,
        ),
    )


def _outside(measured: Measured, wording: Wording) -> Answer:
    compared = measured.registration.status is RegistrationStatus.REGISTERED
    epoch = "new" if compared else "standing"
    shown = [one for one in measured.findings if one.epoch == epoch]
    beyond = [one for one in shown if one.location is Location.OUTSIDE]
    doubtful = [one for one in shown if one.location is Location.UNCERTAIN]
    area_ha = sum(one.area_outside_m2 for one in shown) / HECTARE_M2
    band_ha = sum(one.area_uncertain_m2 for one in shown) / HECTARE_M2
    if measured.ground is not None:
        area_ha, band_ha = measured.ground.outside, measured.ground.uncertain
    if beyond:
        # One flight cannot tell since when ground lies open, so it does not decide.
        verdict = Verdict.FAIL if compared else Verdict.UNCERTAIN
        key = "fail" if compared else "standing"
    elif doubtful:
        verdict, key = Verdict.UNCERTAIN, "uncertain"
    else:
        verdict, key = Verdict.PASS, "pass"
    return Answer(
        verdict=verdict,
        value=round(area_ha, 6),
        uncertainty=round(sum(one.area_uncertainty_m2 for one in beyond) / HECTARE_M2, 6),
        limit=0.0,
        unit="ha",
        **_words(
            wording,
            f"answers.outside.{key}",
            area=area_ha,
            band=band_ha,
            count=len(beyond),
            doubtful=len(doubtful),
            distance=max((one.distance_outside_m or 0.0 for one in beyond), default=0.0),
            uncertainty=measured.position.uncertainty_m,
        ),
    )


def _limits(measured: Measured, wording: Wording) -> Answer:
    checks = measured.limits
    main = next((check for check in checks if check.code == "max_disturbed_ha"), None)
    verdicts = [check.verdict for check in checks if check.verdict is not Verdict.NOT_APPLICABLE]
    order = (Verdict.FAIL, Verdict.UNCERTAIN, Verdict.PASS, Verdict.NOT_APPLICABLE)
    verdict = next((worst for worst in order if worst in verdicts), Verdict.NOT_APPLICABLE)
    said = [check.said for check in checks if check.verdict is verdict]
    said = said or [wording.said("answers.limits.none")]
    return Answer(
        verdict=verdict,
        value=main.value if main and isinstance(main.value, float) else None,
        uncertainty=main.uncertainty if main else None,
        limit=main.limit if main and isinstance(main.limit, float) else None,
        unit="ha",
        sentence=" ".join(wording.sentence(one) for one in said),
        said=said,
    )


class _Words(TypedDict):
    sentence: str
    said: list[Said]


def _words(wording: Wording, key: str, **facts: object) -> _Words:
    said = wording.said(key, **facts)
    return {"sentence": wording.sentence(said), "said": [said]}
