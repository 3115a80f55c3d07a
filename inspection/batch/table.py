"""The table of a batch: a text table, a workbook or a GeoPackage, as lines under our names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from geo.boundary import MAX_VERTICES
from geo.errors import GeoError, RefusedError, naming
from geo.fault import Faulty
from geo.intake.form import Form, form_of
from geo.intake.outlines import read_outlines
from geo.intake.records import Cell, Odd, Row, Sheet, Stamp, read_table
from geo.vector.label import VALUE_LENGTH, plain_name
from geo.vector.unfit import Reason, Unfit
from inspection.batch.columns import NAMES

SUBJECT: Final = "batch"
MOST_ROWS: Final = 20_000
MOST_OTHERS: Final = 40
"""Columns of the caller's own that are carried through to the results."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table as it is written."""

    number: int
    """From 1, as the file counts; of a GeoPackage, the number of the feature."""

    where: str
    cells: Mapping[str, str]
    """By our names; none is empty."""

    others: Mapping[str, str] = field(default_factory=dict)
    """The caller's own columns, as their headings are written."""

    problem: RefusedError | None = None
    """Why the row cannot be read."""

    headings: Mapping[str, str] = field(default_factory=dict)
    """How the caller's headings are written, by our names of the columns."""

    @property
    def title(self) -> str:
        """What a person knows the row by: its permit, else the file of outline or flight."""
        name = self.cells.get("boundary") or self.cells.get("current") or ""
        return self.cells.get("permit") or PurePath(name).stem

    @property
    def named(self) -> str:
        """What sentences call it behind the word line: its number, after the sheet it is on."""
        return self.where if "!" in self.where else str(self.number)

    def as_written(self, error: GeoError) -> GeoError:
        """The error, naming a column as the caller's table does."""
        column = error.facts.get("column")
        if isinstance(column, str):
            error.facts["column"] = self.headings.get(column, column)
        return error


def read_lines(path: Path) -> list[Line]:
    """
    Every row of a table of inspections; a row that cannot be read says why and stops no other.

    Raises
    ------
    RefusedError
        ``batch_table_unreadable``, ``batch_table_unsafe``, ``batch_table_form``,
        ``batch_table_too_long``, ``batch_table_empty``, ``batch_column_twice``,
        ``batch_column_missing``; ``input_missing``, ``input_unreadable``, and what the sandbox
        gives.
    """
    with naming(path):
        try:
            lines = list(_lines(path))
        except (Unfit, Faulty) as error:
            raise _refused(error) from error
        if not lines:
            raise RefusedError("batch_table_empty")
        if len(lines) > MOST_ROWS:
            raise RefusedError("batch_table_too_long", rows=len(lines), limit=MOST_ROWS)
        return lines


def _lines(path: Path) -> Iterator[Line]:
    if path.is_dir():
        raise RefusedError("input_unreadable")
    if form_of(path) is Form.GEOPACKAGE:
        yield from _of_features(path)
        return
    known = frozenset(NAMES)
    table = read_table(path, subject=SUBJECT, known=known, unwanted=frozenset())
    for sheet in table.sheets:
        _judge(sheet.headings, sheet.repeated)
        for row in sheet.rows:
            yield _of_row(row, sheet)


def _judge(headings: Mapping[str, str], repeated: frozenset[str]) -> None:
    fields = [NAMES[name] for name in headings if name in NAMES]
    twice = [name for name in repeated if name in NAMES]
    twice += [name for name in headings if name in NAMES and fields.count(NAMES[name]) > 1]
    if twice:
        raise RefusedError("batch_column_twice", where=headings[min(twice)])
    if "current" not in fields:
        raise RefusedError("batch_column_missing", column="current")


def _of_row(row: Row, sheet: Sheet) -> Line:
    where = f"{sheet.title}!{row.number}" if sheet.title else f"line {row.number}"
    if not row.is_whole:
        broken = RefusedError("batch_row_broken", where=where, columns=len(sheet.headings))
        return Line(number=row.number, where=where, cells={}, problem=broken)
    cells: dict[str, str] = {}
    others: dict[str, str] = {}
    problem = None
    for name, cell in row.cells.items():
        if isinstance(cell, Odd):
            if name in NAMES:
                column = sheet.headings[name]
                problem = RefusedError("batch_cell_unreadable", where=where, column=column)
            continue
        text = _text(cell)
        if not text:
            continue
        if name in NAMES:
            cells[NAMES[name]] = text
        elif len(others) < MOST_OTHERS:
            others[sheet.headings[name]] = text
    return Line(
        number=row.number,
        where=where,
        cells=cells,
        others=others,
        problem=problem,
        headings=_written(sheet.headings),
    )


def _written(headings: Mapping[str, str]) -> dict[str, str]:
    return {NAMES[name]: heading for name, heading in headings.items() if name in NAMES}


def _text(cell: Cell) -> str:
    match cell:
        case Stamp():
            return cell.text
        case float() if cell.is_integer():
            return str(int(cell))
        case None | Odd():
            return ""
        case _:
            return str(cell).strip()


def _of_features(path: Path) -> Iterator[Line]:
    """One row a feature: its outline is the boundary where no column names another."""
    written = read_outlines(path, subject=SUBJECT, most_vertices=MAX_VERTICES)
    headings = {plain_name(name): name for one in written.features for name in one.properties}
    _judge(headings, frozenset())
    written_as = _written(headings)
    for number, one in enumerate(written.features, 1):
        cells = {"boundary": path.name, "feature": str(number)}
        others: dict[str, str] = {}
        problem = None
        stated = {name: value.strip() for name, value in one.properties.items()}
        if any(
            NAMES.get(plain_name(name)) == "boundary" and value for name, value in stated.items()
        ):
            cells = {}
        for name, value in stated.items():
            known = NAMES.get(plain_name(name))
            if known is not None and len(value) >= VALUE_LENGTH:
                # The reader cuts notes to this length: what is longer may be half a path.
                problem = RefusedError(
                    "batch_cell_long", where=f"feature {number}", column=name, limit=VALUE_LENGTH
                )
            elif known is not None and value:
                cells[known] = value
            elif known is None and value and len(others) < MOST_OTHERS:
                others[name] = value
        yield Line(
            number=number,
            where=f"feature {number}",
            cells=cells,
            others=others,
            problem=problem,
            headings=written_as,
        )


_UNSAFE: Final[Sequence[Reason]] = (
    Reason.ARCHIVE_EXPANDS,
    Reason.ARCHIVE_UNSAFE,
    Reason.DATABASE_UNSAFE,
    Reason.DOCTYPE,
)
_OTHER_FORM: Final[Sequence[Reason]] = (Reason.FORM_DIFFERS, Reason.FORM_UNKNOWN)


def _refused(error: Unfit | Faulty) -> RefusedError:
    if isinstance(error, Unfit) and error.reason in _UNSAFE:
        return RefusedError("batch_table_unsafe", where=error.where)
    if isinstance(error, Unfit) and error.reason in _OTHER_FORM:
        return RefusedError("batch_table_form")
    if isinstance(error, Unfit) and error.reason is Reason.SEVERAL_LAYERS:
        return RefusedError("batch_table_layers", where=error.where)
    if isinstance(error, Unfit) and error.reason is Reason.TOO_LARGE:
        return RefusedError("batch_table_too_large")
    return RefusedError("batch_table_unreadable", where=error.where)
