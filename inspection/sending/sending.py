"""Sending a file to whoever takes it in: what is missing, piece by piece."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

type Advance = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of a file before it is sent."""

    name: str
    size: int
    sha256: str
    kind: str
    permit: str | None
    parcel: str | None = None
    """Hash of the manifest that it comes with."""

    @property
    def metadata(self) -> str:
        """The same in the form of tus; an upload of the same bytes is meant where there is one."""
        pairs = {"filename": self.name, "sha256": self.sha256, "kind": self.kind, "goes_on": "1"}
        if self.permit is not None:
            pairs["permit"] = self.permit
        if self.parcel is not None:
            pairs["parcel"] = self.parcel
        return ",".join(f"{key} {b64encode(one.encode()).decode()}" for key, one in pairs.items())


class Source(Protocol):
    """A file as it is read to be sent."""

    @property
    def told(self) -> Told:
        """What is said of it."""

    def read(self, offset: int) -> bytes:
        """Give the next piece from there on."""


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """How much of a file the other side has."""

    place: str
    """What the upload is called there."""

    offset: int


class Line(Protocol):
    """The way to the other side."""

    def announce(self, told: Told) -> Arrived:
        """Say what is to come; the other side says how much of it is there already."""

    def offset(self, place: str) -> int | None:
        """Ask how much is there; None where it was thrown away meanwhile."""

    def send(self, place: str, offset: int, data: bytes) -> int:
        """Send a piece; give how much is there then, which may be no more than before."""


class Notes(Protocol):
    """What is kept on this side to go on later."""

    def place(self) -> str | None:
        """What an earlier run was given."""

    def keep(self, place: str) -> None:
        """Note what this one is given."""

    def forget(self) -> None:
        """It has arrived."""


def send(source: Source, line: Line, advance: Advance, *, notes: Notes | None = None) -> str:
    """Send what is missing; give what the upload is called on the other side."""
    told = source.told
    arrived = _known(line, notes) or line.announce(told)
    if notes is not None:
        notes.keep(arrived.place)
    offset = arrived.offset
    while offset < told.size:
        advance(offset)
        offset = line.send(arrived.place, offset, source.read(offset))
    advance(offset)
    if notes is not None:
        notes.forget()
    return arrived.place


def _known(line: Line, notes: Notes | None) -> Arrived | None:
    place = notes.place() if notes else None
    offset = line.offset(place) if place else None
    return None if place is None or offset is None else Arrived(place=place, offset=offset)
