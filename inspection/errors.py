"""The errors of inspection, beside those of geo: same shape, other exit codes."""

from geo.errors import GeoError


class InspectionError(GeoError):
    """Base of what goes wrong around an inspection, with a stable code like geo's own."""


class UsageError(InspectionError):
    """The command was not called in a way that it can follow."""


class Interrupted(BaseException):
    """Somebody asked the program to stop; no library that it runs in may take that up."""


class DisprovedError(InspectionError):
    """Evidence does not match its seal."""
