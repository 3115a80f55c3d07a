"""Who issued the certificate behind a signature, and whether that issuer is known here."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

_LONGEST: Final = 200
_USAGES: Final = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
_REVOCATION: Final = "adobe_revocation_info_archival"


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The issuers that are known here, as certificates, and the moment of the question."""

    certificates: Sequence[bytes]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a signature's certificate says, and whether it leads to a known issuer."""

    status: Any
    """The library's own result."""

    is_timestamp: bool
    signer: str
    organisation: str | None
    issuer: str
    claimed_at: datetime | None
    timestamp_at: datetime | None
    timestamp_known: bool
    issuer_known: bool
    expired: bool
    revoked: bool
    outside_validity: bool


def verdict_on(embedded: EmbeddedPdfSignature, trust: Trust) -> Verdict:
    """
    Validate one signature without ever asking the network.

    An issuer is known if the way from the certificate to one of the known issuers holds
    now, or held when the signature was made: certificates expire, signatures stay.
    """
    is_timestamp = embedded.sig_object_type == "/DocTimeStamp"
    certificate = embedded.signer_cert
    status = _status(embedded, trust, trust.now)
    claimed = None if is_timestamp else embedded.self_reported_timestamp
    stamp = status if is_timestamp else status.timestamp_validity
    stamp_is_sound = stamp is not None and bool(stamp.intact and stamp.valid)
    stamped = stamp.timestamp if stamp is not None and stamp_is_sound else None
    made = stamped or claimed
    expired = certificate.not_valid_after < trust.now
    revoked = status.revoked or (status.trusted and _is_revoked(embedded, trust))
    known = status.trusted and not revoked
    if made is not None and not known and not revoked and expired:
        earlier = _status(embedded, trust, _aware(made))
        known, revoked = earlier.trusted, earlier.revoked
    return Verdict(
        status=status,
        is_timestamp=is_timestamp,
        signer=_name(certificate.subject, "common_name")
        or printable(certificate.subject.human_friendly),
        organisation=_name(certificate.subject, "organization_name"),
        issuer=_name(certificate.issuer, "common_name")
        or printable(certificate.issuer.human_friendly),
        claimed_at=claimed,
        timestamp_at=stamped,
        timestamp_known=stamp_is_sound and bool(stamp.trusted),
        issuer_known=known,
        expired=expired,
        revoked=revoked,
        outside_validity=made is not None
        and not certificate.not_valid_before <= _aware(made) <= certificate.not_valid_after,
    )


def printable(text: str) -> str:
    """Somebody else's words without what could move, hide or reorder the words around them."""
    kept = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _UNSEEN else sign
        for sign in text[: _LONGEST + 1]
    )
    return kept if len(kept) <= _LONGEST else kept[:_LONGEST] + "\N{HORIZONTAL ELLIPSIS}"


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _is_revoked(embedded: EmbeddedPdfSignature, trust: Trust) -> bool:
    """Whether a list in the file revokes it, also where the certificate names no such list."""
    try:
        return bool(_status(embedded, trust, trust.now, "require").revoked)
    except ValueError:  # the file carries no list
        return False


def _status(
    embedded: EmbeddedPdfSignature, trust: Trust, moment: datetime, revocation: str = "soft-fail"
) -> Any:  # noqa: ANN401 - one of two kinds
    context = _context(embedded, trust, moment, revocation)
    if embedded.sig_object_type == "/DocTimeStamp":
        return validate_pdf_timestamp(embedded, context)
    return validate_pdf_signature(embedded, context, key_usage_settings=_USAGES)


def _context(
    embedded: EmbeddedPdfSignature, trust: Trust, moment: datetime, revocation: str
) -> ValidationContext:
    """All that may be used to judge the certificate: the known issuers and the file itself."""
    settings: dict[str, Any] = {
        "trust_roots": [
            one for der in trust.certificates for one in load_certs_from_pemder_data(der)
        ],
        "allow_fetching": False,
        "revocation_mode": revocation,
        "moment": moment,
        "retroactive_revinfo": True,
        **_carried(embedded),
    }
    try:
        store = DocumentSecurityStore.read_dss(embedded.reader)
    except NoDSSFoundError:
        return ValidationContext(**settings)
    return store.as_validation_context(settings)


def _carried(embedded: EmbeddedPdfSignature) -> dict[str, Any]:
    """Revocations that the signature itself carries."""
    for attribute in embedded.signer_info["signed_attrs"]:
        if attribute["type"].native == _REVOCATION:
            held = attribute["values"][0]
            return {"crls": list(held["crl"] or ()), "ocsps": list(held["ocsp"] or ())}
    return {}


def _name(holder: Any, key: str) -> str | None:  # noqa: ANN401 - asn1crypto has no types
    found = holder.native.get(key)
    if isinstance(found, list):
        found = ", ".join(map(str, found))
    return printable(str(found)) if found else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
