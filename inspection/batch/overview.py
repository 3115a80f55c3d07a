"""The overview of a batch as PDF: how its rows ended, a map, the gravest first."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst

from inspection.batch.neighbours import Carried
from inspection.batch.overview_map import LABELS, overview_key, overview_map
from inspection.batch.store import WHOLE
from inspection.batch.told import HECTARE_M2, Told, in_words
from inspection.report.content import Cell, Mark
from inspection.report.fonts import FAMILIES, folder, printable
from inspection.wording.catalogue import Wording

TEMPLATE: Final = "overview.typ"
MOST_ROWS: Final = 200
"""Lines of a table on paper; batch.csv has them all."""

_ORDER: Final = ("fail", "uncertain", "pass", "not_applicable")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A heading with a sentence, pictures and a table under it."""

    title: str
    said: str = ""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    widths: Sequence[float] = ()
    numbers: Sequence[int] = ()
    pictures: Sequence[Mapping[str, str]] = ()


def ranked(rows: Sequence[Told]) -> list[Told]:
    """Rows with a result, the gravest first: by what lies outside, then the limits, then new."""
    return sorted((one for one in rows if one.has_result), key=_rank)


def _rank(one: Told) -> tuple[float, ...]:
    outside, limits = one.answer("outside"), one.answer("limits")
    ledger = one.document["ledger_ha"]
    return (
        _ORDER.index(outside["verdict"]),
        -(outside["value"] or 0.0),
        _ORDER.index(limits["verdict"]),
        -(ledger["new"] if ledger["new"] is not None else ledger["standing"]),
        one.planned.line.number,
    )


def overview_pdf(
    rows: Sequence[Told],
    given: Sequence[Carried],
    words: Wording,
    *,
    table: str,
    created_at: datetime,
) -> bytes:
    """
    Set the overview in a language.

    Parameters
    ----------
    rows
        Every row as it ended.
    given
        What was carried to neighbours.
    table
        Name of the table's file.
    created_at
        Time of the batch.
    """
    say = _Say(words)
    order = ranked(rows)
    with tempfile.TemporaryDirectory(prefix="overview-") as room:
        desk = Path(room)
        drawn = overview_map([*order, *(one for one in rows if not one.has_result)], words)
        if drawn is not None:
            (desk / "overview.svg").write_bytes(drawn)
            (desk / "overview-key.svg").write_bytes(overview_key(words))
        content = {
            "fonts": list(FAMILIES),
            "language": str(words.language),
            "title": say("title"),
            "footer": say("footer"),
            "page_words": [words.say("report.cover.page"), words.say("report.cover.of")],
            "moment": list(created_at.timetuple()[:6]),
            "facts": list(_facts(rows, say, table, created_at)),
            "notes": [say("note")],
            "parts": [
                asdict(one)
                for one in (
                    _map(say, is_drawn=drawn is not None),
                    _ranking(order, say),
                    _refused(rows, say),
                    _carried(given, say),
                )
            ],
        }
        (desk / "overview.json").write_text(json.dumps(content), "utf-8")
        (desk / TEMPLATE).write_bytes(files("inspection.batch").joinpath(TEMPLATE).read_bytes())
        compiler = typst.Compiler(
            desk / TEMPLATE, root=desk, font_paths=[folder()], ignore_system_fonts=True
        )
        pdf = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no document")
    return pdf


class _Say:
    """Sentences of the overview; what others wrote is made printable first."""

    def __init__(self, words: Wording) -> None:
        self.words = words

    def __call__(self, key: str, **facts: object) -> str:
        safe = {k: printable(v) if isinstance(v, str) else v for k, v in facts.items()}
        return self.words.say(f"report.batch.{key}", **safe)

    def verdict(self, one: Told, question: str) -> Mark:
        verdict = str(one.answer(question)["verdict"])
        return Mark(verdict=verdict, word=self.words.say(f"summary.replies.{question}.{verdict}"))

    def ha(self, value: float | None) -> str:
        return self("ha", value=value)


