"""A report that somebody holds in their hands, against what is on the record."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.errors import RefusedError
from inspection.evidence.examination import examined
from inspection.evidence.proof import Pages, PaperProof, Standing
from inspection.evidence.verify import Flaw
from inspection.objections.found import PublicReport, by_mark, by_paper
from inspection.records.store import Records

MOST_BYTES = 64 * 2**20
"""Of a PDF that anybody sends."""

type Look = Callable[[bytes, bytes], Pages]


class Verdict(StrEnum):
    """The answer in one word."""

    GENUINE = "genuine"
    UNDECIDED = "undecided"
    """Genuine, and nobody reviewed it yet."""

    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNPROVEN = "unproven"
    """Its data are those of a report on the record, or it carries none; its pages nobody proved."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What can be said of a report that somebody has."""

    verdict: Verdict
    report: PublicReport | None = None
    flaws: tuple[Flaw, ...] = ()


def judged_mark(records: Records, mark: str) -> Judgement:
    """Say what the record knows of a hash, or of a code that is printed in a report."""
    with records.reading_all() as session:
        return _standing(by_mark(session, mark))


def judged_paper(
    records: Records, pdf: bytes, *, look: Look, trust: Sequence[bytes] = ()
) -> Judgement:
    """
    Say what the record knows of a PDF.

    One of our own bytes is known at once. Any other is read by the child without rights that
    `tinjau verify` asks; the pages are compared only with data that the record knows, since
    data of somebody's own making would be set as long as they like. A signature of an issuer that
    nobody here knows may show anything in its place, and proves no pages.

    Raises
    ------
    RefusedError
        ``pdf_unreadable``, ``pdf_too_large``, ``pdf_takes_too_much``.
    UnfinishedError
        ``pdf_reader_not_started``.
    """
    if len(pdf) > MOST_BYTES:
        raise RefusedError("pdf_too_large", limit_megabytes=MOST_BYTES // 2**20)
    with records.reading_all() as session:
        same = by_paper(session, hashlib.sha256(pdf).hexdigest())
    if same is not None:
        return _standing(same)

    def known(content: bytes) -> PublicReport | None:
        with records.reading_all() as session:
            return by_mark(session, hashlib.sha256(content).hexdigest())

    try:
        proof = examined(
            pdf,
            trust=trust,
            look=lambda paper, data: look(paper, data) if known(data) else Pages.NOT_COMPARED,
        )
    except RefusedError as error:
        if error.code == "pdf_not_ours":
            return Judgement(verdict=Verdict.UNKNOWN)
        if error.code == "pdf_without_data":
            return Judgement(verdict=Verdict.UNPROVEN)
        raise
    return _of_proof(records, proof)


def _of_proof(records: Records, proof: PaperProof) -> Judgement:
    with records.reading_all() as session:
        report = None if proof.report_sha256 is None else by_mark(session, proof.report_sha256)
    if proof.flaws:
        return Judgement(verdict=Verdict.ALTERED, report=report, flaws=proof.flaws)
    is_vouched = proof.standing in (Standing.NOT_SIGNED, Standing.ISSUER_KNOWN)
    if report is not None and not (proof.pages is Pages.PROVEN and is_vouched):
        return Judgement(verdict=Verdict.UNPROVEN, report=report)
    return _standing(report)


def _standing(report: PublicReport | None) -> Judgement:
    if report is None:
        return Judgement(verdict=Verdict.UNKNOWN)
    if report.superseded_by is not None:
        return Judgement(verdict=Verdict.SUPERSEDED, report=report)
    is_decided = report.decision is not None
    return Judgement(verdict=Verdict.GENUINE if is_decided else Verdict.UNDECIDED, report=report)
