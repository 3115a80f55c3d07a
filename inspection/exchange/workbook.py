"""
A table as a workbook (.xlsx), whose numbers are numbers wherever it is opened.

A CSV is read by the settings of the machine: where the comma parts decimals, 1.234 becomes a
thousand. A cell here has its kind; a text is never reckoned with, however it begins.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from inspection.errors import RefusedError

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_575
"""Of a sheet, beside its heading."""

_LONGEST: Final = 32_767
"""Characters of a cell."""


def workbook(
    title: str, rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()
) -> bytes:
    """
    Write a table into one sheet, its heading in bold and always in sight.

    Parameters
    ----------
    title
        Name of the sheet, of at most 31 characters.
    rows
        Values by the names of their columns; all have the same. None is an empty cell.
    columns
        What the columns are called where there are no rows.

    Raises
    ------
    RefusedError
        ``table_too_long`` for a sheet.
    """
    if len(rows) > MOST_ROWS:
        raise RefusedError("table_too_long", rows=len(rows), limit=MOST_ROWS)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"

    def cell(value: object, font: Font | None = None) -> Cell | None:
        if value is None or value == "":
            return None
        is_text = not isinstance(value, bool | int | float)
        made = WriteOnlyCell(sheet, _text(value) if is_text else value)
        if is_text:
            made.data_type = "s"  # also of one that begins as a formula does
        if font is not None:
            made.font = font
        return made

    bold = Font(bold=True)
    sheet.append([cell(name, bold) for name in (rows[0] if rows else columns)])
    for row in rows:
        sheet.append([cell(value) for value in row.values()])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _text(value: object) -> str:
    said = value.isoformat() if isinstance(value, datetime) else str(value)
    fit: str = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", said)
    return fit[:_LONGEST]
