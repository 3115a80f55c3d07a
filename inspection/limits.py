"""The permit's limits, each against what was measured."""

from datetime import date

from inspection.document import Ledger, LimitCheck
from inspection.model import Permit, Verdict
from inspection.wording.catalogue import Wording


def limit_checks(
    permit: Permit | None,
    ledger: Ledger,
    *,
    disturbed_uncertainty_ha: float,
    captured_at: str | None,
    wording: Wording,
) -> list[LimitCheck]:
    """Check every limit that the permit states; one that it does not state is not checked."""
    if permit is None:
        return []
    checks = []
    if permit.limits.max_disturbed_ha is not None:
        checks.append(
            _disturbed(
                permit.limits.max_disturbed_ha, ledger, disturbed_uncertainty_ha, wording=wording
            )
        )
    if permit.valid_from is not None or permit.valid_until is not None:
        checks.append(_term(permit, captured_at, wording=wording))
    return checks


def _disturbed(limit: float, ledger: Ledger, uncertainty: float, *, wording: Wording) -> LimitCheck:
    value = round(ledger.standing + (ledger.new or 0.0), 6)
    most = value + uncertainty + ledger.not_observed
    if value - uncertainty > limit:
        verdict = Verdict.FAIL
    elif most > limit:
        # What was not seen might be open too.
        verdict = Verdict.UNCERTAIN
    else:
        verdict = Verdict.PASS
    said = wording.said(
        f"limits.max_disturbed_ha.{verdict}",
        value=value,
        uncertainty=uncertainty,
        limit=limit,
        missing=ledger.not_observed,
    )
    return LimitCheck(
        code="max_disturbed_ha",
        verdict=verdict,
        value=value,
        uncertainty=uncertainty,
        limit=limit,
        unit="ha",
        sentence=wording.sentence(said),
        said=said,
    )


def _term(permit: Permit, captured_at: str | None, *, wording: Wording) -> LimitCheck:
    first, last = permit.valid_from, permit.valid_until
    day = date.fromisoformat(captured_at[:10]) if captured_at else None
    if day is None:
        verdict = Verdict.UNCERTAIN
    elif (first and day < first) or (last and day > last):
        verdict = Verdict.FAIL
    else:
        verdict = Verdict.PASS
    said = wording.said(f"limits.valid_dates.{verdict}", day=day, first=first, last=last)
    return LimitCheck(
        code="valid_dates",
        verdict=verdict,
        value=day.isoformat() if day else None,
        uncertainty=None,
        limit=f"{first.isoformat() if first else '..'}/{last.isoformat() if last else '..'}",
        unit="date",
        sentence=wording.sentence(said),
        said=said,
    )
