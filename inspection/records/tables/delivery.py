"""What must happen once: messages that go out, and requests that came twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS
from inspection.records.tables.base import OfficeOwned, Record


class OutboxMessage(OfficeOwned, Record):
    """A message that goes out once the change that it tells of was kept, however often it fails."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_delivered_at_next_at", "delivered_at", "next_at"),)

    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Json]]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_problem: Mapped[str | None]


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
