"""A flight log as somebody wrote it: JSON, read strictly; nothing in it is guessed at."""

import dataclasses
import difflib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from geo.errors import RefusedError
from inspection.flight_log.fields import FlightLog

MAX_BYTES: Final = 1 << 20
PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
ENTRIES: Final = frozenset(one.name for one in dataclasses.fields(FlightLog)) - {"case", "form"}
"""What stands at the top of a flight log and of no other file."""

LIKENESS: Final = 0.6


def read_flight_log(path: Path) -> FlightLog:
    """
    Read a flight log.

    Raises
    ------
    RefusedError
        ``flight_log_unreadable``, ``flight_log_entry_unknown`` with the nearest name that is
        known, ``flight_log_value`` with the place.
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("flight_log_unreadable")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if not isinstance(json.loads(text), dict):
            raise RefusedError("flight_log_unreadable")
        return _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        raise _refused(error) from error
    except (ValueError, RecursionError) as error:
        raise RefusedError("flight_log_unreadable") from error


def json_schema() -> dict[str, Any]:
    """Give the published JSON Schema of a flight log."""
    schema = _adapter().json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def _adapter() -> TypeAdapter[FlightLog]:
    return TypeAdapter(FlightLog)


def _refused(error: ValidationError) -> RefusedError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    *above, last = map(str, first["loc"]) if first["loc"] else ("",)
    where = ".".join(_shown(name) for name in (*above, last))
    if first["type"] == "unexpected_keyword_argument":
        known = sorted(_names(above))
        near = difflib.get_close_matches(last, known, n=1, cutoff=LIKENESS)
        return RefusedError("flight_log_entry_unknown", where=where, known=", ".join(near or known))
    return RefusedError("flight_log_value", where=where, problem=first["msg"])


def _shown(name: str) -> str:
    """Name an entry by its own name where that is a plain one."""
    return name if PLAIN_NAME.fullmatch(name) else "?"


def _names(above: list[str]) -> set[str]:
    """Names that an entry of the log may hold."""
    kind: Any = FlightLog
    for name in above:
        found = {one.name: one for one in dataclasses.fields(kind)}[name].type
        options = getattr(found, "__args__", (found,))
        kind = next(one for one in options if dataclasses.is_dataclass(one))
    return {one.name for one in dataclasses.fields(kind)}
