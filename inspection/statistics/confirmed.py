"""
What reviewers confirmed of what inspections found: by class, by the cause that they gave, by doubt.

Of inspections that are decided, by the last word on each finding. What a person added by hand was
found by nobody else, and does not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    Finding,
    InspectionRun,
    Review,
    ReviewOutcome,
)
from inspection.review.reasons import reasons
from inspection.statistics.months import Months

DOUBTS: Final = "may_be_false_because_said"
_KEY: Final = "doubts."


@dataclass(kw_only=True)
class Judged:
    """What became of some findings."""

    name: str | None
    """Of the class or of the doubt; None for all of them, or for those without any doubt."""

    findings: int = 0
    accepted: int = 0
    edited: int = 0
    """Confirmed with another outline or class."""

    rejected: int = 0

    @property
    def confirmed(self) -> int:
        """How many reviewers let count."""
        return self.accepted + self.edited

    @property
    def share(self) -> float | None:
        """Of all of them; None of none."""
        return self.confirmed / self.findings if self.findings else None


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One of the causes for which findings are rejected."""

    name: str
    rejected: int
    share: float | None
    """Of all that was rejected; None where nothing was."""


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What reviewers confirmed."""

    all: Judged
    classes: list[Judged]
    """Classes as the inspections stated them, the most frequent first."""

    causes: list[Cause]
    """As they are offered."""

    doubts: list[Judged]
    """What inspections said that may make a finding false, the most frequent first; a finding may
    have several."""


@dataclass(kw_only=True)
class _Lines:
    lines: dict[str | None, Judged] = field(default_factory=dict)

    def add(self, names: Iterable[str | None], outcome: ReviewOutcome) -> None:
        for one in names:
            line = self.lines.setdefault(one, Judged(name=one))
            line.findings += 1
            setattr(line, outcome.value, getattr(line, outcome.value) + 1)

    def in_order(self) -> list[Judged]:
        return sorted(self.lines.values(), key=lambda one: (-one.findings, one.name or ""))


def confirmed(session: Session, months: Months) -> Confirmed:
    """What reviewers confirmed, of inspections that were decided in these months."""
    asked = (
        select(
            Finding.id,
            Finding.ground_class,
            Finding.document[DOUBTS].label("doubts"),
            Review.outcome,
            Review.reason_code,
        )
        .join(Review, Review.finding_id == Finding.id)
        .join(InspectionRun, InspectionRun.id == Finding.inspection_id)
        .join(Decision, Decision.inspection_id == InspectionRun.id)
        .where(
            Finding.added_by.is_(None),
            Decision.outcome != DecisionOutcome.RETURNED,
            Decision.created_at >= months.begin,
            Decision.created_at < months.end,
        )
        .order_by(Review.sequence)
    )
    last = {row.id: row for row in session.execute(asked)}
    every, classes, doubts = _Lines(), _Lines(), _Lines()
    causes = dict.fromkeys(reasons(), 0)
    for row in last.values():
        every.add([None], row.outcome)
        classes.add([row.ground_class], row.outcome)
        doubts.add(_doubts(row.doubts) or [None], row.outcome)
        if row.outcome is ReviewOutcome.REJECTED:
            causes[row.reason_code] = causes.get(row.reason_code, 0) + 1
    rejected = sum(causes.values())
    return Confirmed(
        all=every.lines.get(None, Judged(name=None)),
        classes=classes.in_order(),
        causes=[
            Cause(name=one, rejected=many, share=many / rejected if rejected else None)
            for one, many in causes.items()
        ],
        doubts=doubts.in_order(),
    )


def _doubts(said: Any) -> list[str | None]:  # noqa: ANN401 - JSON; documents of before have none
    return [str(one["key"]).removeprefix(_KEY) for one in said or ()]
