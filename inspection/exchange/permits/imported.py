"""What an import brings: values that each know where they stand written, and events of a permit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from geo.boundary import Boundary
from inspection.exchange.permits.vocabulary import Field, Key, Meaning, State
from inspection.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The file that a value came with."""

    system: str
    file: str
    sha256: str
    mapping: str
    """Name and version of the mapping that it was read by."""

    mapping_sha256: str
    imported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Position:
    """One reading of a place whose order of numbers nobody stated."""

    longitude: float
    latitude: float


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One order in which positions can be read; a person must confirm it before it is used."""

    order: str
    """``latitude, longitude`` or ``longitude, latitude``."""

    positions: tuple[Position, ...]
    in_region: bool | None
    """Whether all lie in the region that the mapping names; None where it names none."""


type Held = str | float | tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value, and where it stands written."""

    value: Held
    """Text; a number in the unit of the field's name; a day or a moment in ISO form."""

    written: str
    """As the file has it."""

    where: str
    """Cell, JSON pointer, or number of the feature."""

    origin: Origin
    meaning: str | None = None
    """What a code stands for, as the mapping says."""

    vocabulary: str | None = None
    """The list that a code is from, with its edition."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an application's procedure."""

    code: str | None
    name: str | None
    state: State | None
    status: str | None
    """The state as written."""

    began: str | None
    ended: str | None
    meaning: Meaning | None
    counts: bool
    """Whether its time counts as the office's own."""

    where: str
    origin: Origin


@dataclass(frozen=True, kw_only=True, eq=False)
class Outline:
    """The boundary that came with a permit."""

    boundary: Boundary
    sha256: str
    """Of the outline alone (WKB, little endian, as written) and its reference system."""

    where: str
    origin: Origin


@dataclass(frozen=True, kw_only=True, eq=False)
class PermitImport:
    """What one or several sources say of one permit, application, project or business."""

    keys: Mapping[Key, tuple[Value, ...]]
    values: Mapping[Field, tuple[Value, ...]]
    """All that is said; where sources agree, each of them is kept as a witness."""

    outlines: tuple[Outline, ...] = ()
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def conflicts(self) -> tuple[Field, ...]:
        """Fields of which different things are said; none of them is preferred."""
        return tuple(name for name, said in self.values.items() if len({*map(likeness, said)}) > 1)

    @property
    def outlines_differ(self) -> bool:
        """Whether more than one outline came."""
        return len({one.sha256 for one in self.outlines}) > 1

    def agreed(self, name: Field) -> Value | None:
        """The value of a field; None where nothing or different things are said."""
        said = self.values.get(name, ())
        return said[0] if said and name not in self.conflicts else None

    def key(self, name: Key) -> str | None:
        """What tells it from others, as text."""
        said = self.keys.get(name, ())
        return str(said[0].value) if said else None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that one file brings, and what of it was not taken."""

    origin: Origin
    permits: tuple[PermitImport, ...]
    records: int
    """Rows, branches or features that were looked at."""

    refused: int
    """Those of them that brought nothing, each with its problem."""

    problems: tuple[Problem, ...] = ()
    """Of the file, and of what was refused."""

    dropped: Mapping[str, int] = field(default_factory=dict)
    """How often personal data were left out, by the name of their field."""

    passed_over: Mapping[str, int] = field(default_factory=dict)
    """How often there was something that the mapping does not ask for, by its name."""

    likely: Mapping[str, str] = field(default_factory=dict)
    """For names passed over, that which the mapping asks for and is most like it."""


def likeness(value: Value) -> Held:
    """What two values have in common that say the same: case and blanks tell nothing."""
    held = value.value
    return " ".join(held.casefold().split()) if isinstance(held, str) else held
