"""Why a whole file cannot be read, told before or apart from any outline in it."""

from enum import StrEnum

from geo.errors import Fact


class Reason(StrEnum):
    """Why a file is turned away as it is."""

    ARCHIVE_ENCRYPTED = "archive_encrypted"
    ARCHIVE_EXPANDS = "archive_expands"
    ARCHIVE_UNSAFE = "archive_unsafe"
    AXES_UNKNOWN = "axes_unknown"
    DATABASE_UNSAFE = "database_unsafe"
    DAMAGED = "damaged"
    DOCTYPE = "doctype"
    FORM_DIFFERS = "form_differs"
    FORM_UNKNOWN = "form_unknown"
    HEMISPHERE_UNKNOWN = "hemisphere_unknown"
    NUMBER_AMBIGUOUS = "number_ambiguous"
    NUMBER_IMPOSSIBLE = "number_impossible"
    PARTS_UNKNOWN = "parts_unknown"
    ROW_UNREADABLE = "row_unreadable"
    SEVERAL_LAYERS = "several_layers"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    UNSAVED = "unsaved"


class Unfit(Exception):  # noqa: N818 - told to geo's own readers, never to a person
    """A file cannot be read, and why."""

    def __init__(self, reason: Reason, *, where: str | None = None, **facts: Fact) -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where
        self.facts = facts
