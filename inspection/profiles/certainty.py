"""How sure a number of a profile is, and where it comes from."""

from enum import StrEnum


class Sure(StrEnum):
    """How well the source of a number is known."""

    TEXT = "text"
    """Read in the text of the rule."""

    DERIVED = "derived"
    """Computed from what was read in the text."""

    SECONDARY = "secondary"
    """Read in a source that tells of the rule."""

    OWN = "own"
    """This product's own, or the office's: no rule stands behind it."""

    UNVERIFIED = "unverified"
    """Heard of, and not read: it decides nothing."""
