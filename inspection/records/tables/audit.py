"""The audit log: chained events, one chain an office; the signed heads of the chains."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS
from inspection.records.tables.base import Base, Record


class AuditChain(Base):
    """Where a chain ends now. Whoever appends holds this row, so that appends follow in line."""

    __tablename__ = "audit_chains"

    chain: Mapped[UUID] = mapped_column(primary_key=True)
    """The office's id; that of the installation itself is all zeros."""

    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(SHA256_DIGITS))


class AuditEvent(Base):
    """One event; `content` is what its hash covers, the other columns repeat parts of it."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_chain_at_seq", "chain", "at", "seq"),
        Index("ix_audit_events_chain_action_at_seq", "chain", "action", "at", "seq"),
        Index("ix_audit_events_chain_subject_id_at_seq", "chain", "subject_id", "at", "seq"),
    )

    chain: Mapped[UUID] = mapped_column(
        ForeignKey("audit_chains.chain", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(128))
    content: Mapped[str]
    """Canonical JSON."""


class AuditPrivate(Base):
    """Personal words of an event: outside its hash but for a salted one, so they may be erased."""

    __tablename__ = "audit_private"

    chain: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    facts: Mapped[dict[str, Json]]


class AuditHead(Record):
    """Where a chain ended on a day, signed; copies of it are held elsewhere."""

    __tablename__ = "audit_heads"
    __table_args__ = (UniqueConstraint("chain", "day"),)

    chain: Mapped[UUID]
    day: Mapped[date]
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    content: Mapped[str]
    """Canonical JSON, which the signature covers."""

    signature: Mapped[str] = mapped_column(String(128))
    """Ed25519, in hexadecimal digits."""
