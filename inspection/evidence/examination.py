"""Proving or disproving a report on paper, offline, with nothing but the PDF and known issuers."""

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from geo.errors import RefusedError, naming
from inspection.evidence.child import answer_of
from inspection.evidence.proof import Box, Pages, PaperProof, Signature, Standing
from inspection.evidence.verify import Flaw

LONGEST: Final = 256 * 2**20
_ALLOWANCE: Final = {"memory_bytes": 2**30, "seconds": 30, "answer_bytes": 128 * 2**20}
_WALL_SECONDS: Final = 90
PAGES: Final = "pages"

type Look = Callable[[bytes, bytes], Pages]
"""Compares the pages of a PDF with the document that is embedded in it."""


def examined(
    content: bytes, *, trust: Sequence[bytes] = (), look: Look | None = None
) -> PaperProof:
    """
    Examine a PDF in a process of its own that has no rights and little time.

    Parameters
    ----------
    content
        The PDF.
    trust
        Certificates of known issuers, DER.
    look
        At the pages, taken where nothing else was found wrong.

    Raises
    ------
    RefusedError
        ``pdf_unreadable``, ``pdf_not_ours``, ``pdf_without_data``, ``pdf_too_large`` or
        ``pdf_takes_too_much``.
    UnfinishedError
        ``pdf_reader_not_started``.
    """
    _require_size(content)
    if b"%PDF-" not in content[:1024]:
        raise RefusedError("pdf_unreadable")
    return proof_of(content, _answer(content, trust), look)


def proof_of(content: bytes, answer: dict[str, Any], look: Look | None = None) -> PaperProof:
    """Make a proof of what the examiner found."""
    paper = answer["paper"]
    signatures = tuple(Signature(**one) for one in answer["signatures"])
    flaws = [Flaw(**one) for one in [*paper["flaws"], *answer["flaws"]]]
    pages = Pages.NOT_COMPARED
    if not flaws and look is not None and paper["content"] is not None:
        pages = look(content, paper["content"].encode())
    if pages is Pages.CHANGED:
        flaws.append(Flaw(code="pages_changed", file=PAGES))
    return PaperProof(
        standing=_standing(signatures, flaws),
        inspection=paper["inspection"],
        language=paper["language"],
        report_sha256=paper["sha256"],
        box=None if paper["box"] is None else Box(**paper["box"]),
        pages=pages,
        signatures=signatures,
        flaws=tuple(flaws),
    )


def content_of(path: Path) -> bytes:
    """
    Read a file that claims to be a report, unless it is far larger than any report.

    Raises
    ------
    RefusedError
        ``pdf_too_large``; ``pdf_unreadable`` where the path is no file.
    """
    if not path.is_file():
        raise RefusedError("pdf_unreadable")  # a device or a pipe may never end
    with path.open("rb") as file:
        content = file.read(LONGEST + 1)
    _require_size(content)
    return content


def known_issuers(paths: Sequence[Path]) -> list[bytes]:
    """
    Read the certificates of known issuers from PEM files.

    Raises
    ------
    RefusedError
        ``trust_unreadable``.
    """
    found: list[bytes] = []
    for path in paths:
        with naming(path):
            try:
                held = x509.load_pem_x509_certificates(path.read_bytes())
                found += [certificate.public_bytes(Encoding.DER) for certificate in held]
            except ValueError as error:
                raise RefusedError("trust_unreadable") from error
    return found


def _require_size(content: bytes) -> None:
    if len(content) > LONGEST:
        raise RefusedError("pdf_too_large", limit_megabytes=LONGEST // 2**20)


def _standing(signatures: Sequence[Signature], flaws: Sequence[Flaw]) -> Standing:
    """Give the weakest of the signatures: a report is proven no better than that."""
    if flaws:
        return Standing.DISPROVED
    signers = [one for one in signatures if one.kind == "signature"]
    if not signers:
        return Standing.NOT_SIGNED
    known = all(one.issuer_known for one in signers)
    return Standing.ISSUER_KNOWN if known else Standing.ISSUER_UNPROVEN


def _answer(content: bytes, trust: Sequence[bytes]) -> dict[str, Any]:
    request = {"trust": [base64.b64encode(one).decode() for one in trust]}
    return answer_of(
        "inspection.evidence.examiner",
        request,
        content,
        allowance=_ALLOWANCE,
        wall_seconds=_WALL_SECONDS,
    )
