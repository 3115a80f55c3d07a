"""How much may be on its way at once, and how much may come in a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from inspection.records.tables.flights import Upload, UploadState
from inspection.settings import Settings
from inspection.uploads.refusals import UploadError

DAY = timedelta(days=1)
TAKEN_BYTES = func.sum(
    case(
        (Upload.state.in_([UploadState.RECEIVING, UploadState.COMPLETE]), Upload.size),
        else_=Upload.received,
    )
)
"""What files take of the room of a day: of what was given up, only what arrived counts."""

SOON_S = 60
LATER_S = 3600


class Bringer(Protocol):
    """Who uploads: a person of an office, admitted by whoever knows the people."""

    @property
    def office_id(self) -> UUID:
        """The office; uploads of others are absent for its people."""

    @property
    def user_id(self) -> UUID:
        """The person; uploads of others are absent too."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an installation allows."""

    most_bytes: int
    """Of one file."""

    at_once: int
    """Unfinished uploads of one person."""

    bytes_a_day: int
    """Of one office, announced and not given up."""

    lifetime: timedelta
    """From the announcement on; what is unfinished then is thrown away."""

    @property
    def largest(self) -> int:
        """The largest file that can be taken."""
        return min(self.most_bytes, self.bytes_a_day)


def limits_of(settings: Settings) -> Limits:
    """What the settings allow."""
    return Limits(
        most_bytes=settings.upload_most_bytes,
        at_once=settings.uploads_at_once,
        bytes_a_day=settings.upload_bytes_a_day,
        lifetime=timedelta(days=settings.upload_days),
    )


def require_room(
    session: Session, bringer: Bringer, size: int, *, limits: Limits, now: datetime
) -> None:
    """
    Refuse a file for which there is no room, or none yet.

    Whoever asks holds the office's chain of events, so that two who ask at once are told apart.

    Raises
    ------
    UploadError
        ``upload_too_large``; ``upload_quota_user``, ``upload_quota_office``: later.
    """
    if size > limits.largest:
        raise UploadError("upload_too_large", size=size, limit=limits.largest)
    unfinished = session.scalar(
        select(func.count(Upload.id)).where(
            Upload.brought_by == bringer.user_id,
            Upload.state == UploadState.RECEIVING,
            Upload.expires_at > now,
        )
    )
    if (unfinished or 0) >= limits.at_once:
        raise UploadError("upload_quota_user", limit=limits.at_once, retry_s=SOON_S)
    brought = session.scalar(select(TAKEN_BYTES).where(Upload.created_at > now - DAY))
    if int(brought or 0) + size > limits.bytes_a_day:
        raise UploadError("upload_quota_office", limit=limits.bytes_a_day, retry_s=LATER_S)
