"""Rows that the workers of an installation make: asked for as one batch, awaited and fetched."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select

from inspection.access.office import actor_named
from inspection.access.rights import Action, Actor, authorize
from inspection.batch.asked import Given, RowAsked
from inspection.batch.checking import AUTO, Planned
from inspection.batch.conducting import Watching
from inspection.batch.earlier import Flown
from inspection.batch.office_table import Usual, judged
from inspection.batch.recorded import Recorded
from inspection.batch.running import Board
from inspection.batch.store import DONE, FAILED, NOT_COMPARABLE, REFUSED, WHOLE, Ended, Folder
from inspection.batch.table import Line
from inspection.installation import open_installation
from inspection.jobs.asked import Asked, files_of
from inspection.jobs.batches import ItemNow, OfTable, Several, ask_all, items_of, retry_failed
from inspection.jobs.running import Watched
from inspection.jobs.submission import OPEN
from inspection.language import Json, Language
from inspection.objects.store import ObjectStore
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.batches import Batch
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Office
from inspection.records.tables.reports import Report
from inspection.settings import Settings
from inspection.terminal.failure import UNFINISHED, Failure, problem_of
from inspection.wiring import open_objects, verify_page

LOOK_EVERY_S: Final = 1.0
"""How often somebody asks how far the rows are."""

_FROM_RECORDS: Final = "captured_at"
"""What rows of permits on record say, and the record knows without them."""


@dataclass(frozen=True, kw_only=True)
class Handing:
    """Rows on their way through the workers, and the person who asked for them."""

    records: Records
    objects: ObjectStore
    actor: Actor

    def of_permits(self, words: str) -> list[Line]:
        """One row a permit of the office that has these words; raises ``batch_permits_none``."""
        with self.records.reading(self.actor.office_id) as session:
            known = Recorded(session=session, paper=_no_paper)
            lines = known.lines(words)
            flights = known.flights([one.cells["permit"] for one in lines])
        return [_of_record(one, flights[one.cells["permit"]]) for one in lines]

    def ask(self, lines: Sequence[Line], usual: Usual, *, table: str) -> UUID:
        """Put all rows that can be made in line, on the permits' records; gives their batch."""
        office, at = self.actor.office_id, now()
        with self.records.reading(office) as session:
            found = judged(session, self.objects, lines, usual, at=at)
        asked = Several(
            items=[one.wanted or one.problem or {} for one in found],
            table=table,
            lines=[
                OfTable(
                    line=one.number,
                    line_permit=one.cells.get("permit"),
                    line_current=one.cells.get("current"),
                )
                for one in lines
            ],
        )
        return ask_all(self.records, self.objects, office, asked, by=self.actor.user_id, at=at)

    def retry(self, batch: UUID) -> None:
        """Put in line again what failed."""
        with self.records.writing(self.actor.office_id) as session:
            row = session.get_one(Batch, batch)
            retry_failed(session, self.objects, row, by=self.actor.user_id)

    def gathered(
        self, batch: UUID, lines: Sequence[Line], folder: Folder, watching: Watching
    ) -> list[Planned]:
        """Wait until all rows have ended, and fetch each result as soon as it is there."""
        by_number = {one.number: one for one in lines}
        items = self._items(batch)
        open_rows = {one.item.position for one in items}
        told: dict[int, Planned] = {}
        with watching(len(items), Counter()) as board:
            while True:
                for one in items:
                    number = one.item.position
                    if number in open_rows:
                        told[number] = planned = _planned(one, by_number)
                        if self._has_ended(one, planned, folder, board):
                            open_rows.remove(number)
                if not open_rows:
                    return [told[number] for number in sorted(told)]
                time.sleep(LOOK_EVERY_S)
                items = self._items(batch)

    def _items(self, batch: UUID) -> list[ItemNow]:
        with self.records.reading(self.actor.office_id) as session:
            return items_of(session, session.get_one(Batch, batch))

    def _has_ended(self, one: ItemNow, planned: Planned, folder: Folder, board: Board) -> bool:
        run, asked = one.run, planned.asked
        if run is None or asked is None:
            board.ended(planned, Ended(state=REFUSED, problem=planned.problem, tries=0))
            return True
        if run.state in OPEN:
            if run.state is InspectionState.RUNNING:
                board.at(planned, Watched(step=run.step, share=run.share))
            return False
        how = _ended(run)
        if how.state in WHOLE:
            self._fetch(run, folder.result(asked))
        folder.end(asked, how)
        board.ended(planned, how)
        return True

    def _fetch(self, run: InspectionRun, place: Path) -> None:
        """Bring a result from the object store, each file proven by its hash; it appears whole."""
        if place.is_dir():
            return
        with self.records.reading(self.actor.office_id) as session:
            made = select(Report.files).where(
                Report.inspection_id == run.id, Report.sha256 == run.document_sha256
            )
            files = {name: str(sha256) for name, sha256 in session.scalars(made).one().items()}
        passing = place.with_name(f".passing-{place.name}")
        shutil.rmtree(passing, ignore_errors=True)
        for name, expected in files.items():
            path = passing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.writelines(self.objects.stream(expected))
        passing.rename(place)


