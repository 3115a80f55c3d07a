"""What a trial says of every result, as a table that other programs read."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from inspection.jobs.trying import changes_between
from inspection.records.tables.trials import TrialItem

HECTARES: Final = ("standing", "new", "recovered", "not_observed")
COLUMNS: Final = (
    *("row", "permit", "inspection_id", "state", "code", "question"),
    *("before", "after", "value_before", "value_after", "changes", "other_version"),
)
_ACTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would compute."""

type Row = dict[str, str | int | float | bool | None]


def rows_of(items: Iterable[tuple[TrialItem, str]]) -> list[Row]:
    """A line each answer and each part of the ledger of every result, given with its permit."""
    return [
        dict(zip(COLUMNS, (*_named(one, permit), *values), strict=True))
        for one, permit in items
        for values in _values(one)
    ]


def csv_of(rows: Sequence[Row]) -> str:
    """The table as text, parted by commas, with a point before decimals."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_plain(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _named(one: TrialItem, permit: str) -> tuple[int, str, str, str, str | None]:
    code = str(one.problem["code"]) if one.problem else None
    return one.position + 1, permit, str(one.inspection_id), one.state.value, code


def _values(one: TrialItem) -> list[tuple[Any, ...]]:
    if one.before is None or one.after is None:
        return [(None,) * 7]
    is_other_version = one.before["software"] != one.after["software"]
    answers: list[tuple[Any, ...]] = [
        (a.question, a.before, a.after, a.value_before, a.value_after, a.is_other, is_other_version)
        for a in changes_between(one.before, one.after)
    ]
    was, will = one.before["ledger_ha"], one.after["ledger_ha"]
    assert isinstance(was, dict)  # noqa: S101 - as `inspection.jobs.trying` wrote it
    assert isinstance(will, dict)  # noqa: S101
    grounds = [
        (f"{part}_ha", None, None, was[part], will[part], was[part] != will[part], is_other_version)
        for part in HECTARES
    ]
    return [*answers, *grounds]


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_ACTS):
        return f"'{value}"
    return value
