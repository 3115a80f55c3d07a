"""The errors of inspection, beside those of geo: same shape, other exit codes."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from geo.errors import GeoError, RefusedError, UnfinishedError, about

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
    "placing",
]

_DENIED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_OTHER_KIND: Final = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST)
_NO_PLACE: Final = (errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.ENOSYS)


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


@contextmanager
def placing(path: Path) -> Iterator[None]:
    """
    Let a place that somebody named, and that cannot be made or written, be told by its path.

    Raises
    ------
    UsageError
        ``place_denied``, ``place_of_other_kind``, ``place_impossible``.
    """
    with about(str(path)):
        try:
            yield
        except OSError as error:
            if error.errno in _DENIED:
                raise UsageError("place_denied") from error
            if error.errno in _OTHER_KIND:
                raise UsageError("place_of_other_kind") from error
            if error.errno in _NO_PLACE:
                raise UsageError("place_impossible") from error
            raise
