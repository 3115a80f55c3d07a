"""Figures of offices for those above them: how much each has, and nothing of what that is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.offices import User
from inspection.records.tables.permits import Permit
from inspection.uploads.quota import DAY, TAKEN_BYTES


@dataclass(frozen=True, kw_only=True)
class OfficeFigures:
    """How much an office has."""

    people: int
    """Who may sign in."""

    permits: int
    bytes_kept: int
    """Of the files that arrived whole; where two are the same, each counts."""

    bytes_today: int
    """What counts of its room for uploads, in the last 24 hours."""


def figures_of(
    session: Session, office_ids: Collection[UUID], *, at: datetime
) -> dict[UUID, OfficeFigures]:
    """Count, in a session that sees all offices, what each of these has."""

    def by_office(asked: Select[UUID, Any], kind: type[User | Permit | Upload]) -> dict[UUID, int]:
        rows = asked.where(kind.office_id.in_(office_ids)).group_by(kind.office_id)
        return {office: int(count or 0) for office, count in session.execute(rows)}

    people = by_office(
        select(User.office_id, func.count(User.id)).where(User.closed_at.is_(None)), User
    )
    permits = by_office(select(Permit.office_id, func.count(Permit.id)), Permit)
    kept = by_office(
        select(Upload.office_id, func.sum(Upload.size)).where(Upload.state == UploadState.COMPLETE),
        Upload,
    )
    today = by_office(
        select(Upload.office_id, TAKEN_BYTES).where(Upload.created_at > at - DAY), Upload
    )
    return {
        one: OfficeFigures(
            people=people.get(one, 0),
            permits=permits.get(one, 0),
            bytes_kept=kept.get(one, 0),
            bytes_today=today.get(one, 0),
        )
        for one in office_ids
    }
