"""Uploaded tables and trees: read once, in the child, into plain values, and never computed."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl.utils.cell import get_column_letter

from geo.errors import RefusedError
from geo.intake.form import Form, form_of
from geo.intake.room import WORKING, child_folder
from geo.intake.sandbox import Allowance, answer_of_child
from geo.vector.label import plain_name
from geo.vector.unfit import Reason, Unfit

MAX_BYTES: Final = 64 << 20

_SECONDS: Final = 120.0
_MEMORY_BYTES: Final = 1_400_000_000
_WORKING_BYTES: Final = 512 << 20


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A cell that a spreadsheet holds as a date, not as text."""

    text: str
    """A day, or a moment without zone, in ISO form."""


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A cell without a value that could be read."""

    kind: str
    """``formula`` whose value was never saved, ``error``, or what else stands there."""


type Cell = str | int | float | bool | Stamp | Odd | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table."""

    number: int
    """From 1, as the file counts."""

    cells: Mapping[str, Cell]
    """By the plain name of the column."""

    is_whole: bool
    """Whether it has as many cells as there are headings; a text table may break a row."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of one sheet, or of a text table."""

    title: str | None
    """None in a text table."""

    headings: Mapping[str, str]
    """As written, by their plain name."""

    letters: Mapping[str, str]
    """Of the columns, by their plain name."""

    repeated: frozenset[str]
    """Plain names that more than one column has."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """All sheets in which the names that were looked for stand."""

    sheets: tuple[Sheet, ...]
    dropped: Mapping[str, int]
    """How many cells were left out, by the name of their column."""

    passed_over: tuple[str, ...]
    """Titles of sheets with none of the names."""

    is_1904: bool
    """Whether days are counted from 1904 and not from 1900."""


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A tree of JSON: numbers as they are, each name once in its branch."""

    root: Any
    dropped: Mapping[str, int]
    """How many branches were left out, by their name."""


def read_table(
    path: Path, *, subject: str, known: frozenset[str], unwanted: frozenset[str]
) -> Table:
    """
    Rows of a text table (CSV of any delimiter) or of a workbook (XLSX).

    Formulas are never computed: what they gave when the file was saved counts.

    Parameters
    ----------
    path
        The upload; it is only read.
    subject
        What the file is meant to be; codes of the sandbox begin with it.
    known, unwanted
        Plain names of columns (`geo.vector.label.plain_name`) that are looked for, and of those
        that are left out in the child already.

    Raises
    ------
    Unfit
        ``too_large``, ``form_differs``, ``damaged``, ``doctype``, ``row_unreadable``, and what
        `geo.vector.archive.judged` finds.
    RefusedError, UnfinishedError
        What `geo.intake.sandbox.answer_of_child` raises.
    """
    form = _judged(path, (Form.TABLE, Form.XLSX, Form.WKT))
    request = {
        "is_workbook": form is Form.XLSX,
        "known": sorted(known),
        "unwanted": sorted(unwanted),
    }
    is_text = form is not Form.XLSX
    return _answered(path, "rows", request, subject, lambda said: _table(said, is_text=is_text))


def read_tree(path: Path, *, subject: str, unwanted: frozenset[str]) -> Tree:
    """
    The JSON in a file, of at most 32 levels; a name that stands twice in a branch is refused.

    Parameters
    ----------
    path
        The upload; it is only read.
    subject
        What the file is meant to be; codes of the sandbox begin with it.
    unwanted
        Plain names whose branches are left out, at any depth, in the child already.

    Raises
    ------
    Unfit
        ``too_large``, ``form_differs``, ``unreadable``.
    RefusedError, UnfinishedError
        What `geo.intake.sandbox.answer_of_child` raises.
    """
    _judged(path, (Form.GEOJSON,))
    request = {"unwanted": sorted(unwanted)}
    return _answered(path, "tree", request, subject, lambda said: Tree(**said))


_JSON: Final = "JSON"
"""What records are called that the reader of outlines takes for its own form."""


def _judged(path: Path, allowed: tuple[Form, ...]) -> Form:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Unfit(Reason.TOO_LARGE, megabytes=size >> 20, limit=MAX_BYTES >> 20)
    try:
        form = form_of(path)
    except Unfit as error:
        if error.facts.get("found") == Form.GEOJSON:
            error.facts["found"] = _JSON
        raise
    if form not in allowed:
        found = _JSON if form is Form.GEOJSON else str(form)
        raise Unfit(Reason.FORM_DIFFERS, extension=path.suffix.lower(), found=found)
    return form


def _answered[T](
    path: Path,
    job: str,
    request: Mapping[str, object],
    subject: str,
    made: Callable[[dict[str, Any]], T],
) -> T:
    allowance = Allowance(seconds=_SECONDS, memory_bytes=_MEMORY_BYTES, file_bytes=_WORKING_BYTES)
    with child_folder(path, beside=None) as folder:
        said = answer_of_child(job, request, folder=folder, allowance=allowance, subject=subject)
        try:
            if "reason" in said:
                where = said.get("where")
                facts = {str(k): v for k, v in said["facts"].items() if isinstance(v, str | int)}
                raise Unfit(
                    Reason(said["reason"]),
                    where=None if where is None else str(where)[:200],
                    **facts,
                )
            return made(json.loads((folder / WORKING).read_bytes()))
        except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError):
            # A child that no longer obeys us.
            raise RefusedError(f"{subject}_unreadable") from None


def _table(said: dict[str, Any], *, is_text: bool) -> Table:
    return Table(
        sheets=tuple(_sheet(one, is_text=is_text) for one in said["sheets"]),
        dropped=said["dropped"],
        passed_over=tuple(said["passed_over"]),
        is_1904=said["is_1904"],
    )


def _sheet(said: dict[str, Any], *, is_text: bool) -> Sheet:
    headings: list[str] = said["headings"]
    names = [plain_name(one) for one in headings]
    count = Counter(name for name in names if name)
    columns = [(at, name) for at, name in enumerate(names) if name]
    rows = []
    for number, cells in said["rows"]:
        under = {name: _cell(cells[at]) for at, name in columns if at < len(cells)}
        is_whole = not is_text or len(cells) == len(headings)
        rows.append(Row(number=number, cells=under, is_whole=is_whole))
    return Sheet(
        title=said["title"],
        headings={name: headings[at] for at, name in columns},
        letters={name: get_column_letter(at + 1) for at, name in columns},
        repeated=frozenset(name for name, times in count.items() if times > 1),
        rows=tuple(rows),
    )


def _cell(said: Any) -> Cell:  # noqa: ANN401 - whatever JSON holds
    if isinstance(said, dict):
        return Stamp(text=str(said["stamp"])) if "stamp" in said else Odd(kind=str(said["odd"]))
    if said is None or isinstance(said, str | int | float):
        return said
    raise TypeError