@contextmanager
def handing(
    settings: Settings, login: str, profile: str | None, language: Language | None
) -> Iterator[tuple[Handing, Usual]]:
    """
    Open the installation for a person who may ask for inspections; gives also what is usual.

    Raises
    ------
    RefusedError
        ``user_unknown``.
    ForbiddenError
        ``not_allowed``.
    """
    records, engine = open_installation(settings)
    try:
        actor = authorize(actor_named(records, login), Action.INSPECTION_SUBMIT)
        with records.reading(actor.office_id) as session:
            office = session.get_one(Office, actor.office_id)
        usual = Usual(
            profile=profile or office.profile,
            language=language or Language(office.language),
            verify_at=verify_page(settings),
        )
        yield Handing(records=records, objects=open_objects(None, settings), actor=actor), usual
    finally:
        engine.dispose()


def fingerprint(lines: Sequence[Line]) -> str:
    """Of all that the rows ask: another table is another batch."""
    said = [(one.number, sorted(one.cells.items()), str(one.problem)) for one in lines]
    return sha256(repr(said).encode()).hexdigest()


def _no_paper(_content: bytes, name: str) -> Given:
    raise AssertionError(name)  # of permits on record the service itself writes their papers


def _of_record(line: Line, flights: Sequence[Flown]) -> Line:
    cells = {name: cell for name, cell in line.cells.items() if name != _FROM_RECORDS}
    if len(flights) == 1 and cells.get("baseline") in AUTO:
        del cells["baseline"]
    return replace(line, cells=cells)


def _planned(one: ItemNow, lines: Mapping[int, Line]) -> Planned:
    number = one.item.line or one.item.position + 1
    made_up = Line(number=number, where=str(number), cells={"permit": one.permit or ""})
    line = lines.get(number, made_up)
    if one.run is None:
        return Planned(line=line, problem=one.item.problem)
    return Planned(line=line, asked=_asked(Asked.model_validate(one.run.request), one.permit or ""))


def _asked(asked: Asked, permit: str) -> RowAsked:
    """What was asked of the worker, as a row of ours; by it the result's folder is named."""
    given = {
        place: Given(kind="object", source=file.sha256, name=file.name, mark=file.sha256)
        for place, file in files_of(asked)
    }
    if "permit" in given:
        given["permit"] = given["permit"].model_copy(update={"name": f"{permit}.json"})
    return RowAsked(
        files=given,
        profile=asked.profile,
        profile_sha256="",
        language=asked.language,
    )


def _ended(run: InspectionRun) -> Ended:
    seconds = None
    if run.started_at is not None and run.finished_at is not None:
        seconds = round((run.finished_at - run.started_at).total_seconds(), 1)
    problem: dict[str, Json] | None = run.problem
    if run.state is InspectionState.DONE:
        state = NOT_COMPARABLE if run.is_comparable is False else DONE
    elif run.state is InspectionState.REFUSED:
        state = REFUSED
    else:
        state = FAILED
    if run.state is InspectionState.CANCELLED:
        problem = problem_of(Failure(code="batch_row_cancelled", exit_code=UNFINISHED, facts={}))
    return Ended(state=state, problem=problem, seconds=seconds)