def _facts(
    rows: Sequence[Told], say: _Say, table: str, created_at: datetime
) -> Iterator[tuple[str, str]]:
    yield say("table"), printable(table)
    yield say("made"), say("moment", value=created_at.isoformat())
    states = Counter(one.ended.state for one in rows)
    for state, count in sorted(states.items()):
        yield say(f"states.{state}"), say("count", value=count)
    grounds = {one.permit: one.document["ledger_ha"]["permit"] for one in rows if one.has_result}
    yield say("ground"), say("ha", value=sum(grounds.values()))
    outside = [one for one in rows if one.answer("outside").get("verdict") == "fail"]
    yield (
        say("outside"),
        say(
            "outside_said",
            count=len(outside),
            area=sum(one.answer("outside")["value"] or 0.0 for one in outside),
        ),
    )


def _map(say: _Say, *, is_drawn: bool) -> Part:
    if not is_drawn:
        return Part(title=say("map"), said=say("map_none"))
    pictures = [
        {"name": "overview", "alt": say("map_alt"), "caption": say("map_caption", most=LABELS)},
        {"name": "overview-key", "alt": say("key_alt"), "caption": ""},
    ]
    return Part(title=say("map"), pictures=pictures)


def _ranking(order: Sequence[Told], say: _Say) -> Part:
    rows: list[list[Cell]] = []
    for rank, one in enumerate(order[:MOST_ROWS], 1):
        outside, ledger = one.answer("outside"), one.document["ledger_ha"]
        holder = (one.document.get("permit") or {}).get("holder")
        named = [printable(one.permit), *([printable(str(holder))] if holder else [])]
        value, give = outside["value"], outside["uncertainty"]
        rows.append(
            [
                say("count", value=rank),
                " · ".join(named),
                say.verdict(one, "outside"),
                say("ha_given", value=value, uncertainty=give) if give else say.ha(value),
                say.verdict(one, "limits"),
                say.ha(ledger["new"]),
                say.ha(ledger["standing"]),
                say.ha(ledger["not_observed"]),
            ]
        )
    heads = ("rank", "permit", "outside_head", "outside_ha", "limits", "new", "standing", "unseen")
    return Part(
        title=say("ranking"),
        said=_left(say, len(order)) or ("" if order else say("ranking_none")),
        head=[say(f"heads.{name}") for name in heads],
        rows=rows,
        widths=(0.5, 2.6, 1.5, 1.5, 1.4, 1.0, 1.0, 1.0),
        numbers=(0, 3, 5, 6, 7),
    )


def _refused(rows: Sequence[Told], say: _Say) -> Part:
    bad = [one for one in rows if one.ended.state not in WHOLE]
    lines = []
    for one in bad[:MOST_ROWS]:
        told = in_words(one.ended.problem, say.words)
        lines.append(
            [
                say("count", value=one.planned.line.number),
                printable(one.permit or "–"),  # noqa: RUF001 - a dash is meant
                printable(told["code"]),
                printable(f"{told['message']} {told['hint']}"),
            ]
        )
    return Part(
        title=say("refused"),
        said=_left(say, len(bad)) or ("" if bad else say("refused_none")),
        head=[say(f"heads.{name}") for name in ("row", "permit", "code", "why")],
        rows=lines,
        widths=(0.5, 1.5, 2.3, 4.6),  # a code that no line breaks (overview.typ) has room
        numbers=(0,),
    )


def _carried(given: Sequence[Carried], say: _Say) -> Part:
    rows = [
        [
            printable(one.taker.permit),
            printable(one.giver.permit),
            printable(str(one.finding["id"])),
            say(f"epochs.{one.finding['epoch']}"),
            say.ha(one.area_m2 / HECTARE_M2),
        ]
        for one in sorted(given, key=lambda one: -one.area_m2)[:MOST_ROWS]
    ]
    heads = ("lies_in", "found_by", "finding", "epoch", "area")
    return Part(
        title=say("carried"),
        said=_left(say, len(given)) or say("carried_said" if given else "carried_none"),
        head=[say(f"heads.{name}") for name in heads],
        rows=rows,
        widths=(2.2, 2.2, 1.0, 1.4, 1.0),
        numbers=(4,),
    )


def _left(say: _Say, count: int) -> str:
    return say("more", shown=MOST_ROWS, count=count) if count > MOST_ROWS else ""
