"""`tinjau boundary`: read, judge and measure a boundary; write it in another form."""

import json
import math
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import UsageError
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def boundary(  # noqa: PLR0913 - one per option of the command
    file: Annotated[Path, typer.Argument(help="The boundary: a vector file or a table.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="File to make: .geojson, .gpkg, .kml, .wkt, .csv or .xlsx."),
    ] = None,
    feature: Annotated[
        int | None, typer.Option(help="Number of the shape meant, where there are several.")
    ] = None,
    crs: Annotated[
        str | None, typer.Option(help="Reference system of its numbers, as EPSG:32750.")
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(metavar="LON,LAT", help="Where it should lie, in degrees: 115.5,-3.5."),
    ] = None,
    declared: Annotated[
        float | None, typer.Option(help="Area that the permit declares, in hectares.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Rules that decide: a name, or a TOML file.")
    ] = None,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Read, judge and measure a boundary of any form; write it in another."""
    # Loaded here: a person who asks for help should not wait for the libraries of shapes.
    from geo.antimeridian import box_outline  # noqa: PLC0415
    from geo.boundary import declared_system, read_boundary  # noqa: PLC0415
    from geo.errors import naming  # noqa: PLC0415
    from geo.misplaced import expected_at  # noqa: PLC0415
    from inspection.boundary_doubts import boundary_doubts, declared_area_ha  # noqa: PLC0415
    from inspection.boundary_place import away_from, place_named, readings  # noqa: PLC0415
    from inspection.exchange.outline import roundings, write_outline  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal import outline_sheet  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    rules = read_profile(profile or settings.profile)
    if declared is not None and not 0 < declared < math.inf:
        raise UsageError("declared_impossible", where="--declared")
    region, named = rules.place.jurisdiction, place_named(near) if near is not None else None
    expected = named or (box_outline(region) if region else None)
    with naming(file), expected_at(lambda: expected):
        system = declared_system(crs) if crs is not None else None
        read = read_boundary(file, feature=feature, crs=system)
    problems = list(boundary_doubts(read, rules))
    if expected is not None:
        problems += (away_from if named else readings)(read, expected)
    if out is not None:
        write_outline(out, read)
        problems += roundings(out, read)
    stated_ha = declared if declared is not None else declared_area_ha(read)
    if as_json:
        answer = outline_sheet.as_answer(read, stated_ha, problems, words)
        sys.stdout.write(json.dumps(answer) + "\n")
    console = Console(quiet=quiet or as_json)
    outline_sheet.print_sheet(read, stated_ha, problems, console, words)
    if out is not None:
        console.print(Text(words.say("outline.written", name=out.name)))
    return failure.DONE
