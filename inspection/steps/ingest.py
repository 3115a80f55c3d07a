"""Ingest: take in what was brought, behind the gate; hash it; make our own copies."""

from pathlib import Path
from typing import NamedTuple

from geo.boundary import Boundary, read_boundary
from geo.control_points import ControlPointList
from geo.errors import naming
from geo.grid import Tile
from geo.intake.digest import sha256_of
from geo.intake.image import normalise_image, probe_image
from geo.intake.surface import normalise_heights
from geo.layer import read_layer
from geo.misplaced import offering
from geo.points.reading import read_control_points
from geo.site import Site
from inspection.flight_log.claims import captured_at, claims_of
from inspection.flight_log.reading import read_flight_log
from inspection.model import (
    BroughtLayer,
    Case,
    Flight,
    HeightModel,
    LayerFile,
    Orthophoto,
    Request,
    Source,
)
from inspection.permit_record import read_permit
from inspection.place import DeclaredPlace
from inspection.ports import Advance
from inspection.profiles.profile import Profile


def ingest(request: Request, profile: Profile, *, desk: Path, advance: Advance) -> Case:
    """
    Read everything that was brought, once.

    What comes out holds only values and files of our own; the originals are not opened again.
    """
    with naming(request.boundary):
        boundary = read_boundary(request.boundary)
    permit, record = read_permit(request.permit) if request.permit else (None, None)
    points = _control_points(request)
    layers = tuple(_layer(brought) for brought in request.layers)
    brought = [
        _Brought(
            "current",
            request.current,
            request.current_place,
            request.current_dsm,
            request.flight_log,
        )
    ]
    if request.baseline is not None:
        brought.append(
            _Brought(
                "baseline",
                request.baseline,
                request.baseline_place,
                request.baseline_dsm,
                request.baseline_flight_log,
            )
        )
    taken: dict[str, Flight] = {}
    for number, flight in enumerate(brought):

        def part(share: float, number: int = number) -> None:
            advance((number + share) / len(brought))

        # Where points will move the picture, nobody knows yet which part of it is needed.
        trusted = points is None or flight.role != "current"
        ring_m = profile.clip.ring_m if trusted else None
        with naming(flight.path):
            picture = _orthophoto(flight, boundary, ring_m=ring_m, desk=desk, advance=part)
        heights = _heights(f"{flight.role}_dsm", flight.dsm, desk=desk) if flight.dsm else None
        taken[flight.role] = _flight(picture, heights, flight.log)
    return Case(
        boundary=boundary,
        boundary_source=_source("boundary", request.boundary),
        current=taken["current"],
        baseline=taken.get("baseline"),
        control_points=points,
        control_points_source=_optional_source("control_points", request.control_points),
        control_point_marks_source=_optional_source(
            "control_point_marks", request.control_point_marks
        ),
        permit=permit,
        permit_record=record,
        permit_source=_optional_source("permit", request.permit),
        layers=layers,
    )


def _source(role: str, path: Path, *, advance: Advance | None = None) -> Source:
    return Source(
        role=role,
        name=path.name,
        sha256=sha256_of(path, advance=advance),
        size=path.stat().st_size,
    )


def _optional_source(role: str, path: Path | None) -> Source | None:
    return _source(role, path) if path else None


class _Brought(NamedTuple):
    role: str
    path: Path
    place: DeclaredPlace
    dsm: Path | None
    log: Path | None


def _orthophoto(
    brought: _Brought, boundary: Boundary, *, ring_m: float | None, desk: Path, advance: Advance
) -> Orthophoto:
    role, path, place = brought.role, brought.path, brought.place
    with offering(boundary):
        grid = (probe := probe_image(path, declared=place.read())).placed()
    window = Tile(row=0, column=0, rows=grid.rows, columns=grid.columns)
    if ring_m is not None:
        site = Site.around(boundary, ring_m=ring_m, near=grid.crs)
        site.require_seen_by(grid)
        window = site.part_of(grid)
    own = desk / f"{role}.tif"
    made = normalise_image(
        path, own, window=window, advance=lambda share: advance(0.2 + 0.8 * share)
    )
    return Orthophoto(
        source=_source(role, path, advance=lambda share: advance(0.2 * share)),
        path=own,
        grid=window.of(grid),
        delivered_rows=grid.rows,
        delivered_columns=grid.columns,
        captured_at=captured_at(claims_of(None, probe.tags)),
        software=probe.tags.get("TIFFTAG_SOFTWARE"),
        tags=probe.tags,
        made=made,
        world_file=_optional_source(f"{role}_world_file", place.world_file),
        declared_crs=place.crs,
        assumption=place.assumption(grid.crs, stated=probe.stated),
    )


def _flight(picture: Orthophoto, heights: HeightModel | None, log: Path | None) -> Flight:
    role = "flight_log" if picture.source.role == "current" else "baseline_flight_log"
    stated = None
    if log is not None:
        with naming(log):
            stated = read_flight_log(log)
    return Flight(
        orthophoto=picture,
        heights=heights,
        claims=claims_of(stated, picture.tags),
        log_source=_optional_source(role, log),
    )


def _heights(role: str, path: Path, *, desk: Path) -> HeightModel:
    own = desk / f"{role}.tif"
    with naming(path):
        grid = probe_image(path).placed()
        normalise_heights(path, own)
    return HeightModel(source=_source(role, path), path=own, grid=grid)


def _control_points(request: Request) -> ControlPointList | None:
    if request.control_points is None:
        return None
    with naming(request.control_points):
        return read_control_points(
            request.control_points,
            image=request.control_points_image or request.current.name,
            crs=request.control_points_crs,
            marks=request.control_point_marks,
        )


def _layer(brought: LayerFile) -> BroughtLayer:
    with naming(brought.path):
        layer = read_layer(brought.path)
    return BroughtLayer(
        name=brought.name,
        date=brought.date or layer.date,
        layer=layer,
        source=_source(f"layer:{brought.name}", brought.path),
    )
