"""Running the child of a job: told of its progress, killed when nobody wants it any more."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from inspection.jobs.ending import Ending, ended_with, lost
from inspection.jobs.limits import NO_LIMITS, Limits, Meter
from inspection.records.tables.inspections import InspectionState

CHILD: Final = (sys.executable, "-m", "inspection.jobs.child")
LOOK_EVERY_S: Final = 0.5
"""How often somebody looks whether the job is still wanted."""

_PATIENCE_S: Final = 10


@dataclass
class Watched:
    """How far the child is, as it last said."""

    step: str | None = None
    share: float = 0.0
    peak_mb: int = 0
    """The most memory that it was seen to take, with all that it began."""

    problem: dict[str, Any] | None = field(default=None)


def run_child(
    words: Sequence[str | Path],
    *,
    log: Path,
    wanted: Callable[[Watched], bool],
    limits: Limits = NO_LIMITS,
    command: Sequence[str] = CHILD,
    seen: Watched | None = None,
) -> Ending | None:
    """
    Run the child to its end; None says that its result is whole.

    Parameters
    ----------
    words
        What the child is given.
    log
        Where it writes what goes wrong, for whoever operates the installation.
    wanted
        Asked twice a second, with how far it is; on False, or an error, the child is killed.
    limits
        What it may take; whoever takes more is killed.
    command
        The program that is the child.
    seen
        Where it is written how far the child is, for who wants to know it afterwards.
    """
    seen = seen or Watched()
    with log.open("ab") as errors:
        child = subprocess.Popen(  # noqa: S603 - a program of ours; files are given by our names
            [*command, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    lines: queue.Queue[bytes | None] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(child, lines), daemon=True)
    listener.start()
    looked = 0.0
    meter = Meter(limits=limits, process=child.pid)
    try:
        while True:
            try:
                line = lines.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                line = b""
            if line is None:
                break
            _take(line, seen)
            if time.monotonic() - looked >= LOOK_EVERY_S:
                if not wanted(seen):
                    return Ending(state=InspectionState.CANCELLED)
                exceeded = meter.exceeded()
                seen.peak_mb = meter.peak_mb
                if exceeded is not None:
                    return exceeded
                looked = time.monotonic()
        status = child.wait()
    finally:
        _kill(child)
        listener.join(_PATIENCE_S)
    if status == 0:
        return None
    return ended_with(seen.problem, status) if seen.problem else lost(status)


def _listen(child: subprocess.Popen[bytes], lines: queue.Queue[bytes | None]) -> None:
    assert child.stdout is not None  # noqa: S101 - it was asked for above
    for line in child.stdout:
        lines.put(line)
    lines.put(None)


def _take(line: bytes, seen: Watched) -> None:
    if not line:
        return
    said = json.loads(line)
    if "problem" in said:
        seen.problem = said["problem"]
    else:
        seen.step, seen.share = said["step"], said["share"]


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    for end in (child.stdin, child.stdout):
        if end is not None:
            end.close()
