"""Reports as anybody may find them: by a hash, by the code printed in them, by their paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from inspection.delivery.reports import Filed, filed
from inspection.records.tables.inspections import DecisionOutcome
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Report
from inspection.report.seal import CODE_DIGITS, verification_code

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_CODE: Final = re.compile(rf"[0-9a-f]{{{CODE_DIGITS}}}")
_BETWEEN: Final = re.compile(r"[\s-]+")
_AFTER_ALL_DIGITS: Final = "g"
_MOST: Final = 20


@dataclass(frozen=True, kw_only=True)
class Later:
    """The report that took the place of another."""

    sha256: str
    created_at: datetime

    @property
    def code(self) -> str:
        """The code that is printed in it."""
        return verification_code(self.sha256)


@dataclass(frozen=True, kw_only=True)
class PublicReport:
    """What anybody may know of a report on the record: nothing of whose permit it is about."""

    permit_reference: str
    """The permit's number, to be held against the paper."""

    sha256: str
    code: str
    created_at: datetime
    decision: DecisionOutcome | None
    attached_at: datetime | None
    time_zone: str
    """The office's, by which its days are told."""

    superseded_by: Later | None
    newer_under_review: bool
    """A later inspection of the permit waits for its decision; until then this one is in force."""


def by_mark(session: Session, mark: str) -> PublicReport | None:
    """
    The report that a hash or a code is of; None where there is none.

    A code is the beginning of a hash; one that two different reports have is nobody's.
    """
    plain = _BETWEEN.sub("", mark).lower()
    if _SHA256.fullmatch(plain):
        return _public(session, Report.sha256 == plain) or by_paper(session, plain)
    if _CODE.fullmatch(plain):
        return _public(session, Report.sha256 >= plain, Report.sha256 < plain + _AFTER_ALL_DIGITS)
    return None


def by_paper(session: Session, sha256: str) -> PublicReport | None:
    """The report that has this very file as one of its papers; None where none has."""
    return _public(session, or_(Report.paper_sha256 == sha256, Report.light_sha256 == sha256))


def _public(session: Session, *which: ColumnElement[bool]) -> PublicReport | None:
    found = filed(session, session.scalars(select(Report).where(*which).limit(_MOST)).all())
    if not found or len({one.report.sha256 for one in found}) > 1:
        return None
    known = _standing(found)
    later, decision, receipt = known.superseded_by, known.decision, known.receipt
    return PublicReport(
        permit_reference=session.get_one(Permit, known.report.permit_id).reference,
        sha256=known.report.sha256,
        code=known.code,
        created_at=known.report.created_at,
        decision=None if decision is None else decision.outcome,
        attached_at=None if receipt is None else receipt.created_at,
        time_zone=session.get_one(Office, known.report.office_id).time_zone,
        superseded_by=None
        if later is None
        else Later(sha256=later.sha256, created_at=later.created_at),
        newer_under_review=known.newer_under_review,
    )


def _standing(found: Sequence[Filed]) -> Filed:
    # Two offices may have the same report on their records: where it is in force, it is.
    return min(found, key=lambda one: (one.superseded_by is not None, one.report.id))
