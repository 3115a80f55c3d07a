"""Kinds of numbers that a profile may hold, and how strictly it is read."""

from typing import Annotated

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import ConfigDict

type Positive = Annotated[float, Gt(0)]
type NotNegative = Annotated[float, Ge(0)]
type Length = Annotated[float, Ge(100), Le(1000)]
type Share = Annotated[float, Ge(0), Le(1)]
type Count = Annotated[int, Ge(1)]
type Name = Annotated[str, MinLen(1)]

STRICT = ConfigDict(extra="forbid")
