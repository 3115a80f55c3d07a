"""The key of a signer: a PKCS#12 file and its passphrase, which goes no further than here."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner

from geo.errors import RefusedError
from inspection.evidence.issuers import printable

# A sequence, of any length, that begins with the number 3: so every PKCS#12 begins.
_BEGINNING: Final = re.compile(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x02\x01\x03", re.DOTALL
)
_LARGEST: Final = 2**20


@dataclass(frozen=True, kw_only=True, repr=False)
class Key:
    """A key that can sign, and whose it is."""

    signer: SimpleSigner
    name: str
    organisation: str | None


def key_of(content: bytes, passphrase: bytes, *, now: datetime) -> Key:
    """
    Open a PKCS#12 file.

    Raises
    ------
    RefusedError
        ``key_unreadable`` where it is none or holds no key with its certificate,
        ``key_locked`` where the passphrase does not open it, ``key_expired`` where its
        certificate is not valid now.
    """
    if len(content) > _LARGEST or not _BEGINNING.match(content):
        raise RefusedError("key_unreadable")
    opened = _opened(content, passphrase)
    if opened is None:
        raise RefusedError("key_locked")
    signer, certificate = opened
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise RefusedError("key_expired", last=certificate.not_valid_after_utc.date().isoformat())
    return Key(
        signer=signer,
        name=_attribute(certificate, NameOID.COMMON_NAME)
        or printable(certificate.subject.rfc4514_string()),
        organisation=_attribute(certificate, NameOID.ORGANIZATION_NAME),
    )


def _opened(content: bytes, passphrase: bytes) -> tuple[SimpleSigner, x509.Certificate] | None:
    # An empty passphrase and none at all are two things to the file, and one to a person.
    for tried in [passphrase] if passphrase else [b"", None]:
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(content, tried)
        except ValueError:
            continue
        except Exception as error:
            # Kinds of keys and locks that are not known here; their words stay here too.
            raise RefusedError("key_unreadable") from error
        if key is None or certificate is None:
            raise RefusedError("key_unreadable")
        try:
            return SimpleSigner.load_pkcs12_data(content, [], passphrase=tried), certificate
        except (ValueError, NotImplementedError) as error:
            raise RefusedError("key_unreadable") from error
    return None


def _attribute(certificate: x509.Certificate, which: x509.ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(which)
    return printable(", ".join(str(one.value) for one in found)) if found else None
