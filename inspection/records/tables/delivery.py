"""What must happen once: messages that go out, and requests that came twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS
from inspection.records.tables.base import OfficeOwned, Record, refers_to


class OutboxMessage(OfficeOwned, Record):
    """A message that goes out once the change that it tells of was kept, however often it fails."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_delivered_at_next_at", "delivered_at", "next_at"),)

    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Json]]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None]
    """Until when somebody is sending it, and nobody else does."""

    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Json] | None]
    """Why the last attempt failed."""


class FetchToken(OfficeOwned, Record):
    """A key to the light paper of one report for a short while, known here by its hash only."""

    __tablename__ = "fetch_tokens"
    __table_args__ = (refers_to("reports", "report_id"),)

    report_id: Mapped[UUID]
    secret_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class IdempotencyKey(Record):
    """A creating request and what it was answered, for when it comes again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("owner", "caller", "key_sha256"),)

    owner: Mapped[UUID]
    """Office of who sent it, or the installation, where nobody known did."""

    caller: Mapped[str] = mapped_column(String(64))
    """Who sent it: another person's key of the same name is another key."""

    key_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Hash of the key, which itself opens the answer and is kept nowhere."""

    is_kept: Mapped[bool] = mapped_column(default=False)
    """Whether what was asked for is on the record: it must not be done again."""

    request_sha256: Mapped[str | None] = mapped_column(String(SHA256_DIGITS))
    answer: Mapped[bytes | None]
    """Sealed, for it may hold a password; None while the request is still being answered."""

    expires_at: Mapped[datetime] = mapped_column(index=True)
