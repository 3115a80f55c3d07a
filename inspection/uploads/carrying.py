"""Uploads half by a line and half on a stick: whose they are, and who vouches for them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.parcels.manifest import KIND, MOST_BYTES, Manifest, manifest_of
from inspection.records.audit import record
from inspection.records.columns import now
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.offices import DeviceKey, User
from inspection.uploads.announced import FILE, Announced
from inspection.uploads.keeping import deed_on
from inspection.uploads.quota import Bringer
from inspection.uploads.refusals import UploadError

_GOES_ON: Final = (UploadState.RECEIVING, UploadState.COMPLETE)


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """Who signed the parcel that a file comes in."""

    parcel_sha256: str
    key_id: UUID
    signer_id: UUID


def is_theirs(bringer: Bringer) -> ColumnElement[bool]:
    """Uploads that somebody brought, carries on, or signed the parcel of."""
    own_keys = select(DeviceKey.id).where(DeviceKey.user_id == bringer.user_id)
    return or_(
        Upload.brought_by == bringer.user_id,
        Upload.carried_by == bringer.user_id,
        Upload.signed_with.in_(own_keys),
    )


def vouched(session: Session, objects: ObjectStore, file: Announced) -> Voucher | None:
    """
    Hold a file against the parcel that it is said to come in; None for one that comes in none.

    Raises
    ------
    UploadError
        ``parcel_absent``, ``parcel_unreadable``, ``parcel_altered``, ``parcel_signer_unknown``,
        ``parcel_permit_differs``, ``parcel_file_differs``.
    """
    if file.parcel is None:
        return None
    manifest = _manifest(session, objects, file.parcel)
    asked = (
        select(DeviceKey)
        .join(User, User.id == DeviceKey.user_id)
        .where(
            DeviceKey.public_key == manifest.key,
            DeviceKey.ended_at.is_(None),
            User.closed_at.is_(None),
        )
    )
    key = session.scalars(asked).one_or_none()
    if key is None:
        raise UploadError("parcel_signer_unknown")
    if manifest.stated.permit != file.permit_id:
        raise UploadError("parcel_permit_differs")
    said = (file.name, file.kind, file.size, file.sha256)
    if not any((f.name, f.role, f.size, f.sha256) == said for f in manifest.stated.files):
        raise UploadError("parcel_file_differs")
    return Voucher(parcel_sha256=manifest.sha256, key_id=key.id, signer_id=key.user_id)


def gone_on_with(
    session: Session, bringer: Bringer, file: Announced, voucher: Voucher | None
) -> Upload | None:
    """
    Find an upload of the same bytes that may go on, the furthest one; note who does so.

    It is the bringer's own, or of whoever signed the parcel that the bringer has in hand.
    """
    whose = is_theirs(bringer)
    if voucher is not None:
        own_keys = select(DeviceKey.id).where(DeviceKey.user_id == voucher.signer_id)
        whose = or_(whose, Upload.brought_by == voucher.signer_id, Upload.signed_with.in_(own_keys))
    asked = (
        select(Upload)
        .where(
            whose,
            Upload.claimed_sha256 == file.sha256,
            Upload.size == file.size,
            Upload.state.in_(_GOES_ON),
            or_(Upload.state == UploadState.COMPLETE, Upload.expires_at > now()),
            or_(Upload.permit_id.is_(None), Upload.permit_id == file.permit_id),
        )
        .order_by(Upload.received.desc(), Upload.id)
        .limit(1)
    )
    upload = session.scalars(asked).one_or_none()
    if upload is not None and _completed(upload, bringer, file, voucher):
        facts: dict[str, Json] = {
            "parcel": upload.parcel_sha256,
            "key": str(upload.signed_with) if upload.signed_with else None,
            "permit": str(upload.permit_id) if upload.permit_id else None,
            "kind": upload.kind,
        }
        record(session, deed_on(upload, "carried", facts), actor=str(bringer.user_id))
    return upload


def _completed(upload: Upload, bringer: Bringer, file: Announced, voucher: Voucher | None) -> bool:
    """Note what is said now and was not before; whether anything was."""
    before = (upload.permit_id, upload.kind, upload.parcel_sha256, upload.carried_by)
    if upload.permit_id is None:
        upload.permit_id = file.permit_id
    if upload.kind == FILE:
        upload.kind = file.kind
    if voucher is not None:
        upload.parcel_sha256, upload.signed_with = voucher.parcel_sha256, voucher.key_id
        if bringer.user_id not in (upload.brought_by, voucher.signer_id):
            upload.carried_by = bringer.user_id
    return before != (upload.permit_id, upload.kind, upload.parcel_sha256, upload.carried_by)


def _manifest(session: Session, objects: ObjectStore, sha256: str) -> Manifest:
    """Read a manifest that somebody of the office brought."""
    brought = select(Upload.id).where(
        Upload.claimed_sha256 == sha256,
        Upload.kind == KIND,
        Upload.state == UploadState.COMPLETE,
    )
    if session.scalars(brought.limit(1)).first() is None:
        raise UploadError("parcel_absent")
    if objects.stored(sha256).size_bytes > MOST_BYTES:
        raise UploadError("parcel_unreadable")
    try:
        return manifest_of(b"".join(objects.stream(sha256)))
    except RefusedError as error:
        raise UploadError(error.code) from error
