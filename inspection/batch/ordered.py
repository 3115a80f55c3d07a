"""What somebody orders of a batch: which rows, by which rules, with what means."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from inspection.batch.checking import Ground, Planned
from inspection.batch.conducting import planned_rows
from inspection.batch.earlier import Flown
from inspection.batch.memory import places_in
from inspection.batch.office_table import office_lines
from inspection.batch.origin import Origin
from inspection.batch.permits import Paper
from inspection.batch.recorded import Recorded, records_of
from inspection.batch.running import MODULE, Means
from inspection.batch.table import Line, read_lines
from inspection.language import Language
from inspection.objects.store import ObjectStore
from inspection.profiles.profile import read_profile
from inspection.settings import Settings
from inspection.wiring import database_file, open_objects


@dataclass(frozen=True, kw_only=True)
class Order:
    """A batch as it is asked for on the command line."""

    table: Path | None
    permits: str | None
    """Words of permits on record, in place of a table."""

    office: str | None
    settings: Settings
    profile: str
    language: Language
    workers: int
    budget_mb: int
    records: Path | None
    moment: datetime

    @property
    def named(self) -> str:
        """What the rows come from, for people."""
        return self.table.name if self.table else str(self.permits)

    @cached_property
    def objects(self) -> ObjectStore:
        """The installation's object store."""
        return open_objects(None, self.settings)

    @cached_property
    def written(self) -> list[Line]:
        """
        The rows of the table; none where permits are asked for.

        Raises
        ------
        RefusedError
            What is wrong with the table or the profile as a whole.
        """
        read_profile(self.profile)
        return read_lines(self.table) if self.table else []

    @property
    def of_office(self) -> list[Line]:
        """The rows of the table as an office takes them: they name what was sent to it."""
        return office_lines(self.table) if self.table else []

    @property
    def origin(self) -> Origin:
        """What the results are of, by which another batch is told."""
        return Origin.of(self.named, self.written)

    def means(self) -> Means:
        """What the rows may use."""
        return Means(
            places=places_in(self.budget_mb, self.workers),
            budget_mb=self.budget_mb,
            hours=self.settings.job_hours,
            records=self.records,
            command=(sys.executable, "-m", MODULE),
        )

    def trial_in(self, out: Path) -> Path:
        """Folder in which the rows are run under this profile and nothing is published."""
        profile = read_profile(self.profile)
        said = "".join(one.sha256 for one in (profile.origin, *profile.parents))
        return out / "what-if" / f"{profile.name}-{sha256(said.encode()).hexdigest()[:8]}"

    def planned(self, paper: Paper, *, every_profile: bool = False) -> list[Planned]:
        """
        Every row as it will be run, or why it cannot be.

        Raises
        ------
        RefusedError, UsageError
            What is wrong with the table, the profile or the installation as a whole.
        """
        lines = self.written
        with self._register(lines, paper) as register:
            others: dict[str, list[Flown]] = {}
            published: dict[int, str] = {}
            if register is not None:
                lines = register.lines(self.permits) if self.permits is not None else lines
                others = register.flights([one.cells.get("permit", "") for one in lines])
                published = register.published(lines) if self.permits is not None else {}
            ground = Ground(
                beside=self.table.absolute().parent if self.table else Path.cwd(),
                profile=self.profile,
                language=self.language,
                paper=paper,
                every_profile=every_profile,
                objects=self.objects,
                register=register,
            )
            return planned_rows(
                lines,
                ground,
                others=others,
                published=published,
                at_once=os.cpu_count() or 1,
            )

    @contextmanager
    def _register(self, lines: list[Line], paper: Paper) -> Iterator[Recorded | None]:
        """The records, where they are asked for; a table alone needs none."""
        file = database_file(self.settings)
        is_there = file is None or file.exists()
        named = any(not one.cells.get("permit", ".json").endswith(".json") for one in lines)
        if self.permits is None and not (named and is_there):
            yield None
            return
        with records_of(self.settings, self.office, paper) as register:
            yield register
