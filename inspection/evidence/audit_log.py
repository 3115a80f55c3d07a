"""Proving a log that left its database: offline, with the signed heads that others kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from geo.errors import RefusedError
from inspection.evidence.chain import NOTHING, End, Link, link_from
from inspection.evidence.head import SignedHead, head_from
from inspection.evidence.verify import Flaw


@dataclass(frozen=True, kw_only=True)
class LogProof:
    """What the examination of a log found; no flaws means that nothing in it was changed."""

    chain: str | None
    end: End
    heads: int
    """How many signed heads its events were held against."""

    places: tuple[int, ...]
    """Numbers of the events about what was sought."""

    flaws: tuple[Flaw, ...]


@dataclass(kw_only=True)
class _Examination:
    name: str
    key: Ed25519PublicKey
    chain: str | None = None
    end: End = NOTHING
    expected: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """Hashes that signed heads state, by chain and number of the event."""

    heads: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    def at(self, place: str | int) -> str:
        return f"{self.name}#{place}"

    def take_head(self, head: SignedHead, place: str) -> None:
        if not head.is_by(self.key):
            self.flaws.append(Flaw(code="audit_head_unsigned", file=self.at(place)))
            return
        self.expected.setdefault((head.stated["chain"], head.end.seq), []).append(head.end.hash)

    def take(self, link: Link) -> None:
        self.chain = self.chain or link.event["chain"]
        seq = link.event["seq"]
        if not link.is_whole:
            self.flaws.append(Flaw(code="audit_event_changed", file=self.at(seq)))
        if not link.follows(self.end, chain=self.chain):
            self.flaws.append(Flaw(code="audit_event_out_of_line", file=self.at(seq)))
        stated = self.expected.pop((self.chain, seq), [])
        self.heads += len(stated)
        if any(one != link.hash for one in stated):
            self.flaws.append(Flaw(code="audit_head_contradicted", file=self.at(seq)))
        self.end = link.end

    def close(self) -> None:
        """What was signed and is no longer there."""
        for (chain, seq), stated in sorted(self.expected.items()):
            if chain == (self.chain or chain) and seq > 0:
                self.heads += len(stated)
                self.flaws.append(Flaw(code="audit_head_contradicted", file=self.at(seq)))


def verify_log(
    lines: Iterable[bytes],
    *,
    name: str,
    key: Ed25519PublicKey,
    heads: Iterable[SignedHead] = (),
    seeking: str | None = None,
) -> LogProof:
    """
    Prove or disprove a log: its heads come first, then every event from the first on.

    The chain shows an event that was changed, taken out or moved. A tail that was cut off and a
    log that was written anew hold together in themselves: only heads show them, and of these
    the ones that were kept elsewhere (`heads`), those of other chains left aside.
    """
    found = _Examination(name=name, key=key)
    for head in heads:
        found.take_head(head, f"head-{head.stated['day']}")
    places = []
    for number, line in enumerate(lines, 1):
        try:
            if line.startswith(b'{"head"'):
                found.take_head(head_from(line), f"line-{number}")
                continue
            link = link_from(line)
        except RefusedError:
            found.flaws.append(Flaw(code="audit_line_unreadable", file=found.at(f"line-{number}")))
            continue
        found.take(link)
        if seeking is not None and link.event.get("subject_id") == seeking:
            places.append(link.end.seq)
    found.close()
    return LogProof(
        chain=found.chain,
        end=found.end,
        heads=found.heads,
        places=tuple(places),
        flaws=tuple(found.flaws),
    )
