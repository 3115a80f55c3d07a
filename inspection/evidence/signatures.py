"""The signatures of a report on paper: by whom, when, over what, and what came afterwards."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from geo.errors import RefusedError
from inspection.evidence.issuers import Trust, Verdict, printable, verdict_on
from inspection.evidence.proof import Signature
from inspection.evidence.verify import Flaw

_MOST_SIGNATURES: Final = 32
_WEAK: Final = frozenset({"md2", "md5", "sha1"})
_HIDDEN: Final = 0b10
_VALUE: Final = re.compile(rb"/ByteRange\s*\[")


def signatures_of(
    reader: PdfFileReader, content: bytes, trust: Trust
) -> tuple[list[Signature], list[Flaw]]:
    """Examine every signature of a PDF, the earliest first."""
    fields = [*enumerate_sig_fields(reader)]
    if len(fields) > _MOST_SIGNATURES:
        raise RefusedError("pdf_takes_too_much")
    flaws: list[Flaw] = []
    found: list[tuple[int, Signature]] = []
    for name, value, held in fields:
        if value is None:
            continue
        try:
            embedded = EmbeddedPdfSignature(reader, held, name)
            signature, own = _examined(embedded, content, trust)
            found.append((embedded.signed_revision, signature))
            flaws += own
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - whatever cannot be read as a signature is none
            broken = Signature(field=printable(name))
            found.append((reader.xrefs.total_revisions, broken))
            flaws.append(Flaw(code="signature_broken", file=broken.field))
    found.sort(key=lambda pair: pair[0])
    first = found[0][0] if found else None
    signatures = [
        replace(one, shows_over=True) if revision != first and one.field in _shown(fields) else one
        for revision, one in found
    ]
    if len(_VALUE.findall(content)) > len(found):
        # An earlier state of the file was signed, or the signature was taken out of its form.
        flaws.append(Flaw(code="signature_broken", file="ByteRange"))
    unsigned = {printable(name) for name, value, _ in fields if value is None}
    flaws += [
        Flaw(code="signature_pages_added", file=name)
        for name in sorted(unsigned & _shown(fields))
        if found
    ]
    return signatures, flaws


def _examined(
    embedded: EmbeddedPdfSignature, content: bytes, trust: Trust
) -> tuple[Signature, list[Flaw]]:
    name = printable(embedded.field_name)
    verdict = verdict_on(embedded, trust)
    status = verdict.status
    intact = bool(status.intact and status.valid and _is_framed(embedded, content))
    added = _added(embedded, status)
    signature = Signature(
        field=name,
        kind="timestamp" if verdict.is_timestamp else "signature",
        signer=verdict.signer,
        organisation=verdict.organisation,
        issuer=verdict.issuer,
        certificate_sha256=embedded.signer_cert.sha256.hex(),
        claimed_at=_moment(verdict.claimed_at),
        timestamp_at=_moment(verdict.timestamp_at),
        timestamp_known=verdict.timestamp_known,
        reason=_text(embedded, "/Reason"),
        location=_text(embedded, "/Location"),
        intact=intact,
        covers_whole_file=embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        added_after=added,
        issuer_known=intact and verdict.issuer_known,
        expired=verdict.expired,
        revoked=verdict.revoked,
    )
    return signature, _flaws(embedded, signature, verdict)


def _flaws(embedded: EmbeddedPdfSignature, signature: Signature, verdict: Verdict) -> list[Flaw]:
    name = signature.field
    if not signature.intact:
        return [Flaw(code="signature_broken", file=name)]
    flaws = []
    if signature.added_after == "forbidden":
        flaws.append(Flaw(code="signature_pages_added", file=name))
    if embedded.md_algorithm in _WEAK:
        flaws.append(Flaw(code="signature_weak", file=name))
    if signature.revoked:
        flaws.append(Flaw(code="signature_revoked", file=name))
    if verdict.outside_validity:
        flaws.append(Flaw(code="signature_outside_validity", file=name))
    return flaws


def _is_framed(embedded: EmbeddedPdfSignature, content: bytes) -> bool:
    """
    Whether all is signed but the signature itself, and nothing hides in its place.

    The hole in the signed bytes must be one hexadecimal string, the one that was read as
    the signature, and what fills it up behind the signature must be nothing.
    """
    ranges = [int(number) for number in embedded.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0:  # noqa: PLR2004 - two ranges
        return False
    _, before, after, rest = ranges
    if after + rest > len(content):
        return False
    hole = content[before:after]
    if not re.fullmatch(rb"<[0-9A-Fa-f]*>", hole):
        return False
    raw = bytes.fromhex(hole[1:-1].decode() + "0" * (len(hole) % 2))
    return raw == embedded.pkcs7_content and not raw[_length(raw) :].strip(b"\0")


def _length(raw: bytes) -> int:
    """Length of the one value that stands at the beginning of bytes in DER."""
    size, head = raw[1], 2
    if size > 0x80:  # noqa: PLR2004 - DER: the long form, whose low bits count the bytes
        head += size & 0x7F
        size = int.from_bytes(raw[2:head])
    elif size == 0x80:  # noqa: PLR2004 - BER: of no stated length, up to its end mark
        return len(raw.rstrip(b"\0"))
    return head + size


def _added(embedded: EmbeddedPdfSignature, status: Any) -> str:  # noqa: ANN401 - one of two kinds
    if embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "nothing"
    is_last = embedded.signed_revision >= embedded.reader.xrefs.total_revisions - 1
    if is_last or embedded.coverage is not SignatureCoverageLevel.ENTIRE_REVISION:
        return "forbidden"  # bytes that belong to no state of the document
    return "allowed" if status.docmdp_ok else "forbidden"


def _shown(fields: list[tuple[str, Any, Any]]) -> set[str]:
    """Names of the fields that show something on a page."""
    return {printable(name) for name, _, held in fields if _is_visible(held)}


def _is_visible(held: Any) -> bool:  # noqa: ANN401 - whatever a PDF holds
    found = held.get_object()
    widgets = [found, *(kid.get_object() for kid in found.get("/Kids", ()))]
    for widget in widgets:
        rectangle = widget.get("/Rect")
        if not isinstance(rectangle, generic.ArrayObject) or int(widget.get("/F", 0)) & _HIDDEN:
            continue
        left, low, right, high = (float(number) for number in rectangle)
        if left != right and low != high:
            return True
    return False


def _text(embedded: EmbeddedPdfSignature, key: str) -> str | None:
    found = embedded.sig_object.get(key)
    return printable(str(found)) if isinstance(found, generic.TextStringObject) else None


def _moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat()
