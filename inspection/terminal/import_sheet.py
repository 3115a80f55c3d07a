"""What an import would bring, as a person reads it and as a program does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import shapely
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.errors import GeoError
from inspection.exchange.permits.imported import Origin, Outline, PermitImport, Reading, Step, Value
from inspection.exchange.permits.vocabulary import Field
from inspection.problem import Problem, refusal
from inspection.terminal.checklist import SIGNS, message
from inspection.terminal.held import as_text
from inspection.wording.catalogue import Wording

SCHEMA: Final = "tinjau.import/1"
MOST_PRINTED: Final = 20
"""Permits and problems that a terminal shows; all are in --json."""

HECTARE_M2: Final = 1e4


def as_answer(
    readings: Sequence[Reading],
    permits: Sequence[PermitImport],
    refused: Sequence[GeoError],
    words: Wording,
) -> dict[str, Any]:
    """Give all that was read as one object for machines; `file` of a value is a SHA-256."""
    return {
        "schema": SCHEMA,
        "files": [
            {
                **_origin(one.origin),
                "records": one.records,
                "refused": one.refused,
                "dropped": dict(one.dropped),
                "passed_over": dict(one.passed_over),
                "likely": dict(one.likely),
                "problems": [_problem(problem, words) for problem in one.problems],
            }
            for one in readings
        ],
        "refused": [{"file": one.file, **_problem(refusal(one), words)} for one in refused],
        "permits": [_permit(one, words) for one in permits],
    }


def _origin(origin: Origin) -> dict[str, str]:
    return {**asdict(origin), "imported_at": origin.imported_at.isoformat()}


def _permit(permit: PermitImport, words: Wording) -> dict[str, Any]:
    return {
        "keys": {str(key): [_value(one) for one in said] for key, said in permit.keys.items()},
        "values": {str(key): [_value(one) for one in said] for key, said in permit.values.items()},
        "conflicts": [str(name) for name in permit.conflicts],
        "outlines": [_outline(one) for one in permit.outlines],
        "steps": [_step(one) for one in permit.steps],
        "problems": [_problem(one, words) for one in permit.problems],
    }


def _value(one: Value) -> dict[str, Any]:
    held = one.value
    return {
        "value": [asdict(c) for c in held] if isinstance(held, tuple) else held,
        "written": one.written,
        "where": one.where,
        "file": one.origin.sha256,
        "meaning": one.meaning,
        "vocabulary": one.vocabulary,
    }


def _outline(one: Outline) -> dict[str, Any]:
    return {
        "sha256": one.sha256,
        "crs": one.boundary.crs.to_string(),
        "area_ha": round(one.boundary.area_m2 / HECTARE_M2, 6),
        "geometry": shapely.geometry.mapping(one.boundary.shape),
        "where": one.where,
        "file": one.origin.sha256,
    }


def _step(one: Step) -> dict[str, Any]:
    told = {name: value for name, value in vars(one).items() if name != "origin"}
    return {**told, "file": one.origin.sha256}


def _problem(one: Problem, words: Wording) -> dict[str, Any]:
    said, hint = message(one, words)
    return {
        "level": str(one.level),
        "code": one.code,
        "where": one.where,
        "message": said,
        "hint": hint,
    }


def print_sheet(
    readings: Sequence[Reading],
    permits: Sequence[PermitImport],
    refused: Sequence[GeoError],
    console: Console,
    words: Wording,
) -> None:
    """Print what was read, what would be taken, what was left out, and what was refused and why."""
    for one in readings:
        _print_reading(one, console, words)
    for error in refused:
        _print_problem(refusal(error), error.file or "", console, words)
    if permits:
        console.print(_table(permits, words))
    if len(permits) > MOST_PRINTED:
        console.print(Text(words.say("import.more", count=len(permits) - MOST_PRINTED)))
    lines = [line for one in permits for line in _differences(one, words)]
    for line in lines[:MOST_PRINTED]:
        console.print(Text(f"! {line}", style="yellow"))
    if len(lines) > MOST_PRINTED:
        console.print(Text(words.say("import.more", count=len(lines) - MOST_PRINTED)))
    told = [(problem, named(one)) for one in permits for problem in one.problems]
    told += [(problem, one.origin.file) for one in readings for problem in one.problems]
    for problem, about in told[:MOST_PRINTED]:
        _print_problem(problem, about, console, words)
    if len(told) > MOST_PRINTED:
        console.print(Text(words.say("import.more", count=len(told) - MOST_PRINTED)))


def _print_reading(one: Reading, console: Console, words: Wording) -> None:
    origin = one.origin
    said = words.say("import.title", file=origin.file, system=origin.system, mapping=origin.mapping)
    console.print(Text(said, style="bold"))
    count = len(one.permits)
    console.print(
        Text(words.say("import.read", records=one.records, refused=one.refused, permits=count))
    )
    if any(one.dropped.values()):
        console.print(Text(words.say("import.dropped", names=_counted(one.dropped, {}, words))))
    if one.passed_over:
        names = _counted(one.passed_over, one.likely, words)
        console.print(Text(words.say("import.passed_over", names=names), style="yellow"))


def _counted(names: Mapping[str, int], likely: Mapping[str, str], words: Wording) -> str:
    return ", ".join(
        words.say("import.likely", name=name, count=count, likely=likely[name])
        if name in likely
        else f"{name} ({count})"
        for name, count in sorted(names.items())
        if count
    )


def _table(permits: Sequence[PermitImport], words: Wording) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("keys", "holder", "values", "outlines", "steps"):
        table.add_column(words.say(f"import.{column}"), overflow="fold")
    for one in permits[:MOST_PRINTED]:
        keys = "\n".join(f"{key} {one.key(key)}" for key in one.keys)
        holder = one.agreed(Field.HOLDER_NAME)
        counts = map(len, (one.values, one.outlines, one.steps))
        table.add_row(
            Text(keys), Text(as_text(holder.value, words) if holder else ""), *map(str, counts)
        )
    return table


def named(permit: PermitImport) -> str:
    """The surest key of a permit."""
    return next(iter(f"{key} {permit.key(key)}" for key in permit.keys))


def _differences(one: PermitImport, words: Wording) -> Iterator[str]:
    key = named(one)
    for name in one.conflicts:
        said = "; ".join(
            f"{as_text(v.value, words)} ({v.origin.file}, {v.where})" for v in one.values[name]
        )
        yield words.say("import.conflict", permit=key, field=str(name), said=said)
    if one.outlines_differ:
        yield words.say("import.outlines_differ", permit=key, count=len(one.outlines))
    for name, values in one.values.items():
        for value in values:
            if isinstance(value.value, tuple):
                said = as_text(value.value, words)
                yield words.say("import.confirm", permit=key, field=str(name), said=said)


def _print_problem(problem: Problem, about: str, console: Console, words: Wording) -> None:
    said, hint = message(problem, words)
    sign, style = SIGNS[problem.level]
    at = ", ".join(part for part in (about, problem.where) if part)
    line = Text(f"{sign} {at}: ", style=style)
    line.append(f"{said} ", style="default")
    line.append(f"{hint} [{problem.code}]", style="dim")
    console.print(line)
