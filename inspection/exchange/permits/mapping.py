"""A mapping: what another system calls the things that we know, as a dated file of data."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from annotated_types import Ge, Le, MinLen
from pydantic import ConfigDict, TypeAdapter, ValidationError, model_validator

from geo.errors import RefusedError, about
from geo.vector.label import plain_name
from inspection.exchange.permits.vocabulary import Field, Key, Meaning, State
from inspection.model import Source
from inspection.profiles.problem import NOT_IN_FILE, problem_of, require_known
from inspection.profiles.reading import lineage, under
from inspection.profiles.values import STRICT, Day, Name, Positive

COME_ALONG = files("inspection.exchange.permits").joinpath("mappings")
"""Where the mappings lie that come with the product."""


class Form(StrEnum):
    """Forms of files that a mapping can be for."""

    JSON = "json"
    TABLE = "table"
    OUTLINES = "outlines"


class Kind(StrEnum):
    """How what stands in a file is understood."""

    TEXT = "text"
    CODE = "code"
    """Text whose every sign counts, leading zeros too."""

    NUMBER = "number"
    DAY = "day"
    POSITIONS = "positions"


class DateForm(StrEnum):
    """Ways in which a day may be written."""

    ISO = "iso"
    COMPACT = "yyyymmdd"
    EXCEL = "excel"
    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"
    EPOCH_MS = "epoch_ms"


@dataclass(frozen=True, kw_only=True)
class DateRules:
    """How days are written; what two of the forms read differently is refused."""

    forms: Annotated[tuple[DateForm, ...], MinLen(1)] = (DateForm.ISO,)
    two_digit_years_from: Annotated[int, Ge(1900), Le(2100)] | None = None
    """First of the hundred years that two digits can mean; without it they mean none."""

    epoch_offset_h: Annotated[float, Ge(-12), Le(14)] = 0.0
    """Offset of the clock by which milliseconds since 1970 are a midnight."""

    null: tuple[str, ...] = ()
    """Days that stand for none; what follows them, as a time, does not matter."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where one thing stands, and how it is understood."""

    read: Annotated[tuple[Name, ...], MinLen(1)]
    """Names that it may have; in JSON, paths from the record (`^` is the branch around it)."""

    kind: Kind = Kind.TEXT
    digits: tuple[Annotated[int, Ge(1)], ...] = ()
    """Lengths that a code of digits can have."""

    decimal: Literal[".", ","] | None = None
    least: float | None = None
    most: float | None = None
    unit_in: Name | None = None
    """Where its unit stands ..."""

    units: dict[str, Positive] = field(default_factory=dict)
    """... and what one of each unit is in the unit of our field."""

    meanings: dict[str, str] = field(default_factory=dict)
    vocabulary: str | None = None

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class StepRule:
    """Where the step of a procedure stands that a record tells."""

    code: tuple[Name, ...] = ()
    name: tuple[Name, ...] = ()
    status: tuple[Name, ...] = ()
    began: tuple[Name, ...] = ()
    ended: tuple[Name, ...] = ()
    states: dict[str, State] = field(default_factory=dict)
    means: dict[str, Meaning] = field(default_factory=dict)
    """By the step's code; which codes there are is the office's own affair."""

    outside_clock: tuple[str, ...] = ()
    """Codes of steps whose time is not the office's own."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    @cached_property
    def texts(self) -> dict[str, Rule]:
        """Rules of its texts, by what they are."""
        told = (("code", self.code), ("name", self.name), ("status", self.status))
        return {part: Rule(read=names) for part, names in told if names}

    @cached_property
    def plain_states(self) -> dict[str, State]:
        """States by the plain form of their names."""
        return {plain_name(name): state for name, state in self.states.items()}


@dataclass(frozen=True, kw_only=True)
class RecordRule:
    """One kind of record in a file."""

    paths: tuple[str, ...] = ("",)
    """Where such records stand in JSON; the first path that leads to one counts."""

    key: Annotated[dict[Key, Rule], MinLen(1)]
    value: dict[Field, Rule] = field(default_factory=dict)
    step: StepRule | None = None
    group_by: tuple[Key, ...] = ()
    """Keys by which the rows of a file are one thing, the first that a row has."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def names(self) -> list[str]:
        """All names that it reads."""
        rules = [*self.key.values(), *self.value.values()]
        units = [one.unit_in for one in rules if one.unit_in]
        step = self.step
        told = (step.code, step.name, step.status, step.began, step.ended) if step else ()
        return [
            *(n for one in rules for n in one.read),
            *units,
            *(n for some in told for n in some),
        ]


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How the files of one system are read."""

    name: Name
    title: str = ""
    version: Day
    system: Name
    source: str
    """What the names of its fields were taken from."""

    form: Form
    personal: tuple[Name, ...] = ()
    """Names whose contents are left out before anything is read, and only counted."""

    empty: tuple[str, ...] = ("",)
    """Texts that stand for nothing."""

    decimal: Literal[".", ","] | None = None
    """The sign that parts decimals in text; without it an undecided number is refused."""

    region: tuple[float, float, float, float] | None = None
    """West, south, east, north: where places are expected, which decides nothing."""

    dates: DateRules = field(default_factory=DateRules)
    record: Annotated[dict[str, RecordRule], MinLen(1)]
    origin: Source = field(metadata=NOT_IN_FILE)

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    @model_validator(mode="after")
    def _keeps_its_word(self) -> Self:
        """Nothing that is personal may be asked for."""
        asked = {
            plain_name(name.split(".")[-1]) for one in self.record.values() for name in one.names()
        }
        if both := sorted(asked & self.unwanted):
            raise ValueError(f"not in personal: {both[0]}")
        return self

    @property
    def unwanted(self) -> frozenset[str]:
        """Plain names of what is personal."""
        return frozenset(map(plain_name, self.personal))

    @property
    def titled(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"


def read_mapping(name_or_file: str) -> Mapping:
    """
    Read a mapping by the name of one that comes with the product, or from a file.

    Raises
    ------
    RefusedError
        ``mapping_unknown``, ``mapping_unreadable``, ``mapping_extends_itself``, and with the
        place ``mapping_value``, ``mapping_value_missing``, ``mapping_value_unknown``.
    """
    path = Path(name_or_file)
    with about(path.name):
        try:
            return _read(name_or_file)
        except RefusedError as error:
            raise _of_mapping(error) from error


def _read(name_or_file: str) -> Mapping:
    table: dict[str, Any] = {}
    origins: list[Source] = []
    for said, origin in lineage(name_or_file, home=COME_ALONG):
        table = under(table, said)
        origins.append(origin)
    table.pop("extends", None)
    require_known(table, Mapping)
    # As JSON and strict: a list may become a tuple, but no text becomes a number.
    whole = json.dumps({**table, "origin": asdict(origins[0])}, default=str)
    try:
        return TypeAdapter(Mapping).validate_json(whole, strict=True)
    except ValidationError as error:
        raise problem_of(error) from error


def _of_mapping(error: RefusedError) -> RefusedError:
    """Say of a mapping what was found by the reader of profiles, whose form it has."""
    codes = {
        "profile_unknown": "mapping_unknown",
        "profile_unreadable": "mapping_unreadable",
        "profile_extends_itself": "mapping_extends_itself",
        "profile_value": "mapping_value",
        "profile_value_missing": "mapping_value_missing",
        "profile_value_unknown": "mapping_value_unknown",
    }
    return RefusedError(codes[error.code], where=error.where, **error.facts)
