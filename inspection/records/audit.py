"""The audit log: what was done, kept in the same transaction as the deed itself."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text
from sqlalchemy.orm import Session

from inspection.evidence.chain import NOTHING, End, commitment, linked
from inspection.evidence.verify import Flaw
from inspection.language import Json
from inspection.records.columns import now, text_of
from inspection.records.deeds import DEEDS
from inspection.records.separation import OfficeSession
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditHead, AuditPrivate

INSTALLATION: Final = UUID(int=0)
"""Chain of what concerns no office alone."""

LAST: Final = 2**63 - 1
"""Number that no event comes beyond."""

_BEGIN = text(
    "INSERT INTO audit_chains (chain, seq, hash) VALUES (:chain, 0, :hash) ON CONFLICT DO NOTHING"
).bindparams(bindparam("chain", type_=Uuid()))


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that was done, to be kept as an event."""

    action: str
    """What, in two words: one of `DEEDS`."""

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
    if deed.action not in DEEDS:
        raise ValueError(f"{deed.action} is not among the deeds that the log knows")
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
    asked = select(AuditHead).where(AuditHead.chain == chain).order_by(AuditHead.day)
    yield from (line_of(head) for head in session.scalars(asked))
    yield from events_between(session, chain, 1, LAST)


# Both are put together as text, unread: what somebody wrote into the tables is for the proof.
def line_of(head: AuditHead) -> bytes:
    """A head as a line of a log, or as a file of its own."""
    return f'{{"head":{head.content},"signature":"{head.signature}"}}'.encode()


def events_between(session: Session, chain: UUID, first: int, last: int) -> Iterator[bytes]:
    """Events of a chain as lines of a log."""
    asked = (
        select(AuditEvent.content, AuditEvent.hash)
        .where(AuditEvent.chain == chain, AuditEvent.seq >= first, AuditEvent.seq <= last)
        .order_by(AuditEvent.seq)
    )
    for content, stated in session.execute(asked.execution_options(yield_per=1000)):
        yield f'{{"event":{content},"hash":"{stated}"}}'.encode()


def misquoted(session: Session, chain: UUID) -> list[Flaw]:
    """Events whose columns, by which they are found, say something else than what was hashed."""
    events = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)
    return [
        Flaw(code="audit_event_changed", file=f"audit_events#{event.seq}")
        for event in session.scalars(events.execution_options(yield_per=1000))
        if _is_misquoted(event)
    ]


def _held(session: Session, chain: UUID) -> AuditChain:
    """The end of a chain, which nobody else can move until the transaction ends."""
    transaction = session.get_transaction()
    known = session.info.get(chain)
    if known is not None and known[0] is transaction:
        held: AuditChain = known[1]
        return held
    session.flush()
    session.connection().execute(_BEGIN, {"chain": chain, "hash": NOTHING.hash})
    held = session.get_one(AuditChain, chain, with_for_update=True, populate_existing=True)
    if session.get_nested_transaction() is None:
        # What began within a savepoint is gone where that is taken back.
        session.info[chain] = session.get_transaction(), held
    return held


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
