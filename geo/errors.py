"""The errors of geo: a stable code, and the facts that a sentence about it needs."""

type Fact = str | int | float


class GeoError(Exception):
    """
    Base of every error that geo raises on purpose.

    The words that a person reads are chosen elsewhere, by `code`, and filled with `facts`;
    geo itself speaks no language but the code's.

    Parameters
    ----------
    code
        Stable, lower case, words joined by underscores: ``boundary_self_crosses``.
    where
        The place meant, in words a person can find again: a vertex, a line, a tag.
    facts
        The values that clash, by name.
    """

    def __init__(self, code: str, *, where: str | None = None, **facts: Fact) -> None:
        self.code = code
        self.where = where
        self.facts = facts
        told = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code}({told})" + (f" at {where}" if where else ""))


class RefusedError(GeoError):
    """The input cannot be used as it is; trying again will not help."""


class UnfinishedError(GeoError):
    """The machine could not finish (disk, memory, time); trying again may help."""
