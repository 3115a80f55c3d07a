"""A problem: what speaks against an input, with its number, its limit and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from geo.errors import Fact, GeoError, UnfinishedError


class Level(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """
    One thing that a person should know before they rely on an input.

    Errors have the codes and the words of what refuses an input; the other levels are worded
    under ``warnings`` and ``hints`` of the catalogue.
    """

    level: Level
    code: str
    value: Fact | None = None
    """What was found ..."""

    limit: Fact | None = None
    """... and up to where it would be in order."""

    where: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What the sentence is made of, beside value and limit."""

    retry: bool = False
    """Whether it was the machine's fault, so that trying again may help."""

    @property
    def said(self) -> dict[str, Fact | None]:
        """All that the sentence may ask for."""
        return {"value": self.value, "limit": self.limit, **self.facts}


def refusal(error: GeoError) -> Problem:
    """Tell an error that was raised as a problem."""
    facts = dict(error.facts)
    return Problem(
        level=Level.ERROR,
        code=error.code,
        limit=facts.get("limit"),
        where=error.where,
        facts={name: fact for name, fact in facts.items() if name != "limit"},
        retry=isinstance(error, UnfinishedError),
    )


def warning(
    code: str,
    *,
    value: Fact | None = None,
    limit: Fact | None = None,
    where: str | None = None,
    **facts: Fact,
) -> Problem:
    """Something that does not stop an inspection, and that its reader must know."""
    return Problem(
        level=Level.WARNING, code=code, value=value, limit=limit, where=where, facts=facts
    )


def note(
    code: str, *, value: Fact | None = None, limit: Fact | None = None, **facts: Fact
) -> Problem:
    """Something worth knowing that is in order."""
    return Problem(level=Level.INFO, code=code, value=value, limit=limit, facts=facts)
