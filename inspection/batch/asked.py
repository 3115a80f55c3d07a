"""One row as its process is told it: where each file is, what is said of it, and by which rules."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from inspection.language import Language
from inspection.objects.store import is_hash
from inspection.place import DeclaredPlace
from inspection.request import LayerFile, Request

KEY_DIGITS: Final = 16
_LONGEST: Final = 24
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")


class Strict(BaseModel):
    """Part of what is asked; anything it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Given(Strict):
    """One file of a row, wherever it lies."""

    kind: Literal["file", "object", "s3"]
    source: str
    """Its path, its hash, or its address."""

    name: str
    """What it is called where it is brought to."""

    mark: str
    """By which it is noticed that the file became another: size and time, or the hash."""


class LayerGiven(Strict):
    """A layer to hold the permit against."""

    name: str
    date: str | None = None
    file: Given


class RowAsked(Strict):
    """One inspection of a batch."""

    files: dict[str, Given]
    """By the names of `inspection.batch.columns.FILES`, and ``permit``."""

    values: dict[str, str] = {}
    feature: Annotated[int, Field(ge=1)] | None = None
    reference_accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    layers: tuple[LayerGiven, ...] = ()
    profile: str
    profile_sha256: str
    """Of all that its rules say: a profile's file may change under its name."""

    language: Language

    @property
    def label(self) -> str:
        """What the row is called in names of folders, for people."""
        named = self.files.get("permit", self.files["boundary"]).name
        words = (Path(named).stem, Path(self.files["current"].name).stem)
        return "-".join(_UNFIT.sub("-", word).strip("-.")[:_LONGEST] or "row" for word in words)

    @property
    def subject(self) -> str:
        """What is inspected, whatever the rules and words: the same flights of the same ground."""
        return _digest(self._said_without({"profile", "profile_sha256", "language"}))

    @property
    def key(self) -> str:
        """The row as it is asked: its state and its result lie under this name."""
        return _digest(self._said_without({"profile"}))

    def _said_without(self, names: set[str]) -> dict[str, Any]:
        """What the row says; a file that its content tells is the same wherever it lies."""
        said = self.model_dump(mode="json", exclude=names)
        for one in (*said["files"].values(), *(layer["file"] for layer in said["layers"])):
            if is_hash(one["mark"]):
                one["source"] = one["mark"]
        return said


class Job(Strict):
    """What the process of a row is given."""

    row: RowAsked
    created_at: AwareDatetime
    records: str | None = None
    """Folder of the permits' records in which the result is filed; None where it is not."""


def request_of(job: Job, at: Mapping[str, Path]) -> Request:
    """The request that the journey takes, about files that were brought to these paths."""
    row, said = job.row, job.row.values
    given = {name: at.get(name) for name in row.files}
    return Request(
        boundary=at["boundary"],
        feature=row.feature,
        boundary_crs=said.get("boundary_crs"),
        current=at["current"],
        baseline=given.get("baseline"),
        control_points=given.get("control_points"),
        control_points_crs=said.get("control_points_crs"),
        control_points_image=said.get("control_points_image"),
        control_point_marks=given.get("control_point_marks"),
        current_dsm=given.get("current_dsm"),
        current_dsm_heights=said.get("current_dsm_heights"),
        baseline_dsm=given.get("baseline_dsm"),
        baseline_dsm_heights=said.get("baseline_dsm_heights"),
        flight_log=given.get("flight_log"),
        baseline_flight_log=given.get("baseline_flight_log"),
        current_place=_place("", given.get("world_file"), said),
        baseline_place=_place("baseline_", given.get("baseline_world_file"), said),
        reference=given.get("reference"),
        reference_accuracy_m=row.reference_accuracy_m,
        permit=given.get("permit"),
        layers=tuple(
            LayerFile(name=one.name, date=one.date, path=at[f"layer-{number}"])
            for number, one in enumerate(row.layers)
        ),
        language=row.language,
        created_at=job.created_at,
    )


def _place(prefix: str, world_file: Path | None, said: Mapping[str, str]) -> DeclaredPlace:
    return DeclaredPlace(
        world_file=world_file,
        crs=said.get(f"{prefix}crs"),
        assumed_crs=said.get(f"{prefix}assume_crs"),
        assumed_by=said.get("assumed_by"),
    )


def _digest(said: object) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]
