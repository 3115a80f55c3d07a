"""Every row judged before anything runs: what it names is there, once, and can be understood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from geo.errors import GeoError, RefusedError
from inspection.batch.asked import Given, RowAsked
from inspection.batch.cells import count, language, layers, metres, moment
from inspection.batch.columns import FILES
from inspection.batch.permits import Paper, Permits, Register
from inspection.batch.sources import given_in
from inspection.batch.table import Line
from inspection.language import Json, Language
from inspection.objects.store import ObjectStore
from inspection.permit_record import read_permit
from inspection.profiles.profile import read_profile
from inspection.terminal.failure import failure_of, problem_of

AUTO: Final = ("auto", "otomatis")
"""What stands for the latest earlier flight over the same ground."""

_TOML: Final = ".toml"
_OF_REQUEST: Final = frozenset(
    {
        "boundary_crs",
        "crs",
        "baseline_crs",
        "assume_crs",
        "baseline_assume_crs",
        "assumed_by",
        "control_points_crs",
        "control_points_image",
        "current_dsm_heights",
        "baseline_dsm_heights",
    }
)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What rows are about beside their own cells."""

    beside: Path
    """Folder of the table, which paths are relative to."""

    profile: str
    language: Language
    paper: Paper
    every_profile: bool = False
    """Whether the profile counts for rows, too, that name another."""

    objects: ObjectStore | None = None
    register: Register | None = None

    @property
    def permits(self) -> Permits:
        """Where rows find their permits."""
        return Permits(
            beside=self.beside, objects=self.objects, register=self.register, paper=self.paper
        )


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A row as it will be run, or why it cannot be."""

    line: Line
    asked: RowAsked | None = None
    problem: dict[str, Json] | None = None
    auto: bool = False
    """Whether its earlier flight is still to be found among the others."""

    published: str | None = None
    """Hash of the document that is published of it, where the records have one."""

    note: dict[str, Json] | None = None
    """What is to be known of a row that can be run."""


def checked(lines: Sequence[Line], ground: Ground) -> list[Planned]:
    """Judge every row; one that cannot be run says why and stops no other."""
    rules = _Rules(ground)
    return [_attempted(line, partial(_planned, line, ground, rules)) for line in lines]


def without_duplicates(planned: Sequence[Planned]) -> list[Planned]:
    """Refuse rows that ask for what an earlier one asks for."""
    first: dict[str, Line] = {}
    told = []
    for one in planned:
        before = first.setdefault(one.asked.key, one.line) if one.asked else one.line
        if before is not one.line:
            error = RefusedError("batch_row_twice", where=one.line.where, first=before.named)
            told.append(refused(one.line, error))
        else:
            told.append(one)
    return told


def refused(line: Line, error: GeoError) -> Planned:
    """A row that cannot be run."""
    error.where = error.where or line.where
    return Planned(line=line, problem=problem_of(failure_of(line.as_written(error))))


def with_papers_read(planned: Sequence[Planned]) -> list[Planned]:
    """Refuse rows whose permit's record is none; each record is read once."""
    read = cache(read_permit)

    def proven(one: Planned) -> Planned:
        permit = one.asked.files.get("permit") if one.asked else None
        if permit is not None and permit.kind == "file":
            read(Path(permit.source))
        return one

    return [_attempted(one.line, partial(proven, one)) for one in planned]


def with_note(one: Planned, error: GeoError) -> Planned:
    """The same row with something to be known of it; it is run all the same."""
    error.where = error.where or one.line.where
    return replace(one, note=problem_of(failure_of(error)))


def _attempted(line: Line, work: Callable[[], Planned]) -> Planned:
    try:
        return work()
    except GeoError as error:
        return refused(line, error)


class _Rules:
    """Profiles by name, each read once; a file lies beside the table."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._read = cache(self._proven)

    def of(self, cells: Mapping[str, str]) -> tuple[str, str]:
        named = None if self._ground.every_profile else cells.get("profile")
        if named is None:
            return self._read(self._ground.profile)
        if named.endswith(_TOML):
            named = str((self._ground.beside / named).absolute())
        return self._read(named)

    @staticmethod
    def _proven(name: str) -> tuple[str, str]:
        profile = read_profile(name)
        said = "".join(one.sha256 for one in (profile.origin, *profile.parents))
        return name, sha256(said.encode()).hexdigest()


def _planned(line: Line, ground: Ground, rules: _Rules) -> Planned:
    if line.problem is not None:
        raise line.problem
    cells = line.cells
    is_auto = cells.get("baseline", "").casefold() in AUTO
    files = {
        name: given_in(cell, beside=ground.beside, column=name, objects=ground.objects)
        for name, cell in cells.items()
        if name in FILES and not (name == "baseline" and is_auto)
    }
    permit, told = ground.permits.of(cells)
    files = {**permit, **files}
    if "current" not in files:
        raise RefusedError("batch_row_without_current")
    if "boundary" not in files:
        raise RefusedError("batch_row_without_boundary")
    profile, profile_sha256 = rules.of(cells)
    moment(cells, "captured_at")  # else another row's search for an earlier flight passes it over
    asked = RowAsked(
        files=files,
        values={name: cell for name, cell in cells.items() if name in _OF_REQUEST},
        feature=count(cells, "feature"),
        reference_accuracy_m=metres(cells, "reference_accuracy"),
        layers=layers(cells, ground.beside, ground.objects),
        profile=profile,
        profile_sha256=profile_sha256,
        language=language(cells) or ground.language,
    )
    planned = Planned(line=line, asked=asked, auto=is_auto)
    return with_note(planned, told) if told else planned


def with_files(one: Planned, files: Mapping[str, Given], values: Mapping[str, str]) -> Planned:
    """The same row with more files and more said of them; what it says itself counts."""
    assert one.asked is not None  # noqa: S101 - only rows that can be run are asked for more
    asked = one.asked.model_copy(
        update={
            "files": {**files, **one.asked.files},
            "values": {**values, **one.asked.values},
        }
    )
    return replace(one, asked=asked, auto=False)
