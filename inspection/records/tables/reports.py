"""Reports on a permit's record, their receipts, and what is objected to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS, choice
from inspection.records.tables.base import OfficeOwned, Record, refers_to

PAPER, LIGHT_PAPER = "report.pdf", "report-light.pdf"


class Report(OfficeOwned, Record):
    """One report of a permit; the one before it stays readable."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("office_id", "sha256"),
        UniqueConstraint("permit_id", "sequence"),
        UniqueConstraint("supersedes_id"),
        UniqueConstraint("decision_id"),
        Index("ix_reports_office_id_created_at_id", "office_id", "created_at", "id"),
        Index("ix_reports_sha256", "sha256"),
        refers_to("permits", "permit_id"),
        refers_to("inspections", "inspection_id"),
        refers_to("reports", "supersedes_id"),
        refers_to("decisions", "decision_id"),
    )

    permit_id: Mapped[UUID]
    inspection_id: Mapped[UUID] = mapped_column(index=True)
    sequence: Mapped[int]
    """Counts the reports of the permit, from 1."""

    supersedes_id: Mapped[UUID | None]
    """The report before it, which no other supersedes."""

    sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Of inspection.json: the report's identity."""

    files: Mapped[dict[str, Json]]
    """Hash of each file by its name; the ones that are sent on (report-light.pdf) among them."""

    issued_by: Mapped[UUID | None]
    decision_id: Mapped[UUID | None]
    """The decision that it was issued again with; None for what an inspection wrote."""

    paper_sha256: Mapped[str | None] = mapped_column(String(SHA256_DIGITS), index=True)
    light_sha256: Mapped[str | None] = mapped_column(String(SHA256_DIGITS), index=True)
    """Of the two papers among the files: by these anybody's copy is found."""

    @validates("files")
    def _find_by_paper(self, _name: str, files: dict[str, Json]) -> dict[str, Json]:
        papers = (files.get(PAPER), files.get(LIGHT_PAPER))
        self.paper_sha256, self.light_sha256 = (str(one) if one else None for one in papers)
        return files


class ReissueState(StrEnum):
    """Where the writing of a report with its decision is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Reissue(OfficeOwned, Record):
    """A report that is to be written again, with what people decided; once for each decision."""

    __tablename__ = "reissues"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        refers_to("decisions", "decision_id"),
        refers_to("inspections", "inspection_id"),
        refers_to("permits", "permit_id"),
        refers_to("reports", "report_id"),
    )

    decision_id: Mapped[UUID]
    inspection_id: Mapped[UUID] = mapped_column(index=True)
    permit_id: Mapped[UUID] = mapped_column(index=True)
    report_id: Mapped[UUID]
    """The report that was decided on."""

    review: Mapped[dict[str, Json]]
    """What the new report says of the review, as it was when the decision was made."""

    state: Mapped[ReissueState] = mapped_column(choice(ReissueState), index=True)
    attempt: Mapped[int]
    """Counts from 1 how often it was put in line."""

    is_to_attach: Mapped[bool]
    """Whether whoever decided wants the report on the permit's record as soon as it is written."""

    problem: Mapped[dict[str, Json] | None]


class Receipt(OfficeOwned, Record):
    """That a report was attached to the permit's record; once for each report."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("report_id"),
        UniqueConstraint("office_id", "number"),
        refers_to("reports", "report_id"),
    )

    report_id: Mapped[UUID]
    number: Mapped[int]
    """Counts the receipts of the office, from 1."""

    attached_by: Mapped[UUID | None]
    document: Mapped[dict[str, Json]]
    """The receipt as it was given."""


class TrackingCode(OfficeOwned, Record):
    """A code by which anybody may follow a permit, without learning whose it is."""

    __tablename__ = "tracking_codes"
    __table_args__ = (refers_to("permits", "permit_id"),)

    permit_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    ended_at: Mapped[datetime | None]


class Objection(OfficeOwned, Record):
    """What somebody holds against a finding or a report."""

    __tablename__ = "objections"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        Index("ix_objections_office_id_created_at_id", "office_id", "created_at", "id"),
        Index("ix_objections_answered_at", "office_id", "answered_at", "created_at"),
        refers_to("reports", "report_id"),
        refers_to("findings", "finding_id"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    """What the person who objects is told; whoever has it may read the answer."""

    report_id: Mapped[UUID] = mapped_column(index=True)
    finding_id: Mapped[UUID | None]
    text: Mapped[str]
    contact: Mapped[str | None]
    """How to reach the person: personal, kept out of the audit log and of public pages."""

    answered_at: Mapped[datetime | None]
    """When it was answered first."""


class AnswerOutcome(StrEnum):
    """What an office makes of an objection."""

    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"


class ObjectionAnswer(OfficeOwned, Record):
    """What the office answered."""

    __tablename__ = "objection_answers"
    __table_args__ = (refers_to("objections", "objection_id"), refers_to("users", "answered_by"))

    objection_id: Mapped[UUID] = mapped_column(index=True)
    answered_by: Mapped[UUID]
    outcome: Mapped[AnswerOutcome] = mapped_column(choice(AnswerOutcome))
    text: Mapped[str]
