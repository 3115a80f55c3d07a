"""The errors of inspection, beside those of geo: same shape, other exit codes."""

from geo.errors import GeoError, RefusedError, UnfinishedError

__all__ = [
    "AbsentError",
    "ConflictError",
    "DisprovedError",
    "ForbiddenError",
    "GeoError",
    "InspectionError",
    "Interrupted",
    "RefusedError",
    "StrangerError",
    "TooOftenError",
    "UnfinishedError",
    "UsageError",
]


class InspectionError(GeoError):
    """Base of what goes wrong around an inspection, with a stable code like geo's own."""


class UsageError(InspectionError):
    """The command was not called in a way that it can follow."""


class Interrupted(BaseException):
    """Somebody asked the program to stop; no library that it runs in may take that up."""


class DisprovedError(InspectionError):
    """Evidence does not match its seal."""


class StrangerError(InspectionError):
    """Nobody known asks: signing in would help."""


class ForbiddenError(InspectionError):
    """Somebody known asks for what their role does not give."""


class AbsentError(InspectionError):
    """There is no such thing, or it is another office's, which looks the same."""


class ConflictError(InspectionError):
    """What is asked does not go together with what is there."""


class TooOftenError(InspectionError):
    """It was tried too often; the fact `seconds` says how long to wait."""
