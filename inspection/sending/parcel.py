"""A parcel on its way: its manifest first, then what is missing of each file."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from geo.errors import RefusedError
from inspection.parcels.copies import Copies
from inspection.sending.sending import Advance, Line, Source, Told, send
from inspection.sending.sources import ManifestSource, ParcelSource

type Watch = Callable[[Told], AbstractContextManager[Advance]]

_OF_THE_STICK: Final = frozenset({"parcel_block_damaged", "parcel_piece_missing"})


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a parcel."""

    places: dict[str, str] = field(default_factory=dict)
    """Of each file that has arrived: what the upload is called, by the file's hash."""

    damage: list[RefusedError] = field(default_factory=list)
    """Why others have not: the first block of each that no copy has."""


def send_parcel(copies: Copies, line: Line, *, piece_bytes: int, watch: Watch) -> Taken:
    """
    Send a parcel; damage of one file stops no other, and what lies before it arrives.

    Raises
    ------
    RefusedError
        What the other side says of the parcel, or of a file.
    """
    taken = Taken()
    _sent(ManifestSource(copies), line, watch)
    for file in copies.first.manifest.stated.files:
        source = ParcelSource(copies, file, piece_bytes=piece_bytes)
        try:
            taken.places[file.sha256] = _sent(source, line, watch)
        except RefusedError as error:
            if error.code not in _OF_THE_STICK:
                error.file = error.file or file.name
                raise
            taken.damage.append(error)
    return taken


def _sent(source: Source, line: Line, watch: Watch) -> str:
    with watch(source.told) as advance:
        return send(source, line, advance)
