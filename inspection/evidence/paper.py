"""What a report on paper (PDF) holds of an inspection, and whether it agrees with itself."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from geo.errors import RefusedError
from inspection.evidence.canonical import from_canonical
from inspection.evidence.issuers import printable
from inspection.evidence.proof import Box
from inspection.evidence.verify import Flaw, is_sound

NAME: Final = "inspection.json"
SEAL: Final = re.compile(r"(?<![\w:.-])sha256:([0-9a-f]{64})(?![0-9A-Za-z])")
_LENGTH: Final = r"(\d{1,4}(?:\.\d{1,6})?)"
BOX: Final = re.compile(
    rf"(?<![\w:.-])signature:(\d{{1,5}}),{_LENGTH},{_LENGTH},{_LENGTH},{_LENGTH}(?![\d.])"
)
WITHOUT_DATA: Final = re.compile(r"(?<![\w:.-])data:none(?![\w])")
"""Stated by a paper that was kept too light to carry its data."""

_MOST_FILES: Final = 64


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The inspection inside a PDF."""

    inspection: str | None = None
    language: str | None = None
    content: bytes | None = None
    """The embedded document, as its bytes."""

    sha256: str | None = None
    """Hash of the embedded document, as found."""

    box: Box | None = None
    flaws: tuple[Flaw, ...] = field(default=())


def paper_of(reader: PdfFileReader) -> Paper:
    """
    Read what a PDF holds of an inspection and compare it with what the PDF states of it.

    Raises
    ------
    RefusedError
        ``pdf_not_ours`` where there is neither an inspection nor a seal of one;
        ``pdf_without_data`` where the paper says that it carries none.
    """
    words = "\n".join(_keywords(reader))
    seals, boxes = set(SEAL.findall(words)), set(BOX.findall(words))
    files = [*_embedded_files(reader)]
    if not seals and all(name != NAME for name, _ in files):
        raise RefusedError("pdf_not_ours")
    if not files and WITHOUT_DATA.search(words):
        raise RefusedError("pdf_without_data")
    box = _box(boxes.pop()) if len(boxes) == 1 else None
    flaws = [Flaw(code="evidence_extra", file=name) for name, _ in files if name != NAME]
    ours = [entry for name, entry in files if name == NAME]
    if not ours:
        return Paper(box=box, flaws=(Flaw(code="evidence_missing", file=NAME), *flaws))
    if len(ours) > 1:
        flaws.append(Flaw(code="evidence_extra", file=NAME))
    content = _content(ours[0])
    if content is None:
        return Paper(box=box, flaws=(Flaw(code="evidence_changed", file=NAME), *flaws))
    digest = hashlib.sha256(content).hexdigest()
    if not seals:
        flaws.insert(0, Flaw(code="evidence_missing", file="sha256"))
    elif seals != {digest}:
        flaws.insert(0, Flaw(code="evidence_changed", file=NAME))
    document = _document(content)
    if document is None:
        flaws.append(Flaw(code="evidence_disagrees", file=NAME))
        return Paper(content=content, sha256=digest, box=box, flaws=tuple(flaws))
    return Paper(
        inspection=printable(document["id"]),
        language=document["language"],
        content=content,
        sha256=digest,
        box=box,
        flaws=tuple(flaws),
    )


def _document(content: bytes) -> dict[str, Any] | None:
    try:
        document: dict[str, Any] = from_canonical(content)
    except RefusedError:
        return None
    return document if is_sound(document) else None


def _box(found: tuple[str, ...]) -> Box:
    page, left, top, width, height = found
    return Box(
        page=int(page),
        left_mm=float(left),
        top_mm=float(top),
        width_mm=float(width),
        height_mm=float(height),
    )


def _keywords(reader: PdfFileReader) -> Iterator[str]:
    """All that the PDF states of itself: a contradiction between two places is to be seen."""
    information = _entry(reader.trailer.flatten(), "/Info")
    if isinstance(information, generic.DictionaryObject):
        yield str(_entry(information, "/Keywords") or "")
    described = _entry(reader.root, "/Metadata")
    if isinstance(described, generic.StreamObject):
        yield described.data.decode("utf-8", errors="replace")


def _embedded_files(reader: PdfFileReader) -> Iterator[tuple[str, generic.DictionaryObject]]:
    """Every file in the tree of names and beside it, each once."""
    named = _entry(_entry(reader.root, "/Names"), "/EmbeddedFiles")
    branches, seen = [named], set()
    found: dict[tuple[int, int] | int, generic.DictionaryObject] = {}
    while branches:
        branch = branches.pop()
        if not isinstance(branch, generic.DictionaryObject) or id(branch) in seen:
            continue
        seen.add(id(branch))
        _bounded(len(seen))
        branches += _list(branch, "/Kids")
        for entry in _list(branch, "/Names")[1::2]:
            _keep(found, entry)
    for entry in _list(reader.root, "/AF"):
        _keep(found, entry)
    for entry in found.values():
        yield printable(str(_entry(entry, "/UF") or _entry(entry, "/F") or "")), entry


def _keep(found: dict[tuple[int, int] | int, generic.DictionaryObject], entry: object) -> None:
    if isinstance(entry, generic.DictionaryObject):
        held = entry.container_ref
        known = (held.idnum, held.generation) if isinstance(held, generic.Reference) else id(entry)
        found[known] = entry
        _bounded(len(found))


def _bounded(count: int) -> None:
    if count > _MOST_FILES:
        raise RefusedError("pdf_takes_too_much")


def _content(entry: generic.DictionaryObject) -> bytes | None:
    """Give the bytes of the embedded file; none where they cannot be unpacked."""
    held = _entry(entry, "/EF")
    streams = {id(s): s for s in (_entry(held, "/F"), _entry(held, "/UF")) if s is not None}
    if len(streams) != 1:
        return None
    (stream,) = streams.values()
    if not isinstance(stream, generic.StreamObject):
        return None
    try:
        return bytes(stream.data)
    except PdfDecodeLimitError:
        raise
    except (PdfError, ValueError, zlib.error, NotImplementedError):
        return None


def _entry(holder: object, key: str) -> Any:  # noqa: ANN401 - whatever a PDF holds
    if not isinstance(holder, generic.DictionaryObject) or key not in holder:
        return None
    return holder[key]


def _list(holder: generic.DictionaryObject, key: str) -> list[Any]:
    found = _entry(holder, key)
    if not isinstance(found, generic.ArrayObject):
        return []
    _bounded(len(found) // 2)
    return [entry.get_object() for entry in found]
