"""Processes of the product: begun, watched, and what they took when they ended."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inspection.jobs.limits import NO_LIMITS, Meter

LOOK_S: Final = 0.25
LONGEST_S: Final = 3600.0


@dataclass
class Watch:
    """Notes the most memory that some processes, and all that they began, have at a time."""

    peak_mb: int = 0
    _processes: set[int] = field(default_factory=set)

    def of(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        self._processes.add(process.pid)
        return process

    @contextmanager
    def watching(self) -> Iterator[None]:
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(LOOK_S):
                meters = [Meter(limits=NO_LIMITS, process=one) for one in set(self._processes)]
                for one in meters:
                    one.exceeded()
                self.peak_mb = max(self.peak_mb, sum(one.peak_mb for one in meters))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def begun(words: Sequence[object], told: dict[str, str], home: Path) -> subprocess.Popen[bytes]:
    # What goes wrong is told where the figures are.
    return subprocess.Popen(
        [sys.executable, "-m", "inspection", *map(str, words)],
        env={**os.environ, "TINJAU_DATA": str(home / "data"), **told},
        stdout=subprocess.DEVNULL,
    )


def ended(process: subprocess.Popen[bytes]) -> float:
    """Processor time of a process that ends, and of all that it waited for."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{process.args[3]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def cpu_of(process: int) -> float:
    """Processor time of a process that runs, and of those it began, ended or not."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if process in (int(path.parent.name), int(words[1])):
            own = 2 if int(path.parent.name) != process else 4
            total += sum(int(word) for word in words[11 : 11 + own])
    return total / os.sysconf("SC_CLK_TCK")


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_S
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)
