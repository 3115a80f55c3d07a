"""Reading stored objects again, a share at a time, before somebody needs them."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import DisprovedError, UsageError
from inspection.objects.store import Foreign, ObjectStore, Stored, is_hash

STATE: Final = "scrub.json"
INVENTORY: Final = "scrub-inventory.txt"

_CIRCLE: Final = 2**32
"""Hashes are spread evenly; their first 32 bits lie on a circle that the runs go around."""

_MOST_FAILURES_IN_A_ROW: Final = 3
"""One object that cannot be read is its own trouble; several in a row are the store's."""


@dataclass(kw_only=True)
class Scrubbing:
    """What one run found."""

    objects: int = 0
    """How many there are, read in this run or not."""

    read: int = 0
    read_bytes: int = 0
    damaged: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Seen by an earlier run or expected by the caller, and not there."""

    foreign: list[str] = field(default_factory=list)
    swept: int = 0

    @property
    def flawed(self) -> list[str]:
        """Every object about which something is wrong."""
        return [*self.damaged, *self.missing, *self.unreadable]


def share_of(text: str) -> float:
    """
    Read a share, as ``5%`` or ``0.05``.

    Raises
    ------
    UsageError
        ``share_impossible`` unless it is more than nothing and at most all.
    """
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise UsageError("share_impossible", given=text) from error
    if not 0 < share <= 1:  # NaN is neither
        raise UsageError("share_impossible", given=text)
    return share


def scrub(
    store: ObjectStore,
    *,
    share: float,
    older_than_s: float = 24 * 3600,
    expected: Iterable[str] = (),
) -> Scrubbing:
    """
    Read the next share of all objects, so that 1/`share` runs read every one.

    What is wrong is looked at again in each run until it is mended. Objects that an earlier run
    saw must still be there; `expected` names more of them, in the order of their hashes.
    Drafts older than `older_than_s` are swept.
    """
    found = Scrubbing(swept=store.sweep(older_than_s=older_than_s))
    start, flawed = _state(store)
    width = math.ceil(share * _CIRCLE)
    failures = 0
    there = _objects(store.entries(), found)

    def known() -> Iterator[bytes]:
        nonlocal failures
        for sha256, entry in _merged(there, _lines(store.read_note(INVENTORY)), expected):
            if entry is None:
                if _is_gone(store, sha256):
                    found.missing.append(sha256)
            elif _is_due(sha256, start, width) or sha256 in flawed:
                failures = 0 if _read(store, entry, found) else failures + 1
                if failures > _MOST_FAILURES_IN_A_ROW:
                    raise UnfinishedError("object_store_failed")
            yield f"{sha256}\n".encode()

    # As a stream, since there may be millions: they are read while their names are written.
    store.write_note(INVENTORY, known())
    state = {"next": (start + width) % _CIRCLE, "flawed": found.flawed}
    # Last: a run that was cut short is done again.
    store.write_note(STATE, [json.dumps(state).encode()])
    return found


def _objects(entries: Iterable[Stored | Foreign], found: Scrubbing) -> Iterator[Stored]:
    for entry in entries:
        if isinstance(entry, Stored):
            found.objects += 1
            yield entry
        else:
            found.foreign.append(entry.key)


def _merged(there: Iterator[Stored], *known: Iterable[str]) -> Iterator[tuple[str, Stored | None]]:
    """Bring lists in order together, each hash once, with the object where it is there."""
    listed: list[Iterator[tuple[str, Stored | None]]] = [((one.sha256, one) for one in there)]
    listed += [((sha256, None) for sha256 in names) for names in known]
    together = merge(*listed, key=itemgetter(0))
    for sha256, same in groupby(together, key=itemgetter(0)):
        yield sha256, next((entry for _, entry in same if entry is not None), None)


def _read(store: ObjectStore, entry: Stored, found: Scrubbing) -> bool:
    """Read an object through; False if the store would not give it."""
    try:
        for chunk in store.stream(entry.sha256):
            found.read_bytes += len(chunk)
    except DisprovedError:
        found.damaged.append(entry.sha256)
    except UnfinishedError:
        found.unreadable.append(entry.sha256)
        return False
    except RefusedError:
        found.missing.append(entry.sha256)
    found.read += 1
    return True


def _is_gone(store: ObjectStore, sha256: str) -> bool:
    """Look once more: what arrived while the others were read is no loss."""
    try:
        store.stored(sha256)
    except RefusedError:
        return True
    return False


def _is_due(sha256: str, start: int, width: int) -> bool:
    return (int(sha256[:8], 16) - start) % _CIRCLE < width


def _state(store: ObjectStore) -> tuple[int, set[str]]:
    """Where the last run ended, and what it found wrong; the beginning where nobody can tell."""
    try:
        state = json.loads(b"".join(store.read_note(STATE)))
        return int(state["next"]) % _CIRCLE, set(map(str, state["flawed"]))
    except (ValueError, KeyError, TypeError):
        return 0, set()


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        names = (line.decode("ascii", "replace") for line in lines)
        yield from (name for name in names if is_hash(name))
