"""How sure each number of a profile is, and where it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import ConfigDict

from inspection.profiles.values import STRICT, Name

UNRATED = (
    "name",
    "title",
    "version",
    "authority",
    "source",
    "extends",
    "certainty",
    "accuracy",
    "translations",
)
"""What decides nothing, or says how sure it is by itself."""

type Table = dict[str, Any]


class Sure(StrEnum):
    """How well the source of a number is known."""

    TEXT = "text"
    """Read in the text of the rule."""

    DERIVED = "derived"
    """Computed from what was read in the text."""

    SECONDARY = "secondary"
    """Read in a source that tells of the rule."""

    OWN = "own"
    """Set by this product, or by the office itself: no rule stands behind it."""

    UNVERIFIED = "unverified"
    """Heard of, and not read: it decides nothing."""


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure a number is, and who says it."""

    sure: Sure
    source: Name
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A number that is not sure enough to decide."""

    name: str
    source: str


def leaves(table: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Dotted names of the values of a profile that something must stand behind."""
    for name, value in table.items():
        if not at and name in UNRATED:
            continue
        if isinstance(value, dict):
            yield from leaves(value, f"{at}{name}.")
        else:
            yield f"{at}{name}"


def rated(table: Table, given: Mapping[str, Certainty]) -> dict[str, Certainty]:
    """
    Certainty of each value of one file: its own entry, else that of the table it stands in.

    A value without one is the file's own: nothing else is known to stand behind it.
    """
    own = Certainty(sure=Sure.OWN, source=_source(table))
    return {leaf: behind(leaf, given) or own for leaf in leaves(table)}


def behind(name: str, given: Mapping[str, Certainty]) -> Certainty | None:
    """Give what stands behind a value: its own entry, else that of the table it stands in."""
    while name:
        if name in given:
            return given[name]
        name = name.rpartition(".")[0]
    return None


def _source(table: Table) -> str:
    named = (table.get(key) for key in ("source", "authority", "name"))
    return next((text for text in named if isinstance(text, str) and text), "-")


def without(table: Table, name: str) -> Table:
    """Give a table without the value of that dotted name."""
    first, _, rest = name.partition(".")
    if not rest:
        return {key: value for key, value in table.items() if key != first}
    return {**table, first: without(table[first], rest)}


def condensed(entries: Mapping[str, Certainty]) -> dict[str, Certainty]:
    """Give one entry for a table whose values all have the same."""
    tables: dict[str, set[Certainty]] = {}
    for name, entry in entries.items():
        tables.setdefault(name.split(".")[0], set()).add(entry)
    short = {}
    for name, entry in entries.items():
        top = name.split(".")[0]
        short[top if len(tables[top]) == 1 else name] = entry
    return short
