"""Kinds of numbers that a profile may hold, and how strictly it is read."""

from datetime import date
from typing import Annotated

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import AfterValidator, ConfigDict


def _day(text: str) -> str:
    """Give a day as it is written; the error says what would have been one."""
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("YYYY-MM-DD") from error
    return text


type Positive = Annotated[float, Gt(0)]
type NotNegative = Annotated[float, Ge(0)]
type Length = Annotated[float, Ge(100), Le(1000)]
type Share = Annotated[float, Ge(0), Le(1)]
type Count = Annotated[int, Ge(1)]
type Name = Annotated[str, MinLen(1)]
type Day = Annotated[str, AfterValidator(_day)]

STRICT = ConfigDict(extra="forbid")
