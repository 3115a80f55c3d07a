"""Events in line: each holds the hash of the one before, so that none can change unnoticed."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from geo.errors import RefusedError
from inspection.evidence.canonical import canonical_bytes, from_canonical
from inspection.language import Json

SCHEMA: Final = "tinjau.audit-event/1"


@dataclass(frozen=True, kw_only=True)
class End:
    """Where a chain ends, or ended once."""

    seq: int
    hash: str


NOTHING: Final = End(seq=0, hash="0" * 64)
"""What the first event follows."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One event in its chain."""

    event: dict[str, Any]
    content: bytes
    """The event as canonical JSON, which the hash covers."""

    hash: str

    @property
    def is_whole(self) -> bool:
        """Whether the event is what was hashed."""
        return hashlib.sha256(self.content).hexdigest() == self.hash

    @property
    def end(self) -> End:
        """The chain's end, were this the last event."""
        return End(seq=self.event["seq"], hash=self.hash)

    def follows(self, end: End, *, chain: str) -> bool:
        """Whether it is the next event after the end of that chain."""
        stated = (self.event["chain"], self.event["seq"], self.event["prev"])
        return stated == (chain, end.seq + 1, end.hash)


def linked(after: End, event: dict[str, Json], *, chain: str, at: str) -> Link:
    """An event put in line after the end of its chain."""
    place: dict[str, Json] = {"chain": chain, "seq": after.seq + 1, "prev": after.hash, "at": at}
    whole = {"schema": SCHEMA, **event, **place}
    content = canonical_bytes(whole)
    return Link(event=whole, content=content, hash=hashlib.sha256(content).hexdigest())


def link_from(line: bytes) -> Link:
    """
    Read a line of a log.

    Raises
    ------
    RefusedError
        ``document_unreadable``, ``document_not_canonical``.
    """
    read = from_canonical(line)
    match read:
        case {"event": {"chain": str(), "seq": int(), "prev": str()} as event, "hash": str(stated)}:
            # As it stands in the line, which is canonical: to write it again would take as long.
            content = line.removeprefix(b'{"event":').removesuffix(f',"hash":"{stated}"}}'.encode())
            return Link(event=event, content=content, hash=stated)
    raise RefusedError("document_unreadable")


def commitment(salt: str, facts: dict[str, Json]) -> str:
    """A hash that holds somebody to facts without telling them, also once they are erased."""
    return hashlib.sha256(salt.encode() + canonical_bytes(facts)).hexdigest()
