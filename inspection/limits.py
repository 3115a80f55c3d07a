"""The permit's limits, each against what was measured."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from inspection.document import Counted, Ledger, LimitCheck
from inspection.model import Permit, Verdict
from inspection.wording.catalogue import Wording

DISTURBED: Final = "max_disturbed_ha"
HECTARE_M2: Final = 1e4


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
            disturbed_check(
                permit.limits.max_disturbed_ha,
                ledger.standing + (ledger.new or 0.0),
                uncertainty=disturbed_uncertainty_ha,
                missing=ledger.not_observed,
                wording=wording,
            )
        )
    if permit.valid_from is not None or permit.valid_until is not None:
        checks.append(_term(permit, captured_at, wording=wording))
    return checks


def disturbed_uncertainty_ha(findings: Iterable[Counted]) -> float:
    """How surely the disturbed ground of the permit is known: by the borders of what lies open."""
    open_now = [one for one in findings if one.epoch != "recovered"]
    borders = sum(
        one.area_uncertainty_m2 * (1 - one.area_outside_m2 / one.area_m2) for one in open_now
    )
    return round(borders / HECTARE_M2, 6)


def disturbed_check(
    limit: float, value: float, *, uncertainty: float, missing: float, wording: Wording
) -> LimitCheck:
    """Hold the hectares that lie open in the permit, and those not seen, against its limit."""
    value = round(value, 6)
    most = value + uncertainty + missing
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
        missing=missing,
    )
    return LimitCheck(
        code=DISTURBED,
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
