"""What there is to tell of each row once it has ended: its state, its answers and its ground."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from shapely import Geometry, MultiPolygon

from geo.boundary import declared_system, read_boundary
from geo.crs import LONLAT
from geo.errors import GeoError
from inspection.batch.asked import Given, RowAsked
from inspection.batch.checking import Planned
from inspection.batch.store import REFUSED, WHOLE, Ended, Folder
from inspection.wording.catalogue import Wording

QUESTIONS: Final = ("place", "observed", "comparable", "outside", "limits")
HECTARE_M2: Final = 1e4


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """One row as it ended."""

    planned: Planned
    ended: Ended
    folder: Path | None
    """Of its result, where there is one."""

    document: Mapping[str, Any] = field(default_factory=dict)
    """The inspection's document less its long parts; empty without a result."""

    ground: Geometry | None = None
    """The permit's ground in degrees."""

    @property
    def permit(self) -> str:
        """What the permit is called: by its record, else as the table names it."""
        record = self.document.get("permit") or {}
        return str(record.get("id") or self.planned.line.cells.get("permit") or self.named)

    @property
    def named(self) -> str:
        """Name of the file of the boundary, without its ending; else what the row is known by."""
        asked = self.planned.asked
        return Path(asked.files["boundary"].name).stem if asked else self.planned.line.title

    @property
    def place(self) -> str | None:
        """Where its result lies in the folder of the batch; None without one."""
        return f"rows/{self.folder.name}" if self.folder else None

    @property
    def problem(self) -> Mapping[str, Any] | None:
        """Why it has no result, or what is to be known of the one that it has."""
        return self.ended.problem or self.planned.note

    @property
    def has_result(self) -> bool:
        """Whether there are answers."""
        return self.ended.state in WHOLE

    def answer(self, question: str) -> Mapping[str, Any]:
        """One of the five answers; empty without a result."""
        found: Mapping[str, Any] = self.document.get("answers", {}).get(question, {})
        return found


def told_of(planned: Sequence[Planned], folder: Folder) -> Iterator[tuple[Told, list[Any]]]:
    """Every row as it ended, with the findings of its document, one after the other."""
    for one in planned:
        if one.asked is None:
            yield (
                Told(planned=one, ended=Ended(state=REFUSED, problem=one.problem), folder=None),
                [],
            )
            continue
        ended = folder.ended(one.asked)
        assert ended is not None  # noqa: S101 - they are told of once all have ended
        if ended.state not in WHOLE:
            ground = _ground(one.asked.files["boundary"], one.asked)
            yield Told(planned=one, ended=ended, folder=None, ground=ground), []
            continue
        result = folder.result(one.asked)
        document = json.loads((result / "inspection.json").read_bytes())
        findings = document.pop("findings")
        ground = outline(document["boundary"]["vertices"])
        short = {name: document[name] for name in _KEPT if name in document}
        yield Told(planned=one, ended=ended, folder=result, document=short, ground=ground), findings


_KEPT: Final = (
    "id",
    "permit",
    "answers",
    "flights",
    "position",
    "coverage",
    "registration",
    "ledger_ha",
    "areas_ha",
    "parameters",
    "profile",
)


@cache
def _outline_in(path: str, feature: int | None, crs: str | None) -> Geometry | None:
    try:
        system = declared_system(crs) if crs is not None else None
        return read_boundary(Path(path), feature=feature, crs=system).on(LONLAT)
    except (GeoError, OSError):
        return None  # its row says what is wrong with it


def _ground(boundary: Given, asked: RowAsked) -> Geometry | None:
    """Ground of a row without a result: a neighbour all the same."""
    if boundary.kind != "file":
        return None
    return _outline_in(boundary.source, asked.feature, asked.values.get("boundary_crs"))


def outline(vertices: Sequence[Any]) -> MultiPolygon:
    """Polygons as a document states them, in degrees."""
    return MultiPolygon([(shell, holes) for shell, *holes in vertices])


def in_words(problem: Mapping[str, Any] | None, words: Wording) -> dict[str, str]:
    """A problem's code, its sentence and what to do; empty texts without one."""
    if problem is None:
        return dict.fromkeys(("code", "message", "hint", "file", "where"), "")
    code, facts = problem["code"], problem["facts"]
    return {
        "code": code,
        "message": words.say(f"errors.{code}.message", **facts),
        "hint": words.say(f"errors.{code}.hint", **facts),
        "file": problem.get("file") or "",
        "where": problem.get("where") or "",
    }
