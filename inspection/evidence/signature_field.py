"""Where a signature stands in a report: its field, its box, and its place in the tags."""

import math
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from geo.errors import RefusedError
from inspection.evidence.proof import Box

_PT_PER_MM: Final = 72 / 25.4
_SMALLEST_PT: Final = 20

type Rectangle = tuple[int, int, int, int]


class Appending(IncrementalPdfFileWriter):
    """Writes behind a report and leaves what the report says of itself as it is."""

    def _update_meta(self) -> None:
        # pyHanko would write the description (XMP) anew in its own way, and would name itself
        # in it; the one that is there meets the standards for keeping documents.
        return


def rectangle_of(box: Box | None, writer: IncrementalPdfFileWriter) -> Rectangle:
    """
    Give the reserved box in points from the page's lower left corner.

    Raises
    ------
    RefusedError
        ``signature_box_missing`` where the report reserves none, or one that lies off its page.
    """
    if box is None or not 1 <= box.page <= _pages(writer):
        raise RefusedError("signature_box_missing")
    page = writer.find_page_for_modification(box.page - 1)[0].get_object()
    left, low, right, high = (float(number) for number in _inherited(page, "/MediaBox"))
    rectangle = (
        math.ceil(left + box.left_mm * _PT_PER_MM),
        math.ceil(high - (box.top_mm + box.height_mm) * _PT_PER_MM),
        math.floor(left + (box.left_mm + box.width_mm) * _PT_PER_MM),
        math.floor(high - box.top_mm * _PT_PER_MM),
    )
    lies_on_page = left <= rectangle[0] and low <= rectangle[1] and rectangle[2] <= right
    size = min(rectangle[2] - rectangle[0], rectangle[3] - rectangle[1])
    if not lies_on_page or rectangle[3] > high or size < _SMALLEST_PT:
        raise RefusedError("signature_box_missing")
    return rectangle


def add_field(
    writer: IncrementalPdfFileWriter, *, page: int, rectangle: Rectangle | None, title: str
) -> str:
    """Add a signature field, visible in the rectangle where one is given; give its name."""
    taken = {name for name, _, _ in fields.enumerate_sig_fields(writer)}
    number = 1
    while f"Signature{number}" in taken:
        number += 1
    name = f"Signature{number}"
    fields.append_signature_field(
        writer,
        fields.SigFieldSpec(
            sig_field_name=name,
            on_page=page - 1,
            box=rectangle,
            readable_field_name=title,
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        ),
    )
    if rectangle is not None:
        _tag(writer, page - 1, title)
    return name


def _tag(writer: IncrementalPdfFileWriter, page_index: int, title: str) -> None:
    """Give the newest note of a page its place among the tags that a screen reader follows."""
    root = writer.root
    if "/StructTreeRoot" not in root:
        return
    tree = root["/StructTreeRoot"]
    page_ref = writer.find_page_for_modification(page_index)[0]
    widget_ref = page_ref.get_object()["/Annots"].raw_get(-1)
    key = int(tree["/ParentTreeNextKey"])
    parent = _first_child(tree)
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): parent,
                pdf_name("/Pg"): _indirect(page_ref, writer),
                pdf_name("/Alt"): generic.TextStringObject(title),
                pdf_name("/K"): generic.DictionaryObject(
                    {
                        pdf_name("/Type"): pdf_name("/OBJR"),
                        pdf_name("/Obj"): widget_ref,
                        pdf_name("/Pg"): _indirect(page_ref, writer),
                    }
                ),
            }
        )
    )
    widget = widget_ref.get_object()
    widget[pdf_name("/StructParent")] = generic.NumberObject(key)
    writer.update_container(widget)
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    _append(parent.get_object(), "/K", element)
    writer.update_container(parent.get_object())
    numbers = tree["/ParentTree"]
    if "/Nums" in numbers:
        numbers["/Nums"].extend([generic.NumberObject(key), element])
        writer.update_container(numbers["/Nums"])
    else:
        numbers["/Kids"].append(writer.add_object(_branch(key, element)))
        writer.update_container(numbers["/Kids"])
    writer.update_container(numbers)
    writer.update_container(tree)


def _branch(key: int, element: generic.IndirectObject) -> generic.DictionaryObject:
    number = generic.NumberObject(key)
    return generic.DictionaryObject(
        {
            pdf_name("/Limits"): generic.ArrayObject([number, number]),
            pdf_name("/Nums"): generic.ArrayObject([number, element]),
        }
    )


def _first_child(tree: generic.DictionaryObject) -> Any:  # noqa: ANN401 - a reference
    children = tree.raw_get("/K")
    if isinstance(children, generic.IndirectObject):
        held = children.get_object()
        children = held if isinstance(held, generic.ArrayObject) else children
    return children.raw_get(0) if isinstance(children, generic.ArrayObject) else children


def _append(holder: generic.DictionaryObject, key: str, entry: generic.PdfObject) -> None:
    held = holder.raw_get(key) if key in holder else generic.ArrayObject()
    if isinstance(held, generic.IndirectObject) and isinstance(
        held.get_object(), generic.ArrayObject
    ):
        held = held.get_object()
    entries = list(held) if isinstance(held, generic.ArrayObject) else [held]
    holder[pdf_name(key)] = generic.ArrayObject([*entries, entry])


def _indirect(reference: Any, writer: IncrementalPdfFileWriter) -> generic.IndirectObject:  # noqa: ANN401 - a reference of either kind
    return generic.IndirectObject(reference.idnum, reference.generation, writer)


def _pages(writer: IncrementalPdfFileWriter) -> int:
    return int(writer.root["/Pages"]["/Count"])


def _inherited(page: generic.DictionaryObject, key: str) -> Any:  # noqa: ANN401 - whatever it is
    while key not in page:
        page = page["/Parent"]
    return page[key]
