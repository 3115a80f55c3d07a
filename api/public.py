"""How much anybody may ask for without signing in: counted by where they ask from."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from inspection.access.rates import Rate
from inspection.errors import UnfinishedError

HOUR_S: Final = 3600.0
RECEIVED_AT_ONCE: Final = 8
JUDGED_AT_ONCE: Final = 2
"""Each of them is a child process, and the setting of a report."""


@dataclass(kw_only=True)
class Public:
    """The limits of one server."""

    looking: Rate = field(default_factory=lambda: Rate(300, window_s=HOUR_S))
    """Hashes, codes and numbers looked up."""

    judging: Rate = field(default_factory=lambda: Rate(20, window_s=HOUR_S))
    """PDFs examined."""

    objecting: Rate = field(default_factory=lambda: Rate(5, window_s=HOUR_S))
    """Objections put on the record."""

    trying: Rate = field(default_factory=lambda: Rate(60, window_s=HOUR_S))
    """Objections sent, those that are refused too: hashes and codes are not guessed by them."""

    judges: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(JUDGED_AT_ONCE))
    _places: int = RECEIVED_AT_ONCE

    @contextmanager
    def place(self) -> Iterator[None]:
        """
        Room for one PDF that somebody sends.

        Raises
        ------
        UnfinishedError
            ``verification_busy``.
        """
        if self._places == 0:
            raise UnfinishedError("verification_busy")
        self._places -= 1
        try:
            yield
        finally:
            self._places += 1


def public_of(request: Request) -> Public:
    """The limits of this server."""
    return cast("Public", request.app.state.public)


GivenPublic = Annotated[Public, Depends(public_of)]
