"""Asking a child process about an untrusted PDF: no environment, few rights, little time."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import inspection
from geo.errors import RefusedError, UnfinishedError

_START: Final = (
    "import os, sys; sys.path.insert(0, sys.argv[1]);"
    "from importlib import import_module; import_module(sys.argv[2]).main();"
    # All is said, and libraries that are not taken down cost nothing.
    "sys.stdout.flush(); os._exit(0)"
)


def answer_of(
    module: str,
    request: Mapping[str, object],
    content: bytes,
    *,
    allowance: Mapping[str, int],
    wall_seconds: float,
) -> dict[str, Any]:
    """
    Run `main` of a module of ours in a process of its own and give its answer.

    Raises
    ------
    RefusedError
        ``pdf_unreadable`` or ``pdf_takes_too_much``, or what the child refuses.
    UnfinishedError
        ``pdf_reader_not_started``.
    """
    asked = {"allowance": dict(allowance), **request}
    root = Path(inspection.__file__).parents[1]
    with tempfile.TemporaryFile() as answers:
        try:
            ended = subprocess.run(  # noqa: S603 - no word of the command comes from outside
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(root), module],
                input=json.dumps(asked).encode() + b"\n" + content,
                stdout=answers,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                timeout=wall_seconds,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise RefusedError("pdf_takes_too_much") from error
        except OSError as error:
            raise UnfinishedError("pdf_reader_not_started") from error
        answers.seek(0)
        return _understood(answers.read(), ended.returncode)


def _understood(said: bytes, status: int) -> dict[str, Any]:
    if -status in {signal.SIGABRT, signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ}:
        raise RefusedError("pdf_takes_too_much")
    if status > 0 and not said:
        raise UnfinishedError("pdf_reader_not_started")
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise RefusedError("pdf_unreadable") from error
    refused = answer.get("refused")
    if refused is not None:
        raise RefusedError(str(refused))
    return answer
