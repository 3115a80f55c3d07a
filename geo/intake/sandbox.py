"""The sandbox: a child process does the decoding, and its parent outlives whatever happens."""

import contextlib
import json
import logging
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

import rasterio

from geo.errors import RefusedError, UnfinishedError
from geo.intake.hearing import conversation, result_of
from geo.intake.leash import leashed
from geo.intake.starting import Child, child_in

_DRIVERS: Final = frozenset({"GTiff", "COG", "MEM"})
_LOG_BYTES: Final = 4000

_MEMORY_SIGNALS: Final = frozenset({signal.SIGABRT, signal.SIGKILL})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a child may use before it is stopped."""

    seconds: float
    """On the wall, and on the processor."""

    memory_bytes: int
    """Address space."""

    file_bytes: int
    """Longest file it may write."""

    driver: str = "GTiff"
    """The one driver of GDAL for files that it has, after the kind that the gate found."""


def answer_of_child(
    job: str,
    request: Mapping[str, object],
    *,
    folder: Path,
    allowance: Allowance,
    advance: Callable[[float], None] | None = None,
    subject: str = "image",
) -> dict[str, Any]:
    """
    Run one job of `geo.intake.child` in a process of its own and wait for its answer.

    The child starts with none of our environment, sees `folder` as its own, and is killed
    with all its descendants when its time is up or when this call ends in any other way.
    It is a fork of a process that has read no file of anybody.

    Parameters
    ----------
    job
        One of `geo.intake.child.JOBS`.
    request
        What the job needs, as JSON.
    folder
        Working folder of the child; holds ``source``, a link to the file, and is the
        only place where the child may write.
    allowance
        What the child may use.
    advance
        Called with the share done, 0 to 1, as the child goes on.
    subject
        What the file is meant to be; the codes below begin with it.

    Raises
    ------
    RefusedError
        ``image_takes_too_long``, ``image_takes_too_much_memory``, ``image_unreadable``, or
        what the job itself found.
    UnfinishedError
        ``image_reader_not_started``, ``disk_full``, or what else kept the job from writing.
    InterruptedError
        If the leash was pulled that this work is on.
    """
    message = json.dumps({"job": job, "allowance": asdict(allowance), **request}).encode() + b"\n"
    is_late = threading.Event()
    heard_of = threading.Event()

    def report(share: float) -> None:
        heard_of.set()
        if advance is not None:
            advance(share)

    with (
        tempfile.TemporaryFile() as complaints,
        _child(folder, complaints, subject, job=job, driver=allowance.driver) as child,
    ):

        def stop() -> None:
            is_late.set()
            child.kill()

        timer = threading.Timer(allowance.seconds, stop)
        timer.start()
        try:
            with leashed(stop):
                answer = conversation(child, message, report)
                status = child.ended()
        finally:
            timer.cancel()
        _note(complaints, status)
    if not heard_of.is_set():
        raise UnfinishedError(f"{subject}_reader_not_started")
    if answer is not None and not is_late.is_set():
        return result_of(answer, subject)
    if is_late.is_set() or status == -signal.SIGXCPU:
        raise RefusedError(f"{subject}_takes_too_long", limit_seconds=round(allowance.seconds))
    if status is None:  # who would know how it ended has ended too
        raise UnfinishedError(f"{subject}_reader_not_started")
    if -status in _MEMORY_SIGNALS:
        raise RefusedError(
            f"{subject}_takes_too_much_memory", limit_megabytes=allowance.memory_bytes // 10**6
        )
    raise RefusedError(f"{subject}_unreadable")


@contextlib.contextmanager
def _child(
    folder: Path, complaints: IO[bytes], subject: str, *, job: str, driver: str
) -> Iterator[Child]:
    with contextlib.ExitStack() as stack:
        try:
            child = stack.enter_context(
                child_in(folder, job=job, environment=_drivers(driver), complaints=complaints)
            )
        except OSError as error:
            raise UnfinishedError(f"{subject}_reader_not_started") from error
        yield child


def _note(complaints: IO[bytes], status: int | None) -> None:
    """Keep what the child complained of for us alone: it may quote other people's files."""
    end = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(end - _LOG_BYTES, 0))
    text = complaints.read(_LOG_BYTES).decode(errors="backslashreplace")
    _log.debug("intake child ended with %s: %s", status, text)


@cache
def _drivers(driver: str) -> Mapping[str, str]:
    """What keeps all but our drivers of GDAL from being registered, told before any is."""
    with rasterio.Env() as env:
        unwanted = sorted(set(env.drivers()) - _DRIVERS - {driver})
    return {"GDAL_SKIP": ",".join(unwanted)}
