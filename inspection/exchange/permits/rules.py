"""Rules of a mapping: where one thing stands in a record, and how it is understood."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen
from pydantic import ConfigDict

from geo.vector.label import plain_name
from inspection.exchange.permits.vocabulary import Field, Key, Meaning, State
from inspection.profiles.values import STRICT, Name, Positive


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
