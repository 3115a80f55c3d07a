"""What is answered of the rules by which flights are inspected."""

from typing import Any

from pydantic import JsonValue

from api.schemas import Answer
from inspection.profiles.certainty import Sure


class ParentShown(Answer):
    """Rules that fill in what others do not say."""

    name: str
    sha256: str


class ProfileNamed(Answer):
    """What a set of rules says of itself."""

    name: str
    title: str
    version: str
    """The day that it is of."""

    authority: str
    source: str
    sha256: str
    extends: list[ParentShown]
    is_used: bool
    """Whether the office's flights are inspected by it, unless an inspection names another."""


class NumberShown(Answer):
    """One value that decides."""

    name: str
    value: JsonValue
    sure: Sure | None
    source: str | None


class LeftOutShown(Answer):
    """A value that nobody has verified, and that decides nothing."""

    name: str
    source: str


class ProfileShown(ProfileNamed):
    """A set of rules with all of its numbers."""

    numbers: list[NumberShown]
    accuracy: list[dict[str, Any]]
    """The classes of accuracy that it names, as they are written."""

    left_out: list[LeftOutShown]
