"""How a failure is told: one JSON object on the last line of standard error, and an exit code."""

import errno
import json
import sys
from dataclasses import dataclass
from typing import Final

from geo.errors import GeoError, RefusedError
from inspection.errors import (
    ConflictError,
    DisprovedError,
    ForbiddenError,
    Interrupted,
    UsageError,
)
from inspection.language import Json, Language
from inspection.wording.catalogue import wording

DONE = 0
UNFINISHED = 1
USAGE = 2
REFUSED = 3
NOT_COMPARABLE = 4
DISPROVED = 5


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What is told of an error: nothing that the caller did not say, and no trace."""

    code: str
    exit_code: int
    facts: dict[str, str | int | float]
    file: str | None = None
    where: str | None = None


def failure_of(error: BaseException) -> Failure:
    """Say what an error means to the caller."""
    match error:
        case GeoError():
            return Failure(
                code=error.code,
                exit_code=_exit_code(error),
                facts=dict(error.facts),
                file=error.file,
                where=error.where,
            )
        case Interrupted():
            return Failure(code="interrupted", exit_code=UNFINISHED, facts={})
        case _ if _is_lack_of_memory(error):
            return Failure(code="out_of_memory", exit_code=UNFINISHED, facts={})
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return Failure(code="disk_full", exit_code=UNFINISHED, facts={})
        case OSError():
            return Failure(code="storage_failed", exit_code=UNFINISHED, facts={})
        case _:
            return Failure(
                code="internal_error", exit_code=UNFINISHED, facts={"kind": type(error).__name__}
            )


def problem_of(told: Failure) -> dict[str, Json]:
    """A failure as the record keeps it."""
    facts: dict[str, Json] = dict(told.facts)
    return {"code": told.code, "facts": facts, "file": told.file, "where": told.where}


_NO_MEMORY: Final = (
    "failed to map segment",
    "cannot allocate",
    "insufficient memory",
    "not enough memory",
    "out of memory",
)


def _is_lack_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, in the words of whichever library noticed it first."""
    cause: BaseException | None = error
    while cause is not None:
        text = str(cause).lower()
        if isinstance(cause, MemoryError) or any(word in text for word in _NO_MEMORY):
            return True
        cause = cause.__cause__
    return False


def _exit_code(error: GeoError) -> int:
    match error:
        case RefusedError() | ForbiddenError() | ConflictError():
            return REFUSED
        case UsageError():
            return USAGE
        case DisprovedError():
            return DISPROVED
        case _:
            return UNFINISHED


def tell(failure: Failure, language: Language) -> int:
    """Print the failure for people and programs alike; give the exit code."""
    words = wording(language)
    line = {
        "code": failure.code,
        "message": words.say(f"errors.{failure.code}.message", **failure.facts),
        "hint": words.say(f"errors.{failure.code}.hint", **failure.facts),
        "file": failure.file,
        "where": failure.where,
    }
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
    return failure.exit_code
