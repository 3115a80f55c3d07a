"""The audit log: what was done, kept in the same transaction as the deed itself."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Uuid, bindparam, select, text
from sqlalchemy.orm import Session

from inspection.evidence.audit_log import LogProof, verify_log
from inspection.evidence.chain import NOTHING, End, commitment, linked
from inspection.evidence.head import SignedHead, signed_head
from inspection.evidence.verify import Flaw
from inspection.language import Json
from inspection.records.columns import now, text_of
from inspection.records.separation import OfficeSession
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditHead, AuditPrivate

INSTALLATION: Final = UUID(int=0)
"""Chain of what concerns no office alone."""

_BEGIN = text(
    "INSERT INTO audit_chains (chain, seq, hash) VALUES (:chain, 0, :hash) ON CONFLICT DO NOTHING"
).bindparams(bindparam("chain", type_=Uuid()))


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that was done, to be kept as an event."""

    action: str
    """What, in two words: permit.imported, finding.rejected, file.read."""

    subject_kind: str
    subject_id: str
    facts: dict[str, Json] = field(default_factory=dict)
    private: dict[str, Json] | None = None
    """Personal facts: kept beside the event, which holds a salted hash of them."""


def record(
    session: Session, deed: Deed, *, actor: str | None, chain: UUID | None = None
) -> AuditEvent:
    """
    Put a deed in line, in the transaction that does it.

    The chain is that of the session's office; a session of the installation names one. Until
    the transaction ends, nobody else can append to the chain.
    """
    chain = session.office if isinstance(session, OfficeSession) else chain or INSTALLATION
    held = _held(session, chain)
    at = now()
    salt = secrets.token_hex(32) if deed.private is not None else None
    link = linked(
        End(seq=held.seq, hash=held.hash),
        {
            "actor": actor,
            "action": deed.action,
            "subject_kind": deed.subject_kind,
            "subject_id": deed.subject_id,
            "facts": deed.facts,
            "private_sha256": commitment(salt, deed.private) if salt and deed.private else None,
        },
        chain=str(chain),
        at=text_of(at),
    )
    held.seq, held.hash = link.end.seq, link.hash
    event = AuditEvent(
        chain=chain,
        seq=held.seq,
        hash=link.hash,
        at=at,
        actor=actor,
        action=deed.action,
        subject_kind=deed.subject_kind,
        subject_id=deed.subject_id,
        content=link.content.decode(),
    )
    session.add(event)
    if salt and deed.private:
        session.add(AuditPrivate(chain=chain, seq=held.seq, salt=salt, facts=deed.private))
    return event


def log(session: Session, chain: UUID) -> Iterator[bytes]:
    """A chain as lines that `inspection.evidence.audit_log` proves: its heads, then its events."""
    # Put together as text, unread: what somebody wrote into the tables is for the proof to find.
    asked = select(AuditHead).where(AuditHead.chain == chain).order_by(AuditHead.day)
    for head in session.scalars(asked):
        yield f'{{"head":{head.content},"signature":"{head.signature}"}}'.encode()
    events = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)
    for event in session.scalars(events.execution_options(yield_per=1000)):
        yield f'{{"event":{event.content},"hash":"{event.hash}"}}'.encode()


def sign_heads(session: Session, day: date, key: Ed25519PrivateKey) -> list[SignedHead]:
    """Sign where each chain ends, once a day; gives the new heads, to be kept elsewhere too."""
    signed = []
    done = set(session.scalars(select(AuditHead.chain).where(AuditHead.day == day)))
    for held in session.scalars(select(AuditChain).order_by(AuditChain.chain)):
        if held.chain in done:
            continue
        end = End(seq=held.seq, hash=held.hash)
        head = signed_head(end, chain=str(held.chain), day=day, at=text_of(now()), key=key)
        session.add(
            AuditHead(
                chain=held.chain,
                day=day,
                seq=end.seq,
                hash=end.hash,
                content=head.content.decode(),
                signature=head.signature.hex(),
            )
        )
        signed.append(head)
    return signed


def examined(
    session: Session, chain: UUID, *, key: Ed25519PublicKey, kept: tuple[SignedHead, ...] = ()
) -> LogProof:
    """Prove or disprove a chain where it lies, with the heads that were kept elsewhere."""
    return verify_log(log(session, chain), name="audit_events", key=key, heads=kept)


def misquoted(session: Session, chain: UUID) -> list[Flaw]:
    """Events whose columns, by which they are found, say something else than what was hashed."""
    events = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)
    return [
        Flaw(code="audit_event_changed", file=f"audit_events#{event.seq}")
        for event in session.scalars(events.execution_options(yield_per=1000))
        if _is_misquoted(event)
    ]


def _held(session: Session, chain: UUID) -> AuditChain:
    session.flush()
    session.connection().execute(_BEGIN, {"chain": chain, "hash": NOTHING.hash})
    return session.get_one(AuditChain, chain, with_for_update=True, populate_existing=True)


def _is_misquoted(event: AuditEvent) -> bool:
    hashed = json.loads(event.content)
    columns = {
        "chain": str(event.chain),
        "seq": event.seq,
        "at": text_of(event.at),
        "actor": event.actor,
        "action": event.action,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
    }
    return any(hashed[name] != stated for name, stated in columns.items())
