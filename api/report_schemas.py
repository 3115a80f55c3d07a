"""What is answered of reports, their receipts, and the messages that tell of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.schemas import Answer
from inspection.records.tables.inspections import DecisionOutcome


class ReportDecision(Answer):
    """The decision that a report was issued with."""

    id: UUID
    outcome: DecisionOutcome
    decided_by: UUID
    note: str
    created_at: datetime


class ReceiptShort(Answer):
    """That a report was attached, and when."""

    id: UUID
    number: str
    attached_at: datetime


class ReportTold(Answer):
    """A report of a permit, and what became of it."""

    id: UUID
    permit_id: UUID
    inspection_id: UUID
    sequence: int
    sha256: str
    """Of inspection.json, which the report prints."""

    code: str
    """The short form of it, by which anybody may verify it."""

    created_at: datetime
    supersedes_id: UUID | None
    superseded_by_id: UUID | None
    decision: ReportDecision | None
    receipt: ReceiptShort | None


class ReportPage(Answer):
    """Some of the reports of a permit."""

    items: list[ReportTold]
    after: str | None


class ReportFile(Answer):
    """One file of a report."""

    name: str
    sha256: str
    size: int | None
    """None where the object store has lost it."""

    media_type: str


class ReportWhole(ReportTold):
    """A report with its files."""

    files: list[ReportFile]


class ReceiptTold(Answer):
    """The receipt of a report, as it was given."""

    id: UUID
    report_id: UUID
    attached_by: UUID | None
    document: dict[str, Any]


class MessageProblem(Answer):
    """Why a message did not arrive, in the language asked for."""

    code: str
    message: str
    hint: str


class MessageTold(Answer):
    """A message to the record system, and how far it is."""

    id: UUID
    kind: str
    created_at: datetime
    report_id: UUID
    report_sequence: int
    """Which report of the permit it is, from 1."""

    permit_reference: str
    attempts: int
    next_at: datetime | None
    """When it is tried again; None where it is not."""

    delivered_at: datetime | None
    given_up_at: datetime | None
    problem: MessageProblem | None


class MessagePage(Answer):
    """Some of the messages."""

    items: list[MessageTold]
    after: str | None
