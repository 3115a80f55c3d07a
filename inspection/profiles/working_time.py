"""When offices usually work, and which terms are counted in hours of that."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, ConfigDict, StringConstraints

from inspection.profiles.values import STRICT, NotNegative

_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):([0-5]\d)|24:00)")
SHAPE: Final = "HH:MM-HH:MM, HH:MM-HH:MM"


def opening_hours(text: str) -> tuple[int, ...]:
    """
    Opens and closes, and again after each break, in minutes of the day: 07:30-12:00, 13:00-16:00.

    Raises
    ------
    ValueError
        Where it is nothing of the kind; empty is a free day.
    """
    spans = [one.strip() for one in text.split(",")] if text else []
    if any(_SPAN.fullmatch(one) is None for one in spans):
        raise ValueError(SHAPE)
    hours = tuple(_minutes(time) for one in spans for time in one.split("-"))
    if any(one >= other for one, other in pairwise(hours)):
        raise ValueError(SHAPE)
    return hours


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _hours(text: str) -> str:
    opening_hours(text)
    return text


type Weekday = Annotated[str, StringConstraints(pattern=r"^[1-7]$")]
type OpeningHours = Annotated[str, AfterValidator(_hours)]


@dataclass(frozen=True, kw_only=True)
class CalendarRules:
    """What an office's calendar begins with; the office states its own, and its holidays."""

    hours_up_to_days: NotNegative = 0.0
    """Terms of at most so many working days are counted in working hours, longer ones in days."""

    week: dict[Weekday, OpeningHours] = field(default_factory=dict)
    """By day of the week, 1 for Monday; by the clock on the office's wall. Empty is free."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
