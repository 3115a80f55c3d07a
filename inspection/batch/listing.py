"""One line a row, with its state, its answers, its hectares and what it took: CSV and XLSX."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from inspection.batch.neighbours import Carried
from inspection.batch.told import HECTARE_M2, QUESTIONS, Told, in_words
from inspection.wording.catalogue import Wording

LEDGER: Final = ("permit", "undisturbed", "standing", "new", "recovered", "not_observed")
AREAS: Final = ("inside", "outside", "uncertain")
_ACTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would compute."""


def lines_of(
    rows: Sequence[Told], given: Sequence[Carried], words: Wording
) -> list[dict[str, Any]]:
    """The table of all rows, in the order of the caller's; all lines have the same columns."""
    others = list(dict.fromkeys(name for one in rows for name in one.planned.line.others))
    taken = taken_in(given)
    lines = [row_of(one, taken.get(id(one), ()), words) for one in rows]
    names = list(lines[0]) if lines else []
    columns = {name: name if name not in names else f"{name}_table" for name in others}
    none = dict.fromkeys(columns.values())
    return [
        {**line, **none, **{columns[key]: cell for key, cell in one.planned.line.others.items()}}
        for one, line in zip(rows, lines, strict=True)
    ]


def as_csv(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The table as text: commas between cells, a point before decimals, whatever the language."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(lines[0]) if lines else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _harmless(value) for key, value in line.items()} for line in lines)
    return text.getvalue().encode()


def taken_in(given: Sequence[Carried]) -> dict[int, list[Carried]]:
    """What was carried to each row, by the row."""
    taken: dict[int, list[Carried]] = {}
    for one in given:
        taken.setdefault(id(one.taker), []).append(one)
    return taken


def row_of(one: Told, taken: Sequence[Carried], words: Wording) -> dict[str, Any]:
    """One line of the table; what there is no value of is None."""
    document, ended = one.document, one.ended
    record = document.get("permit") or {}
    outside, limits = one.answer("outside"), one.answer("limits")
    ledger, areas = document.get("ledger_ha", {}), document.get("areas_ha", {})
    asked = one.planned.asked
    return {
        "row": one.planned.line.number,
        "permit": one.permit,
        "holder": record.get("holder"),
        "state": ended.state,
        **in_words(one.problem, words),
        **{question: one.answer(question).get("verdict") for question in QUESTIONS},
        "position_uncertainty_m": one.answer("place").get("value"),
        "observed_share": one.answer("observed").get("value"),
        "residual_m": one.answer("comparable").get("value"),
        "outside_new_ha": outside.get("value"),
        "outside_new_uncertainty_ha": outside.get("uncertainty"),
        "disturbed_ha": limits.get("value"),
        "disturbed_limit_ha": limits.get("limit"),
        **{f"{name}_ha": ledger.get(name) for name in LEDGER},
        **{f"disturbed_{name}_ha": areas.get(name) for name in AREAS},
        "carried_in": len(taken) or None,
        "carried_in_ha": round(sum(c.area_m2 for c in taken) / HECTARE_M2, 6) if taken else None,
        "carried_from": "; ".join(dict.fromkeys(c.giver.permit for c in taken)),
        "current": asked.files["current"].name if asked else None,
        "captured_at": _flight(document, "current").get("captured_at"),
        "baseline": _baseline(one),
        "baseline_captured_at": _flight(document, "baseline").get("captured_at"),
        "profile": asked.profile if asked else None,
        "seconds": ended.seconds,
        "peak_mb": ended.peak_mb,
        "tries": ended.tries if asked else None,
        "inspection": document.get("id"),
        "folder": one.place,
    }


def _flight(document: Mapping[str, Any], role: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (document.get("flights") or {}).get(role) or {}
    return found


def _baseline(one: Told) -> str | None:
    asked = one.planned.asked
    return asked.files["baseline"].name if asked and "baseline" in asked.files else None


def _harmless(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_ACTS) else value
