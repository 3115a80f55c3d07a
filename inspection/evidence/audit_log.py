"""Proving a log that left its database: offline, with the signed heads that others kept."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from geo.errors import RefusedError
from inspection.evidence.chain import NOTHING, End, Link, link_from
from inspection.evidence.head import SignedHead, head_from
from inspection.evidence.verify import Flaw

MOST_FLAWS: Final = 1000
"""Then the examination ends: what else is wrong would help nobody."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """An event about what was sought."""

    seq: int
    at: str
    action: str
    head_day: str | None
    """Day of the first signed head that covers it; None where none is proven up to its end."""


@dataclass(frozen=True, kw_only=True)
class LogProof:
    """What the examination of a log found; no flaws means that nothing in it was changed."""

    chain: str | None
    end: End
    heads: int
    """How many signed heads its events were held against."""

    covered: int
    """Number of the last event that a signed head covers; what follows may have been cut off."""

    head_day: str | None
    """Day of that head."""

    places: tuple[Place, ...]
    flaws: tuple[Flaw, ...]


@dataclass(kw_only=True)
class _Examination:
    name: str
    keys: Sequence[Ed25519PublicKey]
    seeking: str | None
    end: End
    chain: str | None = None
    expected: dict[tuple[str, int], list[SignedHead]] = field(default_factory=dict)
    """What signed heads state, by chain and number of the event."""

    heads: int = 0
    held: list[tuple[int, str]] = field(default_factory=list)
    """Number and day of each head that an event agreed with, up to where the chain broke."""

    is_broken: bool = False
    """Whether the chain was disproven somewhere: then no later head vouches for what it covers."""

    found: list[tuple[int, str, str]] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    def at(self, place: str | int) -> str:
        return f"{self.name}#{place}"

    def break_by(self, flaw: Flaw) -> None:
        """Note what disproves the chain itself, there and from there on."""
        self.flaws.append(flaw)
        self.is_broken = True

    def take_head(self, head: SignedHead, place: str) -> None:
        if not head.is_by(self.keys):
            self.flaws.append(Flaw(code="audit_head_unsigned", file=self.at(place)))
            return
        self.expected.setdefault((head.stated["chain"], head.end.seq), []).append(head)

    def take(self, link: Link) -> None:
        self.chain = self.chain or link.event["chain"]
        seq = link.event["seq"]
        if not link.is_whole:
            self.break_by(Flaw(code="audit_event_changed", file=self.at(seq)))
        if not link.follows(self.end, chain=self.chain):
            self.break_by(Flaw(code="audit_event_out_of_line", file=self.at(seq)))
        stated = self.expected.pop((self.chain, seq), [])
        self.heads += len(stated)
        if any(one.end.hash != link.hash for one in stated):
            self.break_by(Flaw(code="audit_head_contradicted", file=self.at(seq)))
        elif stated and not self.is_broken:
            self.held.append((seq, min(one.stated["day"] for one in stated)))
        if self.seeking is not None and self.seeking in _named(link.event):
            self.found.append((seq, str(link.event.get("at")), str(link.event.get("action"))))
        self.end = link.end

    def close(self) -> LogProof:
        """Add what was signed and is no longer there."""
        for (chain, seq), stated in sorted(self.expected.items()):
            if chain == (self.chain or chain) and seq > 0:
                self.heads += len(stated)
                self.flaws.append(Flaw(code="audit_head_contradicted", file=self.at(seq)))
        self.held.sort()
        covered, day = self.held[-1] if self.held else (0, None)
        return LogProof(
            chain=self.chain,
            end=self.end,
            heads=self.heads,
            covered=covered,
            head_day=day,
            places=tuple(self._place(*one) for one in self.found),
            flaws=tuple(self.flaws),
        )

    def _place(self, seq: int, at: str, action: str) -> Place:
        first = bisect_left(self.held, (seq, ""))
        day = self.held[first][1] if first < len(self.held) else None
        return Place(seq=seq, at=at, action=action, head_day=day)


def verify_log(
    lines: Iterable[bytes],
    *,
    name: str,
    keys: Sequence[Ed25519PublicKey],
    heads: Iterable[SignedHead] = (),
    seeking: str | None = None,
    after: End = NOTHING,
) -> LogProof:
    """
    Prove or disprove a log: its heads come first, then every event from the first on.

    The chain shows an event that was changed, taken out or moved. A tail that was cut off and a
    log that was written anew hold together in themselves: only heads show them, and of these
    the ones that were kept elsewhere (`heads`), those of other chains left aside. A part of a
    log is held against the end of what goes before it (`after`). Events about what is sought
    name it as their subject, or are about its hash.
    """
    found = _Examination(name=name, keys=keys, seeking=seeking, end=after)
    for head in heads:
        found.take_head(head, f"head-{head.stated['day']}")
    for number, line in enumerate(lines, 1):
        if len(found.flaws) >= MOST_FLAWS:
            break
        try:
            if line.startswith(b'{"head"'):
                found.take_head(head_from(line), f"line-{number}")
                continue
            link = link_from(line)
        except RefusedError:
            found.break_by(Flaw(code="audit_line_unreadable", file=found.at(f"line-{number}")))
            continue
        found.take(link)
    return found.close()


def _named(event: dict[str, Any]) -> tuple[Any, Any]:
    facts = event.get("facts")
    return event.get("subject_id"), facts.get("sha256") if isinstance(facts, dict) else None
