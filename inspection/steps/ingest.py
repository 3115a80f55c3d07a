"""Ingest: take in what was brought, behind the gate; hash it; make our own copies."""

from pathlib import Path

from shapely import Polygon

from geo.boundary import declared_system, read_boundary
from geo.control_points import ControlPointList
from geo.errors import GeoError, naming
from geo.intake.image import probe_image
from geo.intake.outlines import companions
from geo.layer import read_layer
from geo.misplaced import expected_at, shown_by
from geo.points.reading import read_control_points
from inspection.errors import UsageError
from inspection.flights import flights_of
from inspection.model import BroughtLayer, Case
from inspection.permit_record import read_permit
from inspection.pictures import (
    Anchor,
    Brought,
    Reach,
    optional_source,
    orthophoto,
    source,
)
from inspection.place import NOWHERE
from inspection.ports import Advance
from inspection.profiles.profile import Profile
from inspection.request import LayerFile, Request

REFERENCE_REACH_M = 500.0
"""Width of the ring on which a reference is taken in: a flight shows more than its permit."""


def ingest(request: Request, profile: Profile, *, desk: Path, advance: Advance) -> Case:
    """
    Read everything that was brought, once.

    What comes out holds only values and files of our own; the originals are not opened again.
    """
    with naming(request.boundary), expected_at(lambda: _flown_over(request)):
        stated = request.boundary_crs
        boundary = read_boundary(
            request.boundary,
            feature=request.feature,
            crs=declared_system(stated) if stated is not None else None,
        )
        # Found here, an unknown datum is told of this file; later it would be of the picture.
        boundary.place()
    permit, record = read_permit(request.permit) if request.permit else (None, None)
    points = _control_points(request)
    layers = tuple(_layer(brought) for brought in request.layers)
    reference = None
    if request.reference is not None:
        if points is not None:
            raise UsageError("placed_twice")
        known = Brought("reference", request.reference, NOWHERE, None, None, None)
        with naming(known.path):
            reference = orthophoto(
                known,
                boundary,
                anchor=Anchor(),
                reach=Reach(REFERENCE_REACH_M),
                desk=desk,
                advance=lambda _share: None,
            )
    current, baseline = flights_of(
        request,
        boundary,
        anchor=Anchor(points, reference.grid.crs if reference else None),
        profile=profile,
        desk=desk,
        advance=advance,
    )
    return Case(
        boundary=boundary,
        boundary_source=source("boundary", request.boundary),
        boundary_companions=tuple(
            source(f"boundary_{ending[1:]}", one)
            for ending, one in companions(request.boundary).items()
        ),
        current=current,
        baseline=baseline,
        reference=reference,
        reference_accuracy_m=request.reference_accuracy_m,
        control_points=points or current.orthophoto.own_points,
        control_points_source=optional_source("control_points", request.control_points),
        control_point_marks_source=optional_source(
            "control_point_marks", request.control_point_marks
        ),
        permit=permit,
        permit_record=record,
        permit_source=optional_source("permit", request.permit),
        layers=layers,
    )


def _flown_over(request: Request) -> Polygon | None:
    """Give where the current picture lies, as far as its file says so."""
    try:
        probe = probe_image(request.current, declared=request.current_place.read())
        return shown_by(probe.placed())
    except (GeoError, OSError):
        return None  # the boundary is refused; what is wrong with the picture is told after it


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
        source=source(f"layer:{brought.name}", brought.path),
    )
