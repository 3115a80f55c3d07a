"""The reports of a permit: seen, read file by file or whole, and attached to its record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import select

from api.dependencies import GivenReader, GivenRecords, may
from api.described import IN, problems
from api.files import ANY_KIND, MEDIA, GivenGiver, Sent, in_parts, media_of, whole
from api.reach import reached
from api.report_schemas import (
    ReceiptShort,
    ReceiptTold,
    ReportDecision,
    ReportFile,
    ReportPage,
    ReportTold,
    ReportWhole,
)
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor, role_for
from inspection.delivery.attaching import attach
from inspection.delivery.bundle import bundle
from inspection.delivery.reading import Reader
from inspection.delivery.reads import deed_on
from inspection.delivery.reports import Filed, file_of, filed, files_of
from inspection.errors import AbsentError, DisprovedError
from inspection.records.paging import page
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Receipt, Report

router = APIRouter(tags=["reports"])
Seer = Annotated[Actor, Depends(may(Action.REPORT_READ))]
Attacher = Annotated[Actor, Depends(may(Action.REPORT_ATTACH))]
ALL_FILES = "bundle.zip"


@router.get("/permits/{permit_id}/reports", responses=problems(*IN, 404, 422))
def list_reports(
    permit_id: UUID, asked: Annotated[PageAsked, Query()], actor: Seer, records: GivenRecords
) -> ReportPage:
    """The reports of a permit, the newest first."""
    with records.reading(actor.office_id) as session:
        reached(session, Permit, permit_id, actor, Action.REPORT_READ)
        which = select(Report).where(Report.permit_id == permit_id)
        found = page(session, which, Report, size=asked.size, after=asked.after)
        items = [_told(one) for one in filed(session, found.rows)]
        return ReportPage(items=items, after=found.after)


@router.get("/reports/{report_id}", responses=problems(*IN, 404, 422))
def show_report(
    report_id: UUID, actor: Seer, records: GivenRecords, reader: GivenReader
) -> ReportWhole:
    """One report, what became of it, and its files by their hashes."""
    with records.reading(actor.office_id) as session:
        report = reached(session, Report, report_id, actor, Action.REPORT_READ)
        (told,) = filed(session, [report])
    files = [
        ReportFile(name=name, sha256=sha256, size=_size(reader, sha256), media_type=media_of(name))
        for name, sha256 in sorted(files_of(report).items())
    ]
    return ReportWhole(**_told(told).model_dump(), files=files)


@router.get(
    "/reports/{report_id}/bundle",
    response_class=Response,
    responses={**whole(MEDIA[".zip"]), **problems(*IN, 404, 409, 422)},
)
def read_bundle(report_id: UUID, actor: Seer, records: GivenRecords, giver: GivenGiver) -> Sent:
    """All files of a report as one ZIP; unpacked, `tinjau verify` proves them."""
    with records.reading(actor.office_id) as session:
        report = reached(session, Report, report_id, actor, Action.REPORT_READ)
        (told,) = filed(session, [report])
    folder = f"report-{report.sequence}-{told.code}"
    pieces = bundle(giver.reader, files_of(report), folder=folder, at=report.created_at)
    deed = deed_on("report", report.id, name=ALL_FILES, sha256=report.sha256)
    return giver.all_of(actor, deed, pieces, name=f"{folder}.zip")


@router.get(
    "/reports/{report_id}/files/{name:path}",
    response_class=Response,
    responses={**in_parts(*ANY_KIND), **problems(*IN, 404, 409, 416, 422)},
)
def read_file(
    report_id: UUID, name: str, actor: Seer, records: GivenRecords, giver: GivenGiver
) -> Sent:
    """One file of a report, or a part of it (`Range`); that it was read is on the record."""
    with records.reading(actor.office_id) as session:
        report = reached(session, Report, report_id, actor, Action.REPORT_READ)
    sha256 = file_of(report, name)
    deed = deed_on("report", report.id, name=name, sha256=sha256)
    return giver.file(actor, deed, sha256=sha256, name=name)


@router.post(
    "/reports/{report_id}/attach",
    status_code=201,
    responses={
        200: {"description": "attached before; the same receipt", "model": ReceiptTold},
        **problems(*IN, 404, 409, 422),
    },
)
def attach_report(
    report_id: UUID, actor: Attacher, records: GivenRecords, response: Response
) -> ReceiptTold:
    """Attach a decided report to its permit's record, once; the record system is told."""
    with records.writing(actor.office_id) as session:
        report = reached(session, Report, report_id, actor, Action.REPORT_ATTACH)
        role = role_for(actor, Action.REPORT_ATTACH)
        attached = attach(session, report, by=actor.user_id, role=str(role))
        told = ReceiptTold.model_validate(attached.receipt)
    if not attached.is_new:
        response.status_code = 200
    return told


@router.get("/reports/{report_id}/receipt", responses=problems(*IN, 404, 422))
def show_receipt(report_id: UUID, actor: Seer, records: GivenRecords) -> ReceiptTold:
    """The receipt of a report that was attached."""
    with records.reading(actor.office_id) as session:
        report = reached(session, Report, report_id, actor, Action.REPORT_READ)
        asked = select(Receipt).where(Receipt.report_id == report.id)
        receipt = session.scalars(asked).one_or_none()
        if receipt is None:
            raise AbsentError("absent")
        return ReceiptTold.model_validate(receipt)


def _told(one: Filed) -> ReportTold:
    report, receipt = one.report, one.receipt
    return ReportTold(
        id=report.id,
        permit_id=report.permit_id,
        inspection_id=report.inspection_id,
        sequence=report.sequence,
        sha256=report.sha256,
        code=one.code,
        created_at=report.created_at,
        supersedes_id=report.supersedes_id,
        superseded_by_id=one.superseded_by.id if one.superseded_by else None,
        decision=ReportDecision.model_validate(one.decision) if one.decision else None,
        receipt=_short(receipt) if receipt else None,
    )


def _short(receipt: Receipt) -> ReceiptShort:
    return ReceiptShort(
        id=receipt.id, number=str(receipt.document["number"]), attached_at=receipt.created_at
    )


def _size(reader: Reader, sha256: str) -> int | None:
    try:
        return reader.size(sha256)
    except DisprovedError:
        return None
