"""A whole batch, from its rows to its files; whoever was killed goes on by calling it again."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from inspection.batch.checking import Ground, Planned, checked, without_duplicates
from inspection.batch.earlier import Flown, with_earlier
from inspection.batch.gathering import (
    carried_frame,
    findings_frame,
    permits_frame,
    write_geopackage,
    write_parquet,
)
from inspection.batch.listing import as_csv, lines_of
from inspection.batch.neighbours import carried
from inspection.batch.overview import overview_pdf
from inspection.batch.running import Board, Crew, Means
from inspection.batch.store import REFUSED, WHOLE, Ended, Folder, write
from inspection.batch.table import Line
from inspection.batch.told import told_of
from inspection.exchange.workbook import workbook
from inspection.wording.catalogue import Wording

type Watching = Callable[[int, Counter[str]], AbstractContextManager[Board]]
"""Given how many rows there are and how many ended already in which state."""

FILES: Final = ("batch.csv", "batch.xlsx", "batch.gpkg", "batch.parquet", "overview.pdf")


@dataclass(frozen=True, kw_only=True)
class Conducted:
    """What became of a batch."""

    rows: int
    states: Mapping[str, int]
    codes: Mapping[str, int]
    """Why rows have no result, the most frequent first."""

    findings: int
    carried: int

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "rows": self.rows,
            "states": dict(self.states),
            "codes": dict(self.codes),
            "findings": self.findings,
            "carried": self.carried,
            "files": list(FILES),
        }


def planned_rows(
    lines: Sequence[Line],
    ground: Ground,
    *,
    others: Mapping[str, Sequence[Flown]],
    published: Mapping[int, str],
    at_once: int,
) -> list[Planned]:
    """Judge all rows, find their earlier flights, and refuse those that stand twice."""
    told = with_earlier(checked(lines, ground), others=others, at_once=at_once)
    return [
        replace(one, published=published.get(one.line.number)) for one in without_duplicates(told)
    ]


def run_rows(
    planned: Sequence[Planned],
    folder: Folder,
    *,
    means: Means,
    watching: Watching,
    retry: bool = False,
) -> None:
    """
    Run all that has not ended; with `retry` also what was refused or failed.

    Raises
    ------
    UnfinishedError
        As `inspection.batch.running.Crew.run`.
    """
    ended = {}
    for one in planned:
        how = folder.ended(one.asked) if one.asked else None
        if one.asked and how and retry and how.state not in WHOLE:
            folder.forget(one.asked)
            how = None
        ended[id(one)] = how
    known = Counter(how.state for how in ended.values() if how)
    with watching(len(planned), known) as board:
        for one in planned:
            if one.asked is None:
                board.ended(one, Ended(state=REFUSED, problem=one.problem, tries=0))
        Crew(folder=folder, means=means, board=board).run(planned)
    folder.clear()


def gather(planned: Sequence[Planned], folder: Folder, *, table: str, words: Wording) -> Conducted:
    """Write the files of a batch whose rows have all ended; each appears whole."""
    rows = list(told_of(planned, folder))
    given = carried(rows)
    every = [told for told, _ in rows]
    findings = findings_frame(rows, given)
    moment = folder.created_at.isoformat(timespec="seconds")
    _placed(
        folder.root / "batch.gpkg",
        lambda path: write_geopackage(
            path,
            {
                "findings": findings,
                "permits": permits_frame(rows, given, words),
                "carried": carried_frame(given),
            },
            moment=moment,
        ),
    )
    _placed(folder.root / "batch.parquet", lambda path: write_parquet(path, findings))
    pdf = overview_pdf(every, given, words, table=table, created_at=folder.created_at)
    write(folder.root / "overview.pdf", pdf)
    lines = lines_of(every, given, words)
    write(folder.root / "batch.xlsx", workbook("batch", lines))
    write(folder.root / "batch.csv", as_csv(lines))
    return Conducted(
        rows=len(rows),
        states=dict(sorted(Counter(one.ended.state for one in every).items())),
        codes=dict(
            Counter(
                str(one.problem["code"])
                for one in every
                if not one.has_result and one.problem is not None
            ).most_common()
        ),
        findings=len(findings),
        carried=len(given),
    )


def _placed(path: Path, make: Callable[[Path], None]) -> None:
    passing = path.with_name(f".passing-{path.name}")
    make(passing)
    passing.rename(path)
