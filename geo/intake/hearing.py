"""Hearing a child: what it says is believed no further than it must be."""

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from geo.errors import GeoError, RefusedError, UnfinishedError
from geo.intake.starting import Child

_LONGEST_LINE: Final = 2**20
_MOST_LINES: Final = 100_000
_LONGEST_FACT: Final = 200

_RAISED: Final[Mapping[str, type[GeoError]]] = {
    "refused": RefusedError,
    "unfinished": UnfinishedError,
}


def conversation(
    child: Child, message: bytes, report: Callable[[float], None]
) -> dict[str, Any] | None:
    """Last line that the child said, unless it said something else than it should."""
    with contextlib.suppress(BrokenPipeError), child.stdin as asked:
        asked.write(message)
    for _ in range(_MOST_LINES):
        line = child.stdout.readline(_LONGEST_LINE)
        try:
            said = json.loads(line)
        except ValueError:
            return None
        if not isinstance(said, dict):
            return None
        share = said.get("progress")
        if not isinstance(share, int | float):
            return said
        report(min(max(share, 0.0), 1.0))
    return None


def result_of(answer: dict[str, Any], subject: str) -> dict[str, Any]:
    """Give the result, or raise what the child raised, with no more words than we foresaw."""
    for kind, error in _RAISED.items():
        if kind in answer:
            facts = {
                str(name): value[:_LONGEST_FACT] if isinstance(value, str) else value
                for name, value in answer.get("facts", {}).items()
                if isinstance(value, str | int | float)
            }
            where = answer.get("where")
            raise error(
                str(answer[kind])[:_LONGEST_FACT],
                where=None if where is None else str(where)[:_LONGEST_FACT],
                **facts,
            )
    result = answer.get("result")
    if not isinstance(result, dict):
        raise RefusedError(f"{subject}_unreadable")
    return result
