"""For anybody: whether a report is genuine, was superseded, or altered."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from api.dependencies import GivenRecords, GivenWords, Origin, settings_of
from api.described import problems
from api.errors import RequestError
from api.public import GivenPublic
from api.public_schemas import FlawShown, LaterShown, Mark, PublicReportShown, VerificationShown
from inspection.evidence.examination import known_issuers
from inspection.objections.found import PublicReport
from inspection.objections.judging import Judgement, Verdict, judged_mark, judged_paper
from inspection.records.wall import there
from inspection.wiring import look_at_pages
from inspection.wording.catalogue import Wording

SENT_WITHIN_S: Final = 300
"""How long a PDF may take to arrive: nobody holds a place for longer."""

router = APIRouter(prefix="/verifications", tags=["public"])
_PDF: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/{mark}", responses=problems(422, 429))
def verify_mark(
    mark: Mark, records: GivenRecords, words: GivenWords, public: GivenPublic, origin: Origin
) -> VerificationShown:
    """A report by the SHA-256 of its inspection.json or PDF, or by the code printed in it."""
    public.looking.take(origin)
    return _shown(judged_mark(records, mark), words)


@router.post("", responses=problems(413, 415, 422, 429), openapi_extra=_PDF)
async def verify_paper(
    request: Request,
    records: GivenRecords,
    words: GivenWords,
    public: GivenPublic,
    origin: Origin,
) -> VerificationShown:
    """A report as PDF. It is examined by a process without rights, and kept nowhere."""
    public.judging.take(origin)
    with public.place(), tempfile.TemporaryFile() as file:
        try:
            async with asyncio.timeout(SENT_WITHIN_S):
                async for part in request.stream():
                    file.write(part)
        except TimeoutError as error:
            raise RequestError("body_too_slow", seconds=SENT_WITHIN_S) from error
        async with public.judges:
            file.seek(0)
            found = await run_in_threadpool(
                judged_paper, records, file.read(), look=look_at_pages, trust=trust_of(request)
            )
    return _shown(found, words)


def trust_of(request: Request) -> list[bytes]:
    """Certificates of the issuers that this installation knows."""
    known: Path | None = settings_of(request).trust
    return [] if known is None else known_issuers([known])


def _shown(found: Judgement, words: Wording) -> VerificationShown:
    report = found.report
    later = report.superseded_by if report else None
    sentence = words.say(
        f"verification.{found.verdict}",
        later=there(later.created_at, report.time_zone) if report and later else None,
        code=later.code if later else None,
    )
    # Of a copy that is not proven to be the report, nobody is told that it stands.
    if report and report.newer_under_review and found.verdict is Verdict.GENUINE:
        sentence = f"{sentence} {words.say('verification.newer')}"
    return VerificationShown(
        verdict=found.verdict,
        sentence=sentence,
        report=_report(report) if report else None,
        flaws=[
            FlawShown(code=one.code, file=one.file, message=words.say(f"errors.{one.code}.message"))
            for one in found.flaws
        ],
    )


def _report(report: PublicReport) -> PublicReportShown:
    later = report.superseded_by
    return PublicReportShown(
        permit_reference=report.permit_reference,
        sha256=report.sha256,
        code=report.code,
        created_at=report.created_at,
        decision=report.decision,
        attached_at=report.attached_at,
        time_zone=report.time_zone,
        superseded_by=LaterShown.model_validate(later) if later else None,
        newer_under_review=report.newer_under_review,
    )
