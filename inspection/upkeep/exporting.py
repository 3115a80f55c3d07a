"""A chain as it leaves the installation: whole, with a head of its own, and on the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspection.evidence.chain import End
from inspection.evidence.head import signed_head
from inspection.records.audit import Deed, record
from inspection.records.audit_reading import heads_counted, log_lines
from inspection.records.columns import now, text_of
from inspection.records.heads import day_of
from inspection.records.store import Records


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A log on its way out."""

    end: End
    heads: int
    lines: Iterator[bytes]


def export_log(
    records: Records, chain: UUID, *, key: Ed25519PrivateKey, actor: str | None
) -> Exported:
    """
    Give a whole chain with its heads, the first of them signed now.

    It covers the last event, that of this export: what is cut off on the way shows.
    """
    deed = Deed(action="audit.exported", subject_kind="audit_log", subject_id=str(chain))
    with records.writing_all() as session:
        event = record(session, deed, actor=actor, chain=chain)
        end = End(seq=event.seq, hash=event.hash)
    at = now()
    with records.reading_all() as session:
        day = day_of(session, chain, at)
        heads = heads_counted(session, chain, last=end.seq) + 1
    head = signed_head(end, chain=str(chain), day=day, at=text_of(at), key=key)

    def lines() -> Iterator[bytes]:
        yield head.line
        yield from log_lines(records, chain, last=end.seq)

    return Exported(end=end, heads=heads, lines=lines())
