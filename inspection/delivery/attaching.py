"""Attach: a decided report becomes part of the permit's record, once, with a receipt."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspection.delivery.outbox import put_message
from inspection.delivery.reports import Filed, filed
from inspection.errors import ConflictError
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.columns import now, text_of
from inspection.records.tables.inspections import Decision, DecisionOutcome, InspectionRun
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Receipt, Report
from inspection.report.seal import verification_code

SCHEMA: Final = "tinjau.receipt/1"
ATTACHED: Final = "report.attached"
FINAL: Final = frozenset({DecisionOutcome.APPROVED, DecisionOutcome.DECLINED})


@dataclass(frozen=True, kw_only=True)
class Attached:
    """The receipt of a report, and whether it was given just now."""

    receipt: Receipt
    is_new: bool


def attach(session: Session, report: Report, *, by: UUID, role: str) -> Attached:
    """
    Attach a report to its permit's record; attached before, it keeps the receipt it has.

    The message to the record system leaves in the same transaction: it goes out if, and only
    if, the report is attached.

    Raises
    ------
    ConflictError
        ``report_not_decided`` unless it was issued with a decision that stands,
        ``report_being_written`` while one that was made is written into the next report;
        ``report_superseded`` if a later one took its place.
    """
    # One at a time of an office: the receipts are counted.
    office = session.get_one(
        Office, report.office_id, with_for_update={"key_share": True}, populate_existing=True
    )
    (known,) = filed(session, [report])
    if known.receipt is not None:
        return Attached(receipt=known.receipt, is_new=False)
    decision = _decision(session, known)
    number = (session.scalar(select(func.max(Receipt.number))) or 0) + 1
    receipt = Receipt(report_id=report.id, number=number, attached_by=by, document={})
    receipt.created_at = now()
    receipt.document = _document(session, office, report, decision, receipt, role)
    session.add(receipt)
    put_message(session, ATTACHED, {"receipt": receipt.document, "report_id": str(report.id)})
    deed = Deed(
        action=ATTACHED,
        subject_kind="report",
        subject_id=str(report.id),
        facts={
            "receipt": receipt.document["number"],
            "sha256": report.sha256,
            "permit": str(report.permit_id),
            "sequence": report.sequence,
            "decision": str(decision.outcome),
        },
    )
    record(session, deed, actor=str(by))
    return Attached(receipt=receipt, is_new=True)


def _decision(session: Session, known: Filed) -> Decision:
    if known.superseded_by is not None:
        raise ConflictError("report_superseded", sequence=known.superseded_by.sequence)
    if known.decision is None or known.decision.outcome not in FINAL:
        final = select(Decision.id).where(
            Decision.inspection_id == known.report.inspection_id, Decision.outcome.in_(FINAL)
        )
        if session.scalar(final) is not None:
            raise ConflictError("report_being_written")
        raise ConflictError("report_not_decided")
    return known.decision


def _document(
    session: Session,
    office: Office,
    report: Report,
    decision: Decision,
    receipt: Receipt,
    role: str,
) -> dict[str, Json]:
    permit = session.get_one(Permit, report.permit_id)
    run = session.get_one(InspectionRun, report.inspection_id)
    return {
        "schema": SCHEMA,
        "number": f"{office.code}-{receipt.number:06d}",
        "attached_at": text_of(receipt.created_at),
        "by_role": role,
        "office": office.code,
        "permit": {"id": str(permit.id), "reference": permit.reference},
        "report": {
            "id": str(report.id),
            "sequence": report.sequence,
            "sha256": report.sha256,
            "code": verification_code(report.sha256),
            "inspection": run.document_id,
        },
        "decision": {"outcome": str(decision.outcome), "at": text_of(decision.created_at)},
    }
