"""Rows of cells from files that hold tables: text of any delimiter, and workbooks."""

import contextlib
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from geo.fault import Fault, Faulty
from geo.vector.angle import Part, tokens
from geo.vector.heading import heading_of
from geo.vector.row import Row
from geo.vector.table import read_rows
from geo.vector.text import decoded
from geo.vector.unfit import Reason, Unfit
from geo.vector.workbook import OF_OPENPYXL, merged_ranges
from geo.vector.written import Written

_DELIMITERS: Final = ("\t", ";", "|")
_MOST_ROWS: Final = 1_000_000
_MOST_COLUMNS: Final = 64
_BLANKS: Final = re.compile(r"\s+")


def read_text_table(path: Path) -> Written:
    """
    Coordinate table in a text: CSV, or pasted from a document.

    Raises
    ------
    Unfit, Faulty
        What `geo.vector.table.read_rows` finds.
    """
    return read_rows(_rows_of_text(decoded(path.read_bytes())))


def _rows_of_text(text: str) -> list[Row]:
    lines = text.splitlines()
    telling = [line for line in lines if any(sign.isdigit() for sign in line)]
    for delimiter in _DELIMITERS:
        if sum(delimiter in line for line in telling) * 2 > len(telling):
            return _split(lines, delimiter)
    by_comma = _split(lines, ",")
    if heading_of([cells for _, cells in by_comma]):
        return by_comma
    by_blank = [(number, _BLANKS.split(line.strip())) for number, line in enumerate(lines, 1)]
    if heading_of([cells for _, cells in by_blank]):
        return by_blank
    if any(one.is_marked for line in telling for one in tokens(line) if isinstance(one, Part)):
        return [(number, [line]) for number, line in enumerate(lines, 1)]
    return by_comma if _is_clean(by_comma) else by_blank


def _is_clean(rows: list[Row]) -> bool:
    """Whether every cell with a digit is one number, so that the cut went through none."""
    cells = [cell.strip() for _, row in rows for cell in row]
    return all(len(tokens(cell)) == 1 for cell in cells if any(s.isdigit() for s in cell))


def _split(lines: list[str], delimiter: str) -> list[Row]:
    if any(cell.strip() == '"' for line in lines for cell in line.split(delimiter)):
        # A sign of seconds stands alone in a cell: there it is no quotation mark.
        return [(number, line.split(delimiter)) for number, line in enumerate(lines, 1)]
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise Unfit(Reason.ROW_UNREADABLE, where=f"line {reader.line_num}") from error


def read_workbook(path: Path) -> Written:
    """
    Coordinate table in the one sheet of a workbook (XLSX) that holds one.

    Raises
    ------
    Unfit
        ``damaged``, ``doctype``, ``several_layers`` with the names of the sheets, and what
        `geo.vector.table.read_rows` finds.
    Faulty
        ``empty``.
    """
    found: dict[str, Written] = {}
    try:
        with path.open("rb") as file:  # by its name the library would judge it
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            for sheet in book.worksheets:
                with _unless_empty():
                    found[sheet.title] = read_rows(_rows_of_sheet(path, sheet))
    except DefusedXmlException as error:
        raise Unfit(Reason.DOCTYPE) from error
    except (InvalidFileException, zipfile.BadZipFile, ParseError, *OF_OPENPYXL) as error:
        raise Unfit(Reason.DAMAGED) from error
    if not found:
        raise Faulty(Fault.EMPTY)
    if len(found) > 1:
        raise Unfit(Reason.SEVERAL_LAYERS, where=", ".join(found), count=len(found))
    return next(iter(found.values()))


@contextlib.contextmanager
def _unless_empty() -> Iterator[None]:
    try:
        yield
    except Faulty as faulty:
        if faulty.fault is not Fault.EMPTY:
            raise


def _rows_of_sheet(path: Path, sheet: Any) -> list[Row]:  # noqa: ANN401 - untyped library
    sheet.reset_dimensions()  # as stated they may be those of a whole empty sheet
    rows = [
        (number, [_text(value) for value in values])
        for number, values in enumerate(
            sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True), 1
        )
    ]
    for left, top, right, bottom in merged_ranges(path, sheet):
        if left == right and top <= len(rows) and left <= len(rows[top - 1][1]):
            held = rows[top - 1][1][left - 1]
            for _, cells in rows[top : min(bottom, len(rows))]:
                if left <= len(cells):
                    cells[left - 1] = held
    return rows


def _text(value: object) -> str:
    """A cell as text; numbers in their shortest exact form, with a point."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
