"""`tinjau inspect`: one flight over one permit, into a new folder."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from inspection.commands.options import AsJson, Quiet, Records
from inspection.errors import UsageError
from inspection.language import Language
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def inspect(  # noqa: PLR0913 - one per option of the command
    *,
    boundary: Annotated[
        Path, typer.Option(help="The permit's outline: a vector file or a coordinate table.")
    ],
    current: Annotated[Path, typer.Option(help="The orthophoto to inspect, GeoTIFF.")],
    out: Annotated[Path, typer.Option(help="Folder to make for the result.")],
    feature: Annotated[
        int | None, typer.Option(help="Number of the shape meant, where there are several.")
    ] = None,
    boundary_crs: Annotated[
        str | None, typer.Option(help="Reference system of the boundary, as EPSG:32750.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier orthophoto to compare it with.")
    ] = None,
    world_file: Annotated[
        Path | None, typer.Option(help="Where a current orthophoto without a place lies.")
    ] = None,
    crs: Annotated[
        str | None, typer.Option(help="Its reference system, as EPSG:32750.", metavar="CODE")
    ] = None,
    baseline_world_file: Annotated[
        Path | None, typer.Option(help="Where an earlier orthophoto without a place lies.")
    ] = None,
    baseline_crs: Annotated[
        str | None, typer.Option(help="Its reference system.", metavar="CODE")
    ] = None,
    assume_crs: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="Read the current orthophoto in this system, whatever its file says.",
        ),
    ] = None,
    baseline_assume_crs: Annotated[
        str | None, typer.Option(metavar="CODE", help="The same for the earlier one.")
    ] = None,
    assumed_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answers for these systems.")
    ] = None,
    control_points: Annotated[
        Path | None,
        typer.Option(help="Surveyed places in the current orthophoto, in any of six forms."),
    ] = None,
    control_points_crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="Their reference system, as EPSG:32750.")
    ] = None,
    control_points_image: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The picture meant, in a list about several."),
    ] = None,
    control_point_marks: Annotated[
        Path | None,
        typer.Option(help="Where pictures show the control points, if in a file of its own."),
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(help="A picture of known position, to place the current one by."),
    ] = None,
    reference_accuracy: Annotated[
        float | None,
        typer.Option(min=0, metavar="M", help="How well it is placed, CE90 in metres."),
    ] = None,
    current_dsm: Annotated[
        Path | None, typer.Option(help="Surface heights of the current flight, GeoTIFF.")
    ] = None,
    current_dsm_heights: Annotated[
        str | None,
        typer.Option(metavar="CODE|UNIT", help="What they count in and from, as EPSG:5773."),
    ] = None,
    baseline_dsm: Annotated[
        Path | None, typer.Option(help="Surface heights of the earlier flight, GeoTIFF.")
    ] = None,
    baseline_dsm_heights: Annotated[
        str | None, typer.Option(metavar="CODE|UNIT", help="The same for those.")
    ] = None,
    flight_log: Annotated[
        Path | None, typer.Option(help="What the crew states of the current flight, JSON.")
    ] = None,
    baseline_flight_log: Annotated[
        Path | None, typer.Option(help="The same of the earlier flight.")
    ] = None,
    permit: Annotated[Path | None, typer.Option(help="The permit's record, JSON.")] = None,
    layer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[@DATE]=FILE",
            help="Rivers, forest, other permits to hold against it, GeoJSON; may be repeated.",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Rules that decide: a name, or a TOML file.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the result.")] = None,
    records: Records = None,
    created_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
            help="Time of the inspection instead of now; UTC where it names no zone.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Inspect one flight over one permit and write the sealed result to a new folder."""
    # Loaded here: a person who asks for help should not wait for the libraries of a raster.
    from inspection.detectors.own import own_detector  # noqa: PLC0415
    from inspection.lean import live_lean  # noqa: PLC0415
    from inspection.model import RegistrationStatus  # noqa: PLC0415
    from inspection.pipeline import run_inspection  # noqa: PLC0415
    from inspection.place import DeclaredPlace  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.request import Request  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.layer_option import layer_files  # noqa: PLC0415
    from inspection.terminal.progress import TerminalProgress  # noqa: PLC0415
    from inspection.terminal.summary import as_result, print_summary  # noqa: PLC0415
    from inspection.wiring import archive_at  # noqa: PLC0415

    if assumed_by is not None and assume_crs is None and baseline_assume_crs is None:
        raise UsageError("assumed_by_for_nothing")
    for surface, stated in (
        (current_dsm, current_dsm_heights),
        (baseline_dsm, baseline_dsm_heights),
    ):
        if stated is not None and surface is None:
            raise UsageError("dsm_heights_for_nothing")
    live_lean()
    settings = read_settings()
    moment = created_at or datetime.now(UTC)
    request = Request(
        boundary=boundary,
        feature=feature,
        reference=reference,
        reference_accuracy_m=reference_accuracy,
        boundary_crs=boundary_crs,
        current=current,
        baseline=baseline,
        control_points=control_points,
        control_points_crs=control_points_crs,
        control_points_image=control_points_image,
        control_point_marks=control_point_marks,
        current_dsm=current_dsm,
        current_dsm_heights=current_dsm_heights,
        baseline_dsm=baseline_dsm,
        baseline_dsm_heights=baseline_dsm_heights,
        flight_log=flight_log,
        baseline_flight_log=baseline_flight_log,
        current_place=DeclaredPlace(
            world_file=world_file, crs=crs, assumed_crs=assume_crs, assumed_by=assumed_by
        ),
        baseline_place=DeclaredPlace(
            world_file=baseline_world_file,
            crs=baseline_crs,
            assumed_crs=baseline_assume_crs,
            assumed_by=assumed_by,
        ),
        permit=permit,
        layers=layer_files(layer or ()),
        language=language or settings.language,
        created_at=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    )
    words = wording(request.language)
    console = Console(quiet=quiet or as_json)
    watched = TerminalProgress(console, words)
    with watched:
        outcome = run_inspection(
            request,
            out=out,
            profile=read_profile(profile or settings.profile),
            own_detector=own_detector(settings),
            archive=archive_at(records, settings),
            progress=watched,
        )
    if as_json:
        sys.stdout.write(json.dumps(as_result(outcome)) + "\n")
    print_summary(outcome, console, words)
    comparable = outcome.inspection.registration.status is not RegistrationStatus.NOT_COMPARABLE
    return failure.DONE if comparable else failure.NOT_COMPARABLE
