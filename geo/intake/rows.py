"""Rows of a table taken apart in the child: under their headings, less what must not be kept."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from geo.vector.archive import content
from geo.vector.label import plain_name, printable
from geo.vector.text import decoded
from geo.vector.unfit import Reason, Unfit
from geo.vector.workbook import OF_OPENPYXL, merged_ranges

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 256
MOST_CELLS: Final = 8_000_000

_DELIMITERS: Final = (",", ";", "\t", "|")
_ROWS_OF_TITLES: Final = 50
_LEAST_HEADINGS: Final = 2
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")

type Cell = str | int | float | bool | dict[str, str] | None
type Lines = Iterable[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which names of columns are looked for, each as `geo.vector.label.plain_name` gives it."""

    known: frozenset[str]
    unwanted: frozenset[str]
    """Columns that are left out; what they hold is written nowhere."""


def rows_file(source: Path, working: Path, *, is_workbook: bool, wanted: Wanted) -> dict[str, Any]:
    """
    Write the rows that a table holds into a file of our own, without the unwanted columns.

    A sheet counts as a table where one of its first 50 rows holds two of the names. Runs in
    the child; `geo.intake.records` says what the answer means.
    """
    try:
        read = _workbook if is_workbook else _text
        working.write_text(json.dumps(read(source, wanted), allow_nan=False), "ascii")
    except Unfit as unfit:
        return {"reason": unfit.reason, "where": unfit.where, "facts": unfit.facts}
    except DefusedXmlException:
        return {"reason": Reason.DOCTYPE, "where": None, "facts": {}}
    except (InvalidFileException, zipfile.BadZipFile, ParseError, *OF_OPENPYXL):
        return {"reason": Reason.DAMAGED, "where": None, "facts": {}}
    return {}


def _text(source: Path, wanted: Wanted) -> dict[str, Any]:
    text = decoded(source.read_bytes())
    told = {
        sign: _headed(islice(_split(text, sign), _ROWS_OF_TITLES), wanted) for sign in _DELIMITERS
    }
    best = max(_DELIMITERS, key=lambda sign: told[sign][0])
    sheet, dropped = _sheet(None, lambda: _split(text, best), wanted)
    found = [] if sheet is None else [sheet]
    return {"sheets": found, "dropped": dropped, "passed_over": [], "is_1904": False}


def _split(text: str, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begun = 1
    try:
        for cells in reader:
            yield begun, list(cells)
            begun = reader.line_num + 1
    except csv.Error as error:
        raise Unfit(Reason.ROW_UNREADABLE, where=f"line {begun}") from error


def _workbook(source: Path, wanted: Wanted) -> dict[str, Any]:
    sheets, passed_over, dropped = [], [], Counter[str]()
    with source.open("rb") as file:  # by its name the library would judge it
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for page in book.worksheets:
            sheet, left_out = _sheet(page.title, _lines_of(source, page), wanted)
            dropped.update(left_out)
            if sheet is None:
                passed_over.append(printable(page.title))
            else:
                sheets.append(sheet)
        is_1904 = book.epoch == CALENDAR_MAC_1904
    return {
        "sheets": sheets,
        "dropped": dict(dropped),
        "passed_over": passed_over,
        "is_1904": is_1904,
    }


def _lines_of(source: Path, page: Any) -> Callable[[], Lines]:  # noqa: ANN401 - untyped library
    path = page._worksheet_path.lstrip("/")  # noqa: SLF001 - it is told nowhere else
    written = content(source, path)
    formulas = _formulas(source, page.title) if _FORMULA.search(written) else frozenset()
    merged = list(merged_ranges(source, page)) if b"mergeCell" in written else []
    page.reset_dimensions()  # as stated they may be those of a whole empty sheet

    def lines() -> Lines:
        held: dict[tuple[int, int], Cell] = {}
        for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS), 1):
            cells = [
                _cell(one, is_formula=(number, at) in formulas) for at, one in enumerate(row, 1)
            ]
            for left, top, right, bottom in merged:
                # A cell merged over rows holds for all of them.
                if left == right and top <= number <= bottom and left <= len(cells):
                    cells[left - 1] = held.setdefault((left, top), cells[left - 1])
            yield number, cells

    return lines


def _formulas(source: Path, title: str) -> frozenset[tuple[int, int]]:
    """Row and column of each formula; none of them is ever computed."""
    with source.open("rb") as file:
        page = openpyxl.load_workbook(file, read_only=True, data_only=False)[title]
        page.reset_dimensions()
        return frozenset(
            (number, at)
            for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS), 1)
            for at, one in enumerate(row, 1)
            if one.data_type == "f"
        )


def _cell(one: Any, *, is_formula: bool) -> Cell:  # noqa: ANN401 - untyped library
    value = one.value
    if value is None:
        # What the formula gave when the file was last saved; some programs save nothing.
        return {"odd": "formula"} if is_formula else None
    if one.data_type == "e":
        return {"odd": "error"}
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        text = value.isoformat(timespec="seconds")
        return {"stamp": text.removesuffix("T00:00:00")}
    if isinstance(value, date):
        return {"stamp": value.isoformat()}
    return {"odd": type(value).__name__}


def _headed(lines: Lines, wanted: Wanted) -> tuple[int, int]:
    """How many of the names the best row holds, and the number of that row."""
    names = wanted.known | wanted.unwanted
    best = (0, 0)
    for number, cells in lines:
        told = {plain_name(one) for one in cells if isinstance(one, str)} & names
        best = max(best, (len(told), -number))
    return best[0], -best[1]


def _sheet(
    title: str | None, lines: Callable[[], Lines], wanted: Wanted
) -> tuple[dict[str, Any] | None, Counter[str]]:
    count, at = _headed(islice(lines(), _ROWS_OF_TITLES), wanted)
    dropped = Counter[str]()
    if count < min(_LEAST_HEADINGS, len(wanted.known)):
        return None, dropped
    headings: list[str] = []
    rows: list[list[Any]] = []
    for number, cells in lines():
        if number == at:
            headings = [printable(one) if isinstance(one, str) else "" for one in cells]
        if number <= at or all(one in (None, "") for one in cells):
            continue
        if len(rows) == MOST_ROWS or len(rows) * len(headings) > MOST_CELLS:
            raise Unfit(Reason.TOO_LARGE, rows=len(rows), limit=MOST_ROWS)
        rows.append([number, _kept(cells, headings, wanted.unwanted, dropped)])
    return {"title": title, "headings": headings, "rows": rows}, dropped


def _kept(
    cells: Sequence[Cell], headings: Sequence[str], unwanted: frozenset[str], dropped: Counter[str]
) -> list[Cell]:
    kept = list(cells)
    for at, heading in enumerate(headings[: len(kept)]):
        if (plain := plain_name(heading)) in unwanted:
            dropped[plain] += kept[at] not in (None, "")
            kept[at] = None
    return kept
