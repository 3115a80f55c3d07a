"""Figures as tables that other programs read: names that stay, and empty for unknown."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from io import StringIO
from typing import Final
from uuid import UUID

from inspection.exchange.workbook import workbook
from inspection.records.columns import text_of
from inspection.statistics.confirmed import Judged
from inspection.statistics.decided import Decided
from inspection.statistics.districts import Place
from inspection.statistics.figures import Figures
from inspection.statistics.ground import GroundSum, Open
from inspection.statistics.spread import Spread

type Cell = str | int | float | bool | datetime | UUID | None
type Row = Mapping[str, Cell]

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet reckon with a cell: names come from files of others."""


class Table(StrEnum):
    """The tables there are."""

    INSPECTIONS = "inspections"
    DECISIONS = "decisions"
    CLASSES = "classes"
    CAUSES = "causes"
    DOUBTS = "doubts"
    OPEN_FINDINGS = "open_findings"
    PERMITS = "permits"
    DISTRICTS = "districts"
    YEARS = "years"


_OPEN: Final = tuple(one.name for one in fields(Open))
_SUM: Final = ("permits", "compared", "undecided", *_OPEN)
_PLACE: Final = ("regency", "district")
COLUMNS: Final[Mapping[Table, tuple[str, ...]]] = {
    Table.DOUBTS: ("doubt", "findings", "accepted", "edited", "rejected", "confirmed_share"),
    Table.PERMITS: (
        *("permit_id", "reference", *_PLACE),
        *("inspection_id", "seen_at", "is_decided", *_OPEN),
    ),
    Table.DISTRICTS: (*_PLACE, *_SUM),
    Table.YEARS: ("year", *_SUM),
}
"""Of the tables that may be empty: what their columns are called also then."""


def csv_of(of: Table, figures: Figures) -> str:
    """A table as text, in UTF-8 and parted by commas; the first line names the columns."""
    rows = rows_of(of, figures)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows[0] if rows else COLUMNS[of])
    writer.writerows([_cell(one) for one in row.values()] for row in rows)
    return text.getvalue()


def xlsx_of(of: Table, figures: Figures) -> bytes:
    """A table as a workbook, in which numbers are numbers whatever a machine parts decimals by."""
    return workbook(of.value, rows_of(of, figures), COLUMNS.get(of, ()))


def rows_of(of: Table, figures: Figures) -> list[Row]:
    """Rows of a table; all have the same columns."""
    return list(_ROWS[of](figures))


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return text_of(value)
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value
        case _:
            return str(value)


def _inspections(figures: Figures) -> Iterable[Row]:
    return (asdict(one) for one in figures.inspections)


def _decisions(figures: Figures) -> Iterable[Row]:
    return (_decided(one) for one in figures.decisions)


def _decided(one: Decided) -> Row:
    spreads = ("working_days", "working_minutes", "elapsed_hours")
    return {
        "month": one.month or "all",
        "decided": one.decided,
        "approved": one.approved,
        "declined": one.declined,
        "counted": one.counted,
        **{
            f"{name}_{part}": value
            for name in spreads
            for part, value in _spread(getattr(one, name)).items()
        },
    }


def _spread(spread: Spread | None) -> dict[str, float | None]:
    return {
        "median": None if spread is None else spread.median,
        "ninety": None if spread is None else spread.ninety,
    }


def _classes(figures: Figures) -> Iterable[Row]:
    return (_judged("class", one) for one in (figures.confirmed.all, *figures.confirmed.classes))


def _doubts(figures: Figures) -> Iterable[Row]:
    return (_judged("doubt", one) for one in figures.confirmed.doubts)


def _judged(what: str, one: Judged) -> Row:
    none = "all" if what == "class" else "none"
    return {
        what: one.name or none,
        "findings": one.findings,
        "accepted": one.accepted,
        "edited": one.edited,
        "rejected": one.rejected,
        "confirmed_share": one.share,
    }


def _causes(figures: Figures) -> Iterable[Row]:
    return (
        {"cause": one.name, "rejected": one.rejected, "share": one.share}
        for one in figures.confirmed.causes
    )


def _open_findings(figures: Figures) -> Iterable[Row]:
    return (
        {
            "up_to_days": one.up_to_days,
            "findings": one.findings,
            "inspections": one.inspections,
        }
        for one in figures.open_findings.ages
    )


def _permits(figures: Figures) -> Iterable[Row]:
    return (
        {
            "permit_id": one.permit_id,
            "reference": one.reference,
            **_place(one.place),
            "inspection_id": one.inspection_id,
            "seen_at": one.seen_at,
            "is_decided": one.is_decided,
            **asdict(one.ground),
        }
        for one in figures.ground.permits
    )


def _districts(figures: Figures) -> Iterable[Row]:
    return ({**_place(place), **_sum(one)} for place, one in figures.ground.districts)


def _years(figures: Figures) -> Iterable[Row]:
    return ({"year": year, **_sum(one)} for year, one in figures.ground.years)


def _place(place: Place) -> Row:
    return {"regency": place.regency, "district": place.district}


def _sum(one: GroundSum) -> Row:
    return {
        "permits": one.permits,
        "compared": one.compared,
        "undecided": one.undecided,
        **asdict(one.ground),
    }


_ROWS: Final[Mapping[Table, Callable[[Figures], Iterable[Row]]]] = {
    Table.INSPECTIONS: _inspections,
    Table.DECISIONS: _decisions,
    Table.CLASSES: _classes,
    Table.CAUSES: _causes,
    Table.DOUBTS: _doubts,
    Table.OPEN_FINDINGS: _open_findings,
    Table.PERMITS: _permits,
    Table.DISTRICTS: _districts,
    Table.YEARS: _years,
}
