"""What an inspection asks of the world around it; what stands behind is chosen in wiring."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from inspection.standing import PastReport

type Advance = Callable[[float], None]
"""Takes the share done of the present step, from 0 to 1."""


class Progress(Protocol):
    """Somebody who watches the steps go by."""

    def step(self, name: str) -> AbstractContextManager[Advance]:
        """Enter the step of that name; leave it when done."""
        ...


class Unwatched:
    """Progress that nobody watches."""

    def step(self, name: str) -> AbstractContextManager[Advance]:  # noqa: ARG002
        """Enter a step unseen."""
        return nullcontext(lambda _share: None)


class Workplace(Protocol):
    """Where an inspection is made, step by step."""

    def opened(self, out: Path) -> AbstractContextManager[tuple[Path, Path]]:
        """
        Open the folder to work in, which takes the name `out` when the work is done.

        Gives that folder and a drawer for passing files.
        """
        ...

    def once[**Given, Value](
        self, work: Callable[Given, Value], *given: Given.args, **named: Given.kwargs
    ) -> Value:
        """Do the next piece of work, or give what it gave when it was done before."""
        ...


@dataclass(frozen=True, kw_only=True)
class Filed:
    """One report on a permit's record."""

    permit_id: str
    report_sha256: str
    """Hash of inspection.json: the report's identity."""

    inspection_id: str
    created_at: str
    sequence: int
    """Counts the reports of the permit, from 1."""

    supersedes: str | None
    """Hash of the report before it, or None for the first."""


class Archive(Protocol):
    """The permits' records, to which reports are attached and from which nothing is taken."""

    def file(self, permit_id: str, report: Path) -> Filed:
        """
        Attach the report in a folder to the permit's record.

        Filing the same report again changes nothing and gives the same answer; a later
        report supersedes the one before, which stays readable.
        """
        ...

    def past(self, permit_id: str) -> tuple[PastReport, ...]:
        """What the reports on the record said, in the order they were filed."""
        ...

    def filed(self, permit_id: str) -> tuple[Filed, ...]:
        """All reports on the record, in the order they were filed."""
        ...
