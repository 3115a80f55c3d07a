"""The accuracy class of a placement, by each rule that the profile names."""

import math

from inspection.profiles.accuracy_rules import AccuracyRule, ClassLimit
from inspection.profiles.certainty import Sure
from inspection.profiles.profile import Profile
from inspection.survey import AccuracyNote, AccuracyState

METRE_DIGITS = 4
CENTIMETRES = 100


def accuracy_notes(
    profile: Profile, *, rmse_m: float | None, check_points: int
) -> list[AccuracyNote]:
    """
    Class an accuracy by every rule of a profile, in its order.

    Parameters
    ----------
    profile
        Its accuracy rules. A rule or a limit that is unverified classes nothing.
    rmse_m
        Radial RMSE at the check points; None where there are none.
    check_points
        How many there are.
    """
    own = profile.position.least_check_points
    rules = [rule for rule in profile.accuracy.rule if rule.sure is not Sure.UNVERIFIED]
    return [_classed(rule, rmse_m, check_points, own) for rule in rules]


def _classed(
    rule: AccuracyRule, rmse_m: float | None, check_points: int, own_least: int
) -> AccuracyNote:
    least = rule.least_check_points or own_least
    # What decides is what is printed, so that whoever checks it by hand finds the same.
    value_m = None if rmse_m is None else round(rule.factor * rmse_m, METRE_DIGITS)
    state = _state(value_m, check_points, least)
    met = _met(rule, value_m) if state is AccuracyState.TESTED else None
    name = met.name if met else None
    if rule.measure == "rmse" and state is AccuracyState.TESTED and value_m is not None:
        name = f"{math.ceil(round(value_m * CENTIMETRES, 2))} cm"
    return AccuracyNote(
        rule=rule.name,
        year=rule.year,
        measure=rule.measure,
        value_m=value_m,
        state=state,
        accuracy_class=name,
        scale=met.scale if met else None,
        ce90_limit_m=met.limit_m if met else None,
        check_points=check_points,
        least_check_points=least,
        least_from="rule" if rule.least_check_points else "profile",
        sure=met.sure if met else rule.sure,
        source=rule.source,
    )


def _state(value_m: float | None, check_points: int, least: int) -> AccuracyState:
    if value_m is None or check_points == 0:
        return AccuracyState.NOT_TESTED
    return AccuracyState.TESTED if check_points >= least else AccuracyState.INDICATIVE


def _met(rule: AccuracyRule, value_m: float | None) -> ClassLimit | None:
    """Give the best class at the finest scale whose limit is met."""
    known = [one for one in rule.limits if one.sure is not Sure.UNVERIFIED]
    finest_first = sorted(known, key=lambda one: (one.scale, one.limit_m))
    if value_m is None:
        return None
    return next((one for one in finest_first if value_m <= one.limit_m), None)
