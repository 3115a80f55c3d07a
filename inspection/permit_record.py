"""A permit's record as somebody exported it: JSON, of which we need a little and keep all."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from geo.errors import RefusedError, naming
from inspection.evidence.canonical import is_exact
from inspection.language import Json
from inspection.model import Permit

MAX_BYTES: Final = 1 << 20


def read_permit(path: Path) -> tuple[Permit, dict[str, Json]]:
    """
    Read what an inspection needs of a permit's record, and the record as it came.

    Raises
    ------
    RefusedError
        ``permit_unreadable``, ``permit_value`` (with the place), ``permit_not_exact``.
    """
    with naming(path):
        return _permit(path)


@cache
def _form() -> TypeAdapter[Permit]:
    """Made once: of thousands of records each would wait for it."""
    return TypeAdapter(Permit)


def _permit(path: Path) -> tuple[Permit, dict[str, Json]]:
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("permit_unreadable")
    try:
        record = json.loads(path.read_bytes().decode("utf-8-sig"))
        permit = _form().validate_python(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError("permit_value", where=where, problem=first["msg"]) from error
    except (ValueError, RecursionError) as error:
        raise RefusedError("permit_unreadable") from error
    if not is_exact(record):
        raise RefusedError("permit_not_exact")
    return permit, record
