"""The answer to a check, as a person reads it and as a program does."""

from typing import Any

import shapely
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspection.check.checked import Answer, Checked, Coverage, Kind, Place
from inspection.problem import Level, Problem
from inspection.wording.catalogue import Wording

SCHEMA = "tinjau.check/1"
SIGNS = {Level.ERROR: ("✗", "red"), Level.WARNING: ("!", "yellow"), Level.INFO: ("i", "dim")}
FINE = ("✓", "green")
GRAVITY = (Level.ERROR, Level.WARNING, Level.INFO)
"""A sign and a word beside the colour, which alone carries nothing."""


def as_answer(answer: Answer, words: Wording) -> dict[str, Any]:
    """Give the answer as one object for machines."""
    return {
        "schema": SCHEMA,
        "boundary": answer.boundary,
        "refused": sum(bool(one.refusals) for one in answer.files),
        "files": [_file(one, words) for one in answer.files],
        "problems": [_problem(one, words) for one in answer.problems],
    }


def gaps(answer: Answer) -> dict[str, Any]:
    """Ground of the permit that each image does not show, as GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(one.coverage.gap),
                "properties": {
                    "file": one.file,
                    "boundary": answer.boundary,
                    "gap_ha": round(one.coverage.gap_ha, 4),
                    "share": round(one.coverage.share, 6),
                    "basis": one.coverage.basis,
                },
            }
            for one in answer.files
            if one.coverage is not None
        ],
    }


def message(problem: Problem, words: Wording) -> tuple[str, str]:
    """Sentence of a problem, and what to do about it."""
    if problem.level is Level.ERROR:
        keys = (f"errors.{problem.code}.message", f"errors.{problem.code}.hint")
    else:
        keys = (f"warnings.{problem.code}", f"hints.{problem.code}")
    first, second = (words.say(key, **problem.said) for key in keys)
    return first, second


def print_checklist(answer: Answer, console: Console, words: Wording) -> None:
    """Print one table of all files, then what is wrong with each."""
    table = Table(box=None, pad_edge=False)
    for column in ("verdict", "file", "kind", "what", "place"):
        table.add_column(Text(words.say(f"check.head.{column}"), style="bold"), overflow="fold")
    for one in answer.files:
        sign, style = SIGNS[_worst(one)] if one.problems else FINE
        table.add_row(
            Text(sign, style=style),
            Text(one.file),
            Text(words.say(f"check.kinds.{one.kind}")),
            Text(_what(one, words)),
            Text(_where(one, words)),
        )
    if answer.files:
        console.print(table)
    for one in answer.files:
        for problem in sorted(one.problems, key=lambda p: GRAVITY.index(p.level)):
            _print_problem(problem, one.file, console, words)
    for problem in answer.problems:
        _print_problem(problem, None, console, words)
    refused = sum(bool(one.refusals) for one in answer.files)
    key = "check.some_refused" if refused else "check.none_refused"
    if answer.files:
        console.print(Text(words.say(key, count=refused, files=len(answer.files))))


def _print_problem(problem: Problem, file: str | None, console: Console, words: Wording) -> None:
    said, hint = message(problem, words)
    sign, style = SIGNS[problem.level]
    level = words.say(f"check.levels.{problem.level}")
    # What is said of a flight names its file itself.
    named = file is not None and said.startswith(file)
    at = ", ".join(part for part in ("" if named else file, problem.where) if part)
    line = Text(f"{sign} {level}: ", style=style)
    line.append(f"{at}: {said} " if at else f"{said} ", style="default")
    line.append(f"{hint} [{problem.code}]", style="dim")
    console.print(line)


def _worst(one: Checked) -> Level:
    return next(level for level in GRAVITY if any(p.level is level for p in one.problems))


def _what(one: Checked, words: Wording) -> str:
    key = f"check.what.{one.kind}"
    if not one.facts:
        return ""
    facts = {
        name: ", ".join(map(str, v)) if isinstance(v, list) else v for name, v in one.facts.items()
    }
    told = [words.say(key, **facts)]
    if one.kind in (Kind.ORTHOPHOTO, Kind.HEIGHTS) and one.facts.get("gsd_m") is not None:
        told.append(words.say("check.gsd", value=one.facts["gsd_m"]))
    if one.facts.get("captured_at"):
        told.append(words.say("check.captured", value=one.facts["captured_at"]))
    if one.facts.get("first"):
        told.append(words.say("check.between", first=one.facts["first"], last=one.facts["last"]))
    return "; ".join(told)


def _where(one: Checked, words: Wording) -> str:
    told = []
    if one.place is not None:
        longitude, latitude = one.place.centre
        told.append(
            words.say("check.centre", longitude=longitude, latitude=latitude, crs=one.place.crs)
        )
    if one.coverage is not None:
        told.append(
            words.say(f"check.coverage.{one.coverage.basis}", share=_floored(one.coverage.share))
        )
    return "; ".join(told)


def _floored(share: float) -> float:
    """Never round a permit that is not wholly shown up to the whole."""
    return min(share, 0.9994) if share < 1 else share


def _file(one: Checked, words: Wording) -> dict[str, Any]:
    return {
        "file": one.file,
        "kind": one.kind.value,
        "size": one.size,
        "verdict": _worst(one).value if one.problems else "ok",
        "what": dict(one.facts),
        "place": _place(one.place),
        "coverage": _coverage(one.coverage),
        "problems": [_problem(problem, words) for problem in one.problems],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "crs": place.crs,
        "bounds": [round(one, 8) for one in place.bounds],
        "centre": [round(one, 8) for one in place.centre],
        "distance_km": place.distance_km,
    }


def _coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    if coverage is None:
        return None
    return {
        "share": round(coverage.share, 6),
        "basis": coverage.basis,
        "gap_ha": round(coverage.gap_ha, 4),
        "gap": shapely.geometry.mapping(coverage.gap),
    }


def _problem(problem: Problem, words: Wording) -> dict[str, Any]:
    said, hint = message(problem, words)
    return {
        "level": problem.level.value,
        "code": problem.code,
        "value": problem.value,
        "limit": problem.limit,
        "where": problem.where,
        "message": said,
        "hint": hint,
        "retry": problem.retry,
    }
