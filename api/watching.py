"""What inspections are doing now, read once for all who watch them."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from itertools import batched
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import select

from inspection.errors import TooOftenError, UnfinishedError
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState

EVERY_S: Final = 1.0
"""How often the records are read while anybody watches."""

MOST: Final = 2000
"""Watchers of one process at once."""

_IN_ONE_QUESTION: Final = 400


class Seen(NamedTuple):
    """How far an inspection is."""

    state: InspectionState
    step: str | None
    share: float
    code: str | None
    """Of the problem that ended it."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in (InspectionState.SUBMITTED, InspectionState.RUNNING)


class Watch:
    """
    The inspections that somebody watches, and what the records last said of them.

    However many watch, the records are asked once a second, and no watcher holds a connection.
    """

    def __init__(self, records: Records) -> None:
        self.is_closing = False
        self._records = records
        self._watchers: Counter[UUID] = Counter()
        self._latest: dict[UUID, Seen] = {}
        self._looked = asyncio.Event()

    async def look_for_ever(self) -> None:
        """Read the records as long as the service runs."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self._watchers:
                try:
                    self._latest = await asyncio.to_thread(self._look, tuple(self._watchers))
                except UnfinishedError as error:
                    structlog.get_logger().warning("not_looked", code=error.code)
            self._tell()

    def close(self) -> None:
        """Let every watcher go: the service stops."""
        self.is_closing = True

    def require_room(self) -> None:
        """
        See that one more may watch.

        Raises
        ------
        TooOftenError
            ``watchers_too_many``.
        """
        if self._watchers.total() >= MOST:
            raise TooOftenError("watchers_too_many", seconds=30)

    async def of(self, inspection_id: UUID) -> AsyncGenerator[Seen | None]:
        """
        What is seen of an inspection, each second, until the service stops.

        None stands for a second in which nothing was seen of it.
        """
        with self._watching(inspection_id):
            while not self.is_closing:
                await self._looked.wait()
                yield self._latest.get(inspection_id)

    @contextmanager
    def _watching(self, inspection_id: UUID) -> Iterator[None]:
        self._watchers[inspection_id] += 1
        try:
            yield
        finally:
            self._watchers[inspection_id] -= 1
            if not self._watchers[inspection_id]:
                del self._watchers[inspection_id]

    def _look(self, watched: tuple[UUID, ...]) -> dict[UUID, Seen]:
        latest: dict[UUID, Seen] = {}
        for some in batched(watched, _IN_ONE_QUESTION):
            with self._records.reading_all() as session:
                asked = select(
                    InspectionRun.id,
                    InspectionRun.state,
                    InspectionRun.step,
                    InspectionRun.share,
                    InspectionRun.problem,
                ).where(InspectionRun.id.in_(some))
                for name, state, step, share, problem in session.execute(asked):
                    code = str(problem["code"]) if problem else None
                    latest[name] = Seen(state, step, share, code)
        return latest

    def _tell(self) -> None:
        looked, self._looked = self._looked, asyncio.Event()
        looked.set()
