"""Archives judged by their table of contents alone, before a byte of them is unpacked."""

import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from geo.vector.label import printable
from geo.vector.unfit import Reason, Unfit

MOST_MEMBERS: Final = 1000
MOST_TABLE_BYTES: Final = 1 << 20
MOST_MEMBER_BYTES: Final = 64 << 20
MOST_EXPANSION: Final = 200
FREE_EXPANSION_BYTES: Final = 4 << 20
"""Size up to which no expansion is absurd: a table of blanks packs to nothing."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much the members of an archive may come to."""

    unpacked_bytes: int


OUTLINES: Final = Room(unpacked_bytes=256 << 20)

_END, _END_BYTES = b"PK\x05\x06", 22
_LONG_END, _LOCATOR, _LOCATOR_BYTES = b"PK\x06\x06", b"PK\x06\x07", 20
_LONGEST_NOTE: Final = 0xFFFF
_LOCAL_HEADER_BYTES: Final = 30
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNSAFE: Final = re.compile(r"^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)|\0")
_NAMES_TOLD: Final = 3


def judged(path: Path, room: Room = OUTLINES) -> list[zipfile.ZipInfo]:
    """
    Members of an archive, where all of them may be unpacked.

    Raises
    ------
    Unfit
        ``archive_unsafe`` with the names that lead out of the archive, are links, stand twice
        or share bytes; ``archive_expands``, ``archive_encrypted``, ``damaged``.
    """
    _table_is_small(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members, table = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unfit(Reason.DAMAGED) from error
    if unsafe := [one.orig_filename for one in members if _leads_out(one)]:
        raise Unfit(Reason.ARCHIVE_UNSAFE, where=_told(unsafe))
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise Unfit(Reason.ARCHIVE_ENCRYPTED)
    if any(one.compress_type not in _METHODS for one in members):
        raise Unfit(Reason.DAMAGED)
    if sharing := _sharing(members, table):
        raise Unfit(Reason.ARCHIVE_UNSAFE, where=_told(sharing))
    for one in members:
        allowed = max(FREE_EXPANSION_BYTES, MOST_EXPANSION * one.compress_size)
        if one.file_size > allowed:
            raise Unfit(Reason.ARCHIVE_EXPANDS, where=_told([one.orig_filename]))
    if sum(one.file_size for one in members) > room.unpacked_bytes:
        raise Unfit(Reason.ARCHIVE_EXPANDS)
    return [one for one in members if not one.is_dir()]


def content(path: Path, member: str) -> bytes:
    """
    Bytes of one member of a judged archive.

    Raises
    ------
    Unfit
        ``too_large``, ``damaged``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(member).file_size > MOST_MEMBER_BYTES:
                raise Unfit(Reason.TOO_LARGE)
            return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError) as error:
        raise Unfit(Reason.DAMAGED) from error


def _table_is_small(path: Path) -> None:
    """Read how long the table of contents says it is: it would be held in memory whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - _END_BYTES - _LONGEST_NOTE - _LOCATOR_BYTES, 0))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + _END_BYTES:
            raise Unfit(Reason.DAMAGED)
        members = int.from_bytes(tail[at + 10 : at + 12], "little")
        length = int.from_bytes(tail[at + 12 : at + 16], "little")
        locator = tail[max(at - _LOCATOR_BYTES, 0) : at]
        if locator.startswith(_LOCATOR):
            file.seek(min(int.from_bytes(locator[8:16], "little"), size))
            record = file.read(56)
            if not record.startswith(_LONG_END):
                raise Unfit(Reason.DAMAGED)
            members = int.from_bytes(record[32:40], "little")
            length = int.from_bytes(record[40:48], "little")
    if members > MOST_MEMBERS or length > MOST_TABLE_BYTES:
        raise Unfit(Reason.ARCHIVE_EXPANDS, members=members)


def _leads_out(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    is_plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
    return not is_plain or bool(_UNSAFE.search(member.orig_filename))


def _sharing(members: list[zipfile.ZipInfo], table: int) -> list[str]:
    """Names of members that stand twice, or whose bytes run into the next ones'."""
    found, seen = [], set[str]()
    for one in members:
        if one.filename in seen:
            found.append(one.orig_filename)
        seen.add(one.filename)
    ordered = sorted(members, key=lambda one: one.header_offset)
    starts = [one.header_offset for one in ordered] + [table]
    for one, (start, following) in zip(ordered, pairwise(starts), strict=True):
        if start + _LOCAL_HEADER_BYTES + one.compress_size > following:
            found.append(one.orig_filename)
    return found


def _told(names: list[str]) -> str:
    return ", ".join(printable(name) or "?" for name in names[:_NAMES_TOLD])


def only(members: list[zipfile.ZipInfo], ending: str) -> str:
    """
    Name of the one member with an ending, whichever case it is in.

    Raises
    ------
    Unfit
        ``several_layers`` with their names.
    """
    names = [
        one.filename
        for one in members
        if one.filename.lower().endswith(ending) and not one.filename.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        raise Unfit(Reason.SEVERAL_LAYERS, where=_told(names), count=len(names))
    return names[0]


def siblings(path: Path, ending: str, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """Contents of the one member with an ending and of those beside it with the same stem."""
    members = judged(path)
    stem = only(members, ending)[: -len(ending)].lower()
    return {
        one.filename.lower().removeprefix(stem): content(path, one.filename)
        for one in members
        if one.filename.lower().removeprefix(stem) in wanted
    }
