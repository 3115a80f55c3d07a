"""What an examination of a report on paper may find, as values."""

from dataclasses import dataclass
from enum import StrEnum

from inspection.evidence.verify import Flaw


@dataclass(frozen=True, kw_only=True)
class Box:
    """Place kept free for the first signature; page from 1, millimetres from upper left."""

    page: int
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One signature and all that can be said of it from the file and the known issuers."""

    field: str
    kind: str = "signature"
    """``signature`` of a signer, or ``timestamp`` of a time stamping authority."""

    signer: str | None = None
    organisation: str | None = None
    issuer: str | None = None
    certificate_sha256: str | None = None
    claimed_at: str | None = None
    """When, as the signer states it; nothing proves it."""

    timestamp_at: str | None = None
    """When, as a time stamping authority states it."""

    timestamp_known: bool = False
    """Whether the authority is one of the known issuers."""

    reason: str | None = None
    location: str | None = None
    intact: bool = False
    """Whether the signed bytes are the ones that were signed."""

    covers_whole_file: bool = False
    added_after: str = "unknown"
    """``nothing``, ``allowed`` (another signature or timestamp), ``forbidden``, ``unknown``."""

    shows_over: bool = False
    """Whether it shows something on a page that an earlier signature had signed."""

    issuer_known: bool = False
    expired: bool = False
    revoked: bool = False


class Standing(StrEnum):
    """The answer in one word."""

    DISPROVED = "disproved"
    NOT_SIGNED = "not_signed"
    ISSUER_UNPROVEN = "issuer_unproven"
    ISSUER_KNOWN = "issuer_known"


class Pages(StrEnum):
    """Whether the pages say what the data in the report say."""

    PROVEN = "proven"
    """Set anew from the data, they come out the same; pictures are taken as they are."""

    NOT_COMPARED = "not_compared"
    """Another version of the product set them, or nobody looked."""

    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class PaperProof:
    """What an examination found; no flaws means that nothing contradicts the report."""

    standing: Standing
    inspection: str | None
    language: str | None
    report_sha256: str | None
    box: Box | None
    pages: Pages
    signatures: tuple[Signature, ...]
    flaws: tuple[Flaw, ...]
