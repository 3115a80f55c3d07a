"""What was added behind the first state of a report: signatures, and nothing else that shows."""

import re
from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from inspection.evidence.verify import Flaw

ADDED: Final = "added"
_OF_THE_DOCUMENT: Final = frozenset(
    {"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version"}
)
"""Entries of the catalogue that signing may change; none of them shows."""

_MAY_GROW: Final = {
    "/Page": frozenset({"/Annots"}),
    # Where a report says in which order it is read aloud, the place of a signature has its turn.
    "/StructElem": frozenset({"/K"}),
    "/StructTreeRoot": frozenset({"/ParentTree", "/ParentTreeNextKey"}),
}
_END: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_MOST_ENTRIES: Final = 10_000


def additions(reader: PdfFileReader, content: bytes) -> list[Flaw]:
    """
    Flaws of what a PDF says after its first state, where it says more than signatures do.

    A reader shows the last state. Of what was there at first, that one may differ in what the
    document says of itself, and in pages that have places of signatures more; whatever else was
    written anew might show anything. And its history must reach back to the state that stands
    first in the file: else another document was hung behind this one.
    """
    is_sound = _begins_at_the_first(reader, content)
    if is_sound and reader.xrefs.total_revisions > 1:
        first = reader.get_historical_resolver(0)
        last = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
        is_sound = all(_is_harmless(one, first, last) for one in _rewritten(reader))
    return [] if is_sound else [Flaw(code="paper_added_to", file=ADDED)]


def _begins_at_the_first(reader: PdfFileReader, content: bytes) -> bool:
    stands_first = _END.search(content)
    told = reader.xrefs.get_xref_container_info(0).declared_startxref
    return stands_first is not None and int(stands_first[1]) == told


def _rewritten(reader: PdfFileReader) -> Iterator[generic.Reference]:
    """What was there at first and was written anew, or taken away, later."""
    for number in range(1, reader.xrefs.total_revisions):
        state = reader.get_historical_resolver(number)
        for reference in state.explicit_refs_in_revision() | state.refs_freed_in_revision():
            if reader.xrefs.get_historical_ref(reference, 0) is not None:
                yield reference


def _is_harmless(
    reference: generic.Reference, first: HistoricalResolver, last: HistoricalResolver
) -> bool:
    if reference in _said_of_itself(first):
        return True
    before, after = first.get_object(reference), last.get_object(reference)
    if reference == first.root_ref:
        return _differing(before, after) <= _OF_THE_DOCUMENT
    if isinstance(before, generic.ArrayObject):
        return reference in _annotations(first) and _adds_signatures(before, after, last)
    return _only_grew(before, after, last)


def _only_grew(before: Any, after: Any, last: HistoricalResolver) -> bool:  # noqa: ANN401
    kind = before.get("/Type") if isinstance(before, generic.DictionaryObject) else None
    if isinstance(before, generic.StreamObject):  # it may say anything under the same entries
        return False
    if _differing(before, after) - _MAY_GROW.get(str(kind), frozenset()):
        return False
    nothing = generic.ArrayObject()
    if kind == "/StructElem":
        return _begins_with(after.get("/K", nothing), before.get("/K", nothing))
    return kind != "/Page" or _adds_signatures(
        before.get("/Annots", nothing), after.get("/Annots", nothing), last
    )


def _said_of_itself(state: HistoricalResolver) -> set[generic.Reference]:
    """What a document says of itself without showing it."""
    places = ((state.trailer_view, "/Info"), (state.root, "/Metadata"))
    found = {place.raw_get(key) for place, key in places if key in place}
    return {one.reference for one in found if isinstance(one, generic.IndirectObject)}


def _annotations(state: HistoricalResolver) -> set[generic.Reference]:
    """Lists of annotations that lie apart from their page."""
    found, branches, seen = set(), [state.root.get("/Pages")], 0
    while branches and seen < _MOST_ENTRIES:
        branch, seen = branches.pop(), seen + 1
        if not isinstance(branch, generic.DictionaryObject):
            continue
        branches += [kid.get_object() for kid in branch.get("/Kids", ())]
        listed = branch.raw_get("/Annots") if "/Annots" in branch else None
        if isinstance(listed, generic.IndirectObject):
            found.add(listed.reference)
    return found


def _differing(before: Any, after: Any) -> set[str]:  # noqa: ANN401 - whatever a PDF holds
    """Names of the entries in which two dictionaries differ; all, where they are none."""
    if not isinstance(before, generic.DictionaryObject) or type(before) is not type(after):
        return {"", *_OF_THE_DOCUMENT}
    names = set(before) | set(after)
    return {
        name
        for name in names
        if name not in before or name not in after or before.raw_get(name) != after.raw_get(name)
    }


def _adds_signatures(before: Any, after: Any, last: HistoricalResolver) -> bool:  # noqa: ANN401
    """Whether a list of annotations is the same as it was, with places of signatures behind."""
    return _begins_with(after, before) and all(
        _is_signature(one, last) for one in list(after)[len(before) :]
    )


def _begins_with(after: Any, before: Any) -> bool:  # noqa: ANN401 - whatever a PDF holds
    are_lists = all(isinstance(one, generic.ArrayObject) for one in (before, after))
    return are_lists and list(after)[: len(before)] == list(before)


def _is_signature(entry: Any, last: HistoricalResolver) -> bool:  # noqa: ANN401
    """Whether an annotation is the place of a signature that was made, or shows nothing."""
    widget = (
        last.get_object(entry.reference) if isinstance(entry, generic.IndirectObject) else entry
    )
    if not isinstance(widget, generic.DictionaryObject) or widget.get("/Subtype") != "/Widget":
        return False
    field = widget if "/FT" in widget else widget.get("/Parent", generic.DictionaryObject())
    is_made = "/V" in field or "/V" in widget
    return field.get("/FT") == "/Sig" and (is_made or "/AP" not in widget)
