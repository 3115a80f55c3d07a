"""The errors of geo: a stable code, and the facts that a sentence about it needs."""

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_FILE = (errno.ENAMETOOLONG, errno.ELOOP)
"""What the name of a file meets that cannot exist."""

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
        self.file: str | None = None
        """Name of the input meant, as its bringer called it; set by `naming`."""
        self.facts = facts
        told = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code}({told})" + (f" at {where}" if where else ""))


class RefusedError(GeoError):
    """The input cannot be used as it is; trying again will not help."""


class UnfinishedError(GeoError):
    """The machine could not finish (disk, memory, time); trying again may help."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Let every error say which input it is about, unless it knows better."""
    try:
        yield
    except GeoError as error:
        error.file = error.file or name
        raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """
    Let every error about an input say which one, and make an absent one an error of its own.

    Raises
    ------
    RefusedError
        ``input_missing`` or ``input_unreadable`` if the file cannot be opened at all.
    """
    with about(path.name):
        try:
            mode = path.stat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                # A pipe or a device would keep us waiting for ever.
                raise RefusedError("input_unreadable")
            yield
        except FileNotFoundError as error:
            raise RefusedError("input_missing") from error
        except (PermissionError, IsADirectoryError, NotADirectoryError) as error:
            raise RefusedError("input_unreadable") from error
        except OSError as error:
            if error.errno not in _NO_FILE:
                raise
            raise RefusedError("input_missing") from error
