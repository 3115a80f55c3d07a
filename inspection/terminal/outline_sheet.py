"""A boundary as a person reads it and as a program does."""

from typing import Any

import shapely
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.boundary import Boundary
from geo.graticule import degrees_of
from inspection.degrees import rings
from inspection.problem import Problem
from inspection.terminal.checklist import SIGNS, message
from inspection.wording.catalogue import Wording

SCHEMA = "tinjau.boundary/1"
HECTARE_M2 = 1e4
MOST_PRINTED = 500
"""Vertices that a terminal shows; all are in --json and --out."""


def as_answer(
    boundary: Boundary, declared_ha: float | None, problems: list[Problem], words: Wording
) -> dict[str, Any]:
    """Give the boundary as one object for machines."""
    return {
        "schema": SCHEMA,
        "label": boundary.label,
        "crs": boundary.crs.to_string(),
        "crs_from": str(boundary.crs_from),
        "area_ha": round(boundary.area_m2 / HECTARE_M2, 6),
        "declared_area_ha": declared_ha,
        "perimeter_m": round(boundary.perimeter_m, 4),
        "vertices": rings(boundary.shape, boundary.crs),
        "problems": [
            {
                "level": str(one.level),
                "code": one.code,
                "value": one.value,
                "limit": one.limit,
                "where": one.where,
                "message": message(one, words)[0],
                "hint": message(one, words)[1],
            }
            for one in problems
        ],
    }


def print_sheet(
    boundary: Boundary,
    declared_ha: float | None,
    problems: list[Problem],
    console: Console,
    words: Wording,
) -> None:
    """Print area, perimeter and vertices, and what the rule for boundaries says of them."""
    area_ha = boundary.area_m2 / HECTARE_M2
    longitude, latitude = boundary.place()
    told = words.say(f"outline.told_{boundary.crs_from}")
    title = " ".join([words.say("outline.title"), boundary.label or ""]).strip()
    lines = [
        words.say("outline.place", longitude=longitude, latitude=latitude),
        words.say("outline.system", crs=boundary.crs.to_string(), told=told),
        words.say("outline.area", value=area_ha),
    ]
    if declared_ha:
        difference = area_ha - declared_ha
        lines.append(
            words.say(
                "outline.declared",
                value=declared_ha,
                difference=difference,
                share=difference / declared_ha,
            )
        )
    lines.append(words.say("outline.perimeter", value=boundary.perimeter_m))
    console.print(Text(title, style="bold"))
    for line in lines:
        console.print(Text(line))
    console.print(_vertices(boundary, words))
    for problem in problems:
        sign, style = SIGNS[problem.level]
        place = f" ({problem.where})" if problem.where else ""
        said = " ".join(message(problem, words))
        console.print(Text(f"{sign} {said}{place} [{problem.code}]", style=style))
    if not problems:
        console.print(Text(words.say("outline.in_order")))


def _vertices(boundary: Boundary, words: Wording) -> Table:
    """Every vertex both ways: in degrees, minutes and seconds, and in decimal degrees."""
    table = Table(title=words.say("outline.vertices"), title_justify="left", box=None)
    heads = (
        words.say("outline.part"),
        "No.",
        words.say("outline.longitude"),
        words.say("outline.latitude"),
        "°",
        "°",
    )
    for head in heads:
        table.add_column(head, justify="right")
    shown = 0
    for part, polygon in enumerate(shapely.get_parts(degrees_of(boundary.shape, boundary.crs)), 1):
        for place, ring in enumerate((polygon.exterior, *polygon.interiors)):
            for number, (x, y) in enumerate(shapely.get_coordinates(ring)[:-1].tolist(), 1):
                shown += 1
                if shown > MOST_PRINTED:
                    table.add_row("", "…")
                    return table
                table.add_row(
                    f"{part}.{place}" if place else str(part),
                    str(number),
                    words.say("outline.lon", value=x),
                    words.say("outline.lat", value=y),
                    f"{x:.9f}",
                    f"{y:.9f}",
                )
    return table
