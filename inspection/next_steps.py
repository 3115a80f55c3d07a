"""What may be done next, in neutral words: told by the answers, decided by people."""

from inspection.answers import Measured
from inspection.document import Answers, NextStep
from inspection.model import Location, RegistrationStatus, Verdict
from inspection.wording.catalogue import Wording


def next_steps(given: Answers, measured: Measured, *, wording: Wording) -> list[NextStep]:
    """Name every step that an answer calls for, the one that others wait for first."""
    # The same findings that the answer about the boundary speaks of.
    compared = measured.registration.status is RegistrationStatus.REGISTERED
    epoch = "new" if compared else "standing"
    shown = [one for one in measured.findings if one.epoch == epoch]
    doubtful = [one for one in shown if one.location is Location.UNCERTAIN]
    unsure = (Verdict.FAIL, Verdict.UNCERTAIN)
    calls = {
        "fly_missing": given.observed.verdict is Verdict.FAIL,
        "survey_points": given.place.verdict in unsure,
        "other_flight": given.comparable.verdict in unsure,
        "visit_outside": given.outside.verdict is Verdict.FAIL,
        "date_outside": given.outside.verdict is Verdict.UNCERTAIN and not doubtful,
        "measure_line": bool(doubtful),
        "state_heights": measured.heights_unstated,
        "compare_limits": given.limits.verdict in unsure,
        "review": True,
    }
    facts = {
        "missing": measured.coverage.not_observed_ha,
        "uncertainty": measured.position.uncertainty_m,
        "outside": sum(one.location is Location.OUTSIDE for one in shown),
        "doubtful": len(doubtful),
        "findings": len(measured.findings),
    }
    steps = []
    for code, called in calls.items():
        if called:
            said = wording.said(f"next_steps.{code}", **facts)
            steps.append(NextStep(code=code, sentence=wording.sentence(said), said=said))
    return steps
