"""What somebody asks to be inspected: files as they came, and what is said of them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from annotated_types import Ge

from inspection.language import Language
from inspection.place import NOWHERE, DeclaredPlace


@dataclass(frozen=True, kw_only=True)
class LayerFile:
    """A layer that somebody brings: what they call it, of when they say it is, and its file."""

    name: str
    date: str | None
    path: Path


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asks to be inspected: files as they came, and how to word the answer."""

    boundary: Path
    feature: int | None = None
    """Number of the shape that is the boundary, where its file holds several."""

    boundary_crs: str | None = None
    """Code of the boundary's reference system, where its file does not name it."""

    current: Path
    baseline: Path | None = None
    control_points: Path | None = None
    control_points_crs: str | None = None
    """Reference system of the control points, where their file does not name it."""

    control_points_image: str | None = None
    """Picture meant in a list about several; by default the one of the current orthophoto."""

    control_point_marks: Path | None = None
    """Where pictures show the control points, where a file of its own says so."""

    current_dsm: Path | None = None
    current_dsm_heights: str | None = None
    """What its heights count in and from, where its file does not say: code or unit."""

    baseline_dsm: Path | None = None
    baseline_dsm_heights: str | None = None
    flight_log: Path | None = None
    baseline_flight_log: Path | None = None
    current_place: DeclaredPlace = NOWHERE
    baseline_place: DeclaredPlace = NOWHERE
    reference: Path | None = None
    """A picture whose position is trusted, to place the current one by."""

    reference_accuracy_m: Annotated[float, Ge(0)] | None = None
    """How well it is placed, as the caller says; the profile's number where nobody does."""

    permit: Path | None = None
    layers: tuple[LayerFile, ...] = ()
    language: Language = Language.INDONESIAN
    created_at: datetime
