"""Which table a batch's folder was made by: no other replaces what lies there."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from inspection.batch.asked import KEY_DIGITS
from inspection.batch.table import Line
from inspection.errors import UsageError

_GROUND: Final = ("permit", "boundary", "feature")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A table, by its name and by the flights over the grounds that its rows are about."""

    table: str
    rows: tuple[str, ...]
    """One digest a row; none of permits on record, whose words alone say what they are."""

    @classmethod
    def of(cls, name: str, lines: Sequence[Line]) -> Self:
        """The origin of these rows; whatever else a row says may be mended."""
        told = (_row(one, name) for one in lines if "current" in one.cells)
        return cls(table=name, rows=tuple(dict.fromkeys(told)))

    def goes_on(self, before: Self) -> bool:
        """
        Whether this is the table that was there before, mended or with more rows.

        Under its name it shares at least half of the rows of the shorter of the two; under another
        name it holds all that was there, as files are renamed.
        """
        old, new = set(before.rows), set(self.rows)
        if self.table != before.table:
            return bool(old) and old <= new
        return 2 * len(old & new) >= min(len(old), len(new))

    def proven(self, before: Self | None, *, holds_results: bool, folder: str) -> Self:
        """
        See that no results of another table would be replaced.

        Raises
        ------
        UsageError
            ``batch_of_another_table``.
        """
        if before is not None and holds_results and not self.goes_on(before):
            raise UsageError("batch_of_another_table", name=folder, table=before.table)
        return self


def _row(line: Line, table: str) -> str:
    cells = {name: line.cells[name] for name in (*_GROUND, "current") if name in line.cells}
    if cells.get("boundary") == table:
        # Outlines of the table itself: a table that is renamed is about the same ground.
        cells["boundary"] = ""
    said = json.dumps(cells, sort_keys=True).replace("\\\\", "/")
    return hashlib.sha256(said.encode()).hexdigest()[:KEY_DIGITS]
