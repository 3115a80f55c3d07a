"""What an inspection answers once people decided: from the findings that they let count."""

from dataclasses import asdict, replace
from typing import Final

from inspection.answers import Measured, answers_of_findings
from inspection.degrees import Rings
from inspection.document import Inspection, LimitCheck, counting
from inspection.height_doubts import heights_unstated
from inspection.limits import DISTURBED, disturbed_check, disturbed_uncertainty_ha
from inspection.model import RegistrationStatus
from inspection.next_steps import next_steps
from inspection.review_note import Reviewed
from inspection.wording.catalogue import Wording, wording
from inspection.yardstick import HA_DIGITS, Yardstick

DONE: Final = "review"
"""The next step that has been taken."""


def restated(read: Inspection, reviewed: Reviewed) -> Inspection:
    """
    Answers, limits and next steps anew; what was measured stays as it is.

    A review that left everything as it was found leaves every sentence as it was said.
    """
    if all(one.outcome == "accepted" for one in reviewed.findings) and not reviewed.added:
        return replace(read, next_steps=[one for one in read.next_steps if one.code != DONE])
    words, yardstick = wording(read.language), Yardstick.of(read)
    counted = counting(read.findings, reviewed)
    compared = read.registration.status is RegistrationStatus.REGISTERED
    epochs = ("new",) if compared else ("standing",)
    limits = [
        _disturbed(one, read, reviewed, yardstick, words) if one.code == DISTURBED else one
        for one in read.limits
    ]
    measured = Measured(
        position=read.position,
        coverage=read.coverage,
        registration=read.registration,
        registration_limit_m=read.answers.comparable.limit or 0.0,
        findings=counted,
        ground=yardstick.areas(_outlines(read, reviewed, epochs)),
        limits=limits,
        heights_unstated=heights_unstated(read.warnings),
    )
    given = answers_of_findings(read.answers, measured, wording=words)
    steps = next_steps(given, measured, wording=words)
    return replace(
        read,
        answers=given,
        limits=limits,
        next_steps=[one for one in steps if one.code != DONE],
    )


def _disturbed(
    check: LimitCheck, read: Inspection, reviewed: Reviewed, yardstick: Yardstick, words: Wording
) -> LimitCheck:
    """The measured figure, less what people took from it and with what they added."""
    if not isinstance(check.value, float) or not isinstance(check.limit, float):
        return check
    epochs = ("new", "standing")
    found = yardstick.in_permit_ha(one.vertices for one in read.findings if one.epoch in epochs)
    counts = yardstick.in_permit_ha(_outlines(read, reviewed, epochs))
    return disturbed_check(
        check.limit,
        max(check.value + counts - found, 0.0),
        uncertainty=disturbed_uncertainty_ha(counting(read.findings, reviewed)),
        missing=read.ledger_ha.not_observed,
        wording=words,
    )


def counted_ledger(read: Inspection, reviewed: Reviewed) -> dict[str, float | None]:
    """
    The hectares of the ledger by what people let count, by its parts.

    What they took from the disturbed ground counts as undisturbed; what was not told apart stays
    so.
    """
    yardstick = Yardstick.of(read)
    measured = asdict(read.ledger_ha)
    counted, moved = dict(measured), 0.0
    for epoch in ("standing", "new", "recovered"):
        was = measured[epoch]
        if was is None:
            continue
        found = yardstick.in_permit_ha(one.vertices for one in read.findings if one.epoch == epoch)
        counts = yardstick.in_permit_ha(_outlines(read, reviewed, (epoch,)))
        counted[epoch] = round(max(was + counts - found, 0.0), HA_DIGITS)
        moved += was - counted[epoch]
    counted["undisturbed"] = round(max(measured["undisturbed"] + moved, 0.0), HA_DIGITS)
    return counted


def _outlines(read: Inspection, reviewed: Reviewed, epochs: tuple[str, ...]) -> list[Rings]:
    return [one.vertices for one in counting(read.findings, reviewed) if one.epoch in epochs]
