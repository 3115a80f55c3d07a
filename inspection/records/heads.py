"""Signed heads on the record: one a day for each chain, and the keys that may sign them."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.evidence.chain import End
from inspection.evidence.head import SignedHead, head_from, signed_head
from inspection.evidence.head_key import fingerprint, public_keys, public_pem
from inspection.records.audit import INSTALLATION, Deed, line_of, record
from inspection.records.calendar import zone_named
from inspection.records.columns import text_of
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditHead
from inspection.records.tables.offices import Office

KEY_TAKEN: Final = "audit.key_taken"


def sign_heads(session: Session, key: Ed25519PrivateKey, *, at: datetime) -> list[SignedHead]:
    """
    Sign where each chain ends, where that was not done today; gives the new heads.

    The day is that of the office's time zone; of the installation's own chain, that of UTC. So
    the head of a day covers all of the day before, and whoever comes second signs nothing.
    """
    zones = {one.id: one.time_zone for one in session.scalars(select(Office))}
    signed = []
    for chain in session.scalars(select(AuditChain.chain).order_by(AuditChain.chain)).all():
        day = _day(zones.get(chain), at)
        today = select(AuditHead.id).where(AuditHead.chain == chain, AuditHead.day == day)
        if session.scalar(today) is not None:
            continue
        held = session.get_one(AuditChain, chain, with_for_update=True, populate_existing=True)
        # Once more: whoever held the chain before may have signed it.
        if session.scalar(today) is not None:
            continue
        end = End(seq=held.seq, hash=held.hash)
        head = signed_head(end, chain=str(chain), day=day, at=text_of(at), key=key)
        session.add(
            AuditHead(
                chain=chain,
                day=day,
                seq=end.seq,
                hash=end.hash,
                content=head.content.decode(),
                signature=head.signature.hex(),
            )
        )
        signed.append(head)
    return signed


def day_of(session: Session, chain: UUID, at: datetime) -> date:
    """The day that it is where a chain's office is."""
    office = session.get(Office, chain)
    return _day(None if office is None else office.time_zone, at)


def heads_since(session: Session, at: datetime) -> Sequence[AuditHead]:
    """Heads of all chains that were signed since then, for whoever keeps copies."""
    # The day of one zone may be the day before in another.
    earliest = (at - timedelta(days=1)).astimezone(UTC).date()
    asked = select(AuditHead).where(AuditHead.day >= earliest)
    return session.scalars(asked.order_by(AuditHead.chain, AuditHead.day)).all()


def by_these(heads: Sequence[AuditHead], keys: Sequence[Ed25519PublicKey]) -> list[SignedHead]:
    """The heads that name one of these keys; of the others nothing can be said here."""
    names = {fingerprint(key) for key in keys}
    read = [_read(head) for head in heads]
    return [head for head in read if head and head.stated.get("key_sha256") in names]


def known_keys(session: Session) -> list[Ed25519PublicKey]:
    """The keys that this installation took for signing, the last one last."""
    asked = select(AuditEvent.content).where(
        AuditEvent.chain == INSTALLATION, AuditEvent.action == KEY_TAKEN
    )
    facts = [json.loads(one)["facts"] for one in session.scalars(asked.order_by(AuditEvent.seq))]
    return [key for one in facts for key in public_keys(str(one["public_key"]).encode())]


def take_key(session: Session, key: Ed25519PublicKey) -> None:
    """Put on the record which key signs from now on."""
    name = fingerprint(key)
    if name in {fingerprint(one) for one in known_keys(session)}:
        return
    deed = Deed(
        action=KEY_TAKEN,
        subject_kind="audit_key",
        subject_id=name,
        facts={"public_key": public_pem(key).decode()},
    )
    record(session, deed, actor=None)


def _read(head: AuditHead) -> SignedHead | None:
    try:
        return head_from(line_of(head))
    except RefusedError:
        return None


def _day(zone: str | None, at: datetime) -> date:
    return at.astimezone(_zone(zone)).date()


def _zone(name: str | None) -> tzinfo:
    try:
        return UTC if name is None else zone_named(name)
    except RefusedError:
        # The head of one office is not left out because its zone was misspelt.
        return UTC
