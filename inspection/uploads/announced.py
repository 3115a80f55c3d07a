"""What a client states of a file before it sends it, in the headers of tus."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from inspection.uploads.digests import Digest
from inspection.uploads.refusals import UploadError

NAME_BYTES: Final = 1024
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")

FILE: Final = "file"
"""What a file is of which nothing is said."""

CHECKSUMS: Final = ("sha256", "sha1")
"""Of one chunk, against damage on the way; that of the whole file is always SHA-256."""


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A file that is to come."""

    size: int
    sha256: str
    name: str
    """As its bringer calls it: data, and never part of a path."""

    kind: str
    permit_id: UUID | None
    parcel: str | None = None
    """Hash of the manifest of the parcel that it comes in."""

    goes_on: bool = False
    """Whether an upload of the same bytes is meant, where there is one."""

    @property
    def metadata(self) -> str:
        """The same in the form of the header."""
        pairs = {"filename": self.name, "sha256": self.sha256, "kind": self.kind}
        if self.permit_id is not None:
            pairs["permit"] = str(self.permit_id)
        if self.parcel is not None:
            pairs["parcel"] = self.parcel
        return ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items()
        )


@dataclass(frozen=True, kw_only=True)
class Checksum:
    """What the bytes of one chunk must hash to."""

    algorithm: str
    digest: bytes

    def fits(self, digest: Digest) -> bool:
        """Whether this is it."""
        return digest.digest() == self.digest

    def begun(self) -> Digest:
        """Begin to hash a chunk."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def announced(length: str | None, metadata: str | None) -> Announced:
    """
    Read ``Upload-Length`` and ``Upload-Metadata``; pairs of other names are left out.

    Raises
    ------
    UploadError
        ``upload_header`` for a header that cannot be read, ``upload_hash_missing``,
        ``upload_empty``.
    """
    size = number(length, "Upload-Length")
    if size == 0:
        raise UploadError("upload_empty")
    pairs = _pairs(metadata or "")
    if "sha256" not in pairs:
        raise UploadError("upload_hash_missing")
    sha256 = pairs["sha256"].lower()
    name, kind = pairs.get("filename", ""), pairs.get("kind", FILE)
    # PostgreSQL keeps no NUL in a text; SQLite would cut the name there.
    is_name = name and "\0" not in name and len(name.encode()) <= NAME_BYTES
    if not is_name:
        raise UploadError("upload_header", where="Upload-Metadata: filename")
    if not _SHA256.fullmatch(sha256):
        raise UploadError("upload_header", where="Upload-Metadata: sha256")
    if not _KIND.fullmatch(kind):
        raise UploadError("upload_header", where="Upload-Metadata: kind")
    parcel = pairs.get("parcel")
    if parcel is not None and not _SHA256.fullmatch(parcel):
        raise UploadError("upload_header", where="Upload-Metadata: parcel")
    return Announced(
        size=size,
        sha256=sha256,
        name=name,
        kind=kind,
        permit_id=_permit(pairs.get("permit")),
        parcel=parcel,
        goes_on="goes_on" in pairs,
    )


def number(text: str | None, header: str) -> int:
    """
    Read a count of bytes.

    Raises
    ------
    UploadError
        ``upload_header``.
    """
    if text is None or not _NUMBER.fullmatch(text):
        raise UploadError("upload_header", where=header)
    return int(text)


def checksum(header: str | None) -> Checksum | None:
    """
    Read ``Upload-Checksum``.

    Raises
    ------
    UploadError
        ``upload_header`` if it cannot be read or names an algorithm that is not offered.
    """
    if header is None:
        return None
    algorithm, _, digest = header.partition(" ")
    try:
        expected = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UploadError("upload_header", where="Upload-Checksum") from error
    if algorithm not in CHECKSUMS:
        raise UploadError("upload_header", where="Upload-Checksum")
    return Checksum(algorithm=algorithm, digest=expected)


def _pairs(metadata: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in filter(None, metadata.split(",")):
        key, _, value = part.strip().partition(" ")
        if key in pairs:
            raise UploadError("upload_header", where="Upload-Metadata")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode()
        except ValueError as error:
            raise UploadError("upload_header", where="Upload-Metadata") from error
    return pairs


def _permit(text: str | None) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise UploadError("upload_header", where="Upload-Metadata: permit") from error
