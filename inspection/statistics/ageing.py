"""How long findings have been waiting that no reviewer has spoken of yet."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from inspection.records.deadlines import WAITING
from inspection.records.tables.inspections import Finding, InspectionRun, Review

UP_TO_DAYS: Final = (1, 7, 30, 90, None)
"""The ages that are told apart: each up to so many days, the last one older than all."""

_DAY: Final = timedelta(days=1)


@dataclass(kw_only=True)
class Age:
    """What has waited for at most so many days, and longer than the age before."""

    up_to_days: int | None
    """None for what is older than all others."""

    findings: int = 0
    inspections: int = 0
    """That these findings are of."""

    classes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """Findings that nobody has spoken of, by how long their inspection has been done."""

    findings: int
    inspections: int
    oldest_since: datetime | None
    ages: list[Age]


def ageing(session: Session, *, now: datetime) -> Ageing:
    """What is open at this moment, by its age."""
    since = func.coalesce(InspectionRun.finished_at, InspectionRun.created_at)
    asked = (
        select(
            InspectionRun.id,
            InspectionRun.finished_at,
            InspectionRun.created_at,
            Finding.ground_class,
            func.count(Finding.id).label("many"),
        )
        .join(Finding, Finding.inspection_id == InspectionRun.id)
        .where(
            InspectionRun.review.in_(WAITING),
            ~exists().where(Review.finding_id == Finding.id),
        )
        .group_by(
            InspectionRun.id,
            InspectionRun.finished_at,
            InspectionRun.created_at,
            Finding.ground_class,
        )
        .order_by(since)
    )
    ages = [Age(up_to_days=days) for days in UP_TO_DAYS]
    seen: dict[object, datetime] = {}
    for row in session.execute(asked):
        at = row.finished_at or row.created_at
        age = ages[_place(now - at)]
        if row.id not in seen:
            seen[row.id] = at
            age.inspections += 1
        age.findings += row.many
        age.classes[row.ground_class] = age.classes.get(row.ground_class, 0) + row.many
    return Ageing(
        findings=sum(one.findings for one in ages),
        inspections=len(seen),
        oldest_since=min(seen.values(), default=None),
        ages=ages,
    )


def _place(age: timedelta) -> int:
    return next(at for at, days in enumerate(UP_TO_DAYS) if days is None or age <= days * _DAY)
