"""The audit log as its auditor reads it: a page, all of it, or a proof of a part of it."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.evidence.audit_log import LogProof, verify_log
from inspection.evidence.chain import NOTHING, End
from inspection.evidence.head import SignedHead
from inspection.evidence.verify import Flaw
from inspection.records.audit import events_between, line_of, log
from inspection.records.columns import Instant, instant_from, text_of
from inspection.records.deeds import DEEDS
from inspection.records.heads import by_these
from inspection.records.paging import LARGEST, Page
from inspection.records.store import Records
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditHead

MOST_EXAMINED: Final = 20_000
"""Events that are proven at once: a fraction of a second."""

_CHUNK: Final = 1000


@dataclass(frozen=True, kw_only=True)
class EventsWanted:
    """Which events; what is None does not narrow them."""

    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    subject_id: str | None = None
    actor: str | None = None
    """Id of a person."""


@dataclass(frozen=True, kw_only=True)
class PartProof:
    """What the examination of a part found."""

    first: int
    last: int
    after: int | None
    """Where the next part begins; None at the chain's end."""

    proof: LogProof
    flaws: tuple[Flaw, ...]


def events_page(
    session: Session, wanted: EventsWanted, *, size: int, after: str | None
) -> Page[AuditEvent]:
    """
    Some events of the session's office, the newest first.

    Raises
    ------
    RefusedError
        ``page_unknown``, ``page_size``, ``audit_action_unknown``.
    """
    if not 1 <= size <= LARGEST:
        raise RefusedError("page_size", limit=LARGEST)
    if wanted.action is not None and wanted.action not in DEEDS:
        nearest = get_close_matches(wanted.action, sorted(DEEDS), n=1, cutoff=0.0)[0]
        raise RefusedError("audit_action_unknown", where="action", nearest=nearest)
    asked = _narrowed(select(AuditEvent), wanted)
    if after is not None:
        at, seq = _place(after)
        asked = asked.where(
            tuple_(AuditEvent.at, AuditEvent.seq) < tuple_(literal(at, Instant()), literal(seq))
        )
    newest_first = asked.order_by(AuditEvent.at.desc(), AuditEvent.seq.desc())
    rows = session.scalars(newest_first.limit(size + 1)).all()
    shown = rows[:size]
    return Page(rows=shown, after=_mark(shown[-1]) if len(rows) > size else None)


def end_of(session: Session, chain: UUID) -> End:
    """Where a chain ends now."""
    held = session.get(AuditChain, chain)
    return NOTHING if held is None else End(seq=held.seq, hash=held.hash)


def log_lines(records: Records, chain: UUID, *, last: int) -> Iterator[bytes]:
    """
    A chain as lines, its heads first, then its events up to one; whatever is appended meanwhile.

    Each thousand is a transaction of its own: events are never changed, and somebody who reads
    slowly shall hold nobody up.
    """
    with records.reading_all() as session:
        asked = select(AuditHead).where(AuditHead.chain == chain, AuditHead.seq <= last)
        heads = [line_of(head) for head in session.scalars(asked.order_by(AuditHead.day))]
    yield from heads
    begun = 0
    while begun < last:
        with records.reading_all() as session:
            events = list(events_between(session, chain, begun + 1, min(begun + _CHUNK, last)))
        yield from events
        begun += _CHUNK


def heads_counted(session: Session, chain: UUID, *, last: int) -> int:
    """How many signed heads a chain has up to an event."""
    asked = select(func.count(AuditHead.id)).where(AuditHead.chain == chain, AuditHead.seq <= last)
    return session.scalar(asked) or 0


def examined(
    session: Session,
    chain: UUID,
    *,
    keys: Sequence[Ed25519PublicKey],
    kept: Sequence[SignedHead] = (),
) -> LogProof:
    """Prove or disprove a whole chain where it lies, with the heads that were kept elsewhere."""
    return verify_log(log(session, chain), name="audit_events", keys=keys, heads=kept)


def examined_part(
    session: Session,
    chain: UUID,
    *,
    keys: Sequence[Ed25519PublicKey],
    first: int | None = None,
    most: int = MOST_EXAMINED,
) -> PartProof:
    """
    Prove a part of a chain where it lies: from an event on, else its newest events.

    Parts that follow one another prove it whole: each is held against the event before it.
    """
    end = end_of(session, chain)
    first = max(1, end.seq - most + 1) if first is None else max(1, first)
    last = min(first + most - 1, end.seq)
    before = session.scalar(
        select(AuditEvent.hash).where(AuditEvent.chain == chain, AuditEvent.seq == first - 1)
    )
    after = NOTHING if first == 1 else End(seq=first - 1, hash=before or "")
    heads = select(AuditHead).where(AuditHead.chain == chain, AuditHead.seq >= first)
    if last < end.seq:
        heads = heads.where(AuditHead.seq <= last)
    proof = verify_log(
        events_between(session, chain, first, last),
        name="audit_events",
        keys=keys,
        heads=by_these(session.scalars(heads).all(), keys),
        after=after,
    )
    flaws = tuple(_numbered(one, first) for one in proof.flaws)
    if last == end.seq and last >= first and proof.end != end:
        flaws = (*flaws, Flaw(code="audit_event_out_of_line", file=f"audit_events#{end.seq}"))
    return PartProof(
        first=first,
        last=last,
        after=None if last >= end.seq else last + 1,
        proof=proof,
        flaws=flaws,
    )


def _numbered(flaw: Flaw, first: int) -> Flaw:
    """A flaw by the number of its event, also where the event itself cannot be read."""
    name, _, line = flaw.file.partition("#line-")
    return Flaw(code=flaw.code, file=f"{name}#{first - 1 + int(line)}") if line else flaw


def newest_head(session: Session, chain: UUID) -> AuditHead | None:
    """The last head of a chain."""
    asked = select(AuditHead).where(AuditHead.chain == chain)
    return session.scalars(asked.order_by(AuditHead.day.desc()).limit(1)).one_or_none()


def _narrowed(asked: Select[Any], wanted: EventsWanted) -> Select[Any]:
    if wanted.since is not None:
        asked = asked.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        asked = asked.where(AuditEvent.at < wanted.until)
    if wanted.action is not None:
        asked = asked.where(AuditEvent.action == wanted.action)
    if wanted.subject_id is not None:
        asked = asked.where(AuditEvent.subject_id == wanted.subject_id)
    if wanted.actor is not None:
        asked = asked.where(AuditEvent.actor == wanted.actor)
    return asked


def _mark(event: AuditEvent) -> str:
    return base64.urlsafe_b64encode(f"{text_of(event.at)} {event.seq}".encode()).decode()


def _place(mark: str) -> tuple[datetime, int]:
    try:
        at, seq = base64.urlsafe_b64decode(mark.encode()).decode().split(" ")
        instant, number = instant_from(at), int(seq)
    except ValueError as error:
        raise RefusedError("page_unknown") from error
    if not 0 < number < 2**63:
        raise RefusedError("page_unknown")
    return instant, number
