"""What is asked of a job, as JSON: every file by its hash, so that it means the same anywhere."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from inspection.language import Language
from inspection.place import DeclaredPlace
from inspection.request import LayerFile, Request

_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_LONGEST_NAME: Final = 120


class Strict(BaseModel):
    """Part of what is asked; anything it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileRef(Strict):
    """A file in the object store, and what its bringer called it."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    name: Annotated[str, Field(min_length=1, max_length=255)]


class LayerRef(Strict):
    """A layer that somebody brings."""

    name: str
    date: str | None = None
    file: FileRef


class PlaceRef(Strict):
    """Where a picture lies, as its bringer says."""

    world_file: FileRef | None = None
    crs: str | None = None
    assumed_crs: str | None = None
    assumed_by: str | None = None


class Asked(Strict):
    """One inspection; the fields of `inspection.request.Request`, and the profile."""

    boundary: FileRef
    feature: int | None = None
    boundary_crs: str | None = None
    current: FileRef
    baseline: FileRef | None = None
    control_points: FileRef | None = None
    control_points_crs: str | None = None
    control_points_image: str | None = None
    control_point_marks: FileRef | None = None
    current_dsm: FileRef | None = None
    current_dsm_heights: str | None = None
    baseline_dsm: FileRef | None = None
    baseline_dsm_heights: str | None = None
    flight_log: FileRef | None = None
    baseline_flight_log: FileRef | None = None
    current_place: PlaceRef = PlaceRef()
    baseline_place: PlaceRef = PlaceRef()
    reference: FileRef | None = None
    reference_accuracy_m: Annotated[float, Field(ge=0)] | None = None
    permit: FileRef | None = None
    layers: tuple[LayerRef, ...] = ()
    language: Language
    created_at: AwareDatetime
    """When it was asked, which is the time that the report states, however late it is made."""

    profile: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """By its name alone: a path would be one of the machine's own."""

    verify_at: str = ""
    """Address that the QR leads to, where the profile names none."""


def files_of(asked: Asked) -> Iterator[tuple[str, FileRef]]:
    """Every file that is asked about, with the name of its place among them."""
    for name in Asked.model_fields:
        value = getattr(asked, name)
        if isinstance(value, FileRef):
            yield name, value
        elif isinstance(value, PlaceRef) and value.world_file is not None:
            yield name, value.world_file
    for number, layer in enumerate(asked.layers):
        yield f"layer-{number}", layer.file


def path_of(place: str, file: FileRef, folder: Path) -> Path:
    """Path of a file in the folder of inputs; its bringer's name is made harmless first."""
    name = _UNFIT.sub("-", file.name).strip(". ") or "file"
    while len(name.encode()) > _LONGEST_NAME:
        name = name[1:]  # its ending says what it is
    return folder / place / name


def request_of(asked: Asked, folder: Path) -> Request:
    """The request that the journey takes, about files in a folder."""
    at = {place: path_of(place, file, folder) for place, file in files_of(asked)}
    plain = {
        one.name: at.get(one.name, getattr(asked, one.name))
        for one in fields(Request)
        if one.name not in ("current_place", "baseline_place", "layers", "created_at")
    }
    return Request(
        **plain,
        current_place=_place(asked.current_place, at.get("current_place")),
        baseline_place=_place(asked.baseline_place, at.get("baseline_place")),
        layers=tuple(
            LayerFile(name=layer.name, date=layer.date, path=at[f"layer-{number}"])
            for number, layer in enumerate(asked.layers)
        ),
        created_at=asked.created_at,
    )


def _place(place: PlaceRef, world_file: Path | None) -> DeclaredPlace:
    return DeclaredPlace(
        world_file=world_file,
        crs=place.crs,
        assumed_crs=place.assumed_crs,
        assumed_by=place.assumed_by,
    )
