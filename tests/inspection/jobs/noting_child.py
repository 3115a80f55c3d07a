"""The child of a job, that notes each step it begins, and kills where it is told to, once each."""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from inspection import pipeline
from inspection.jobs.child import inspect, serve

LEFT = 4
"""Megabytes that are left where memory is to be short."""

BALLAST: list[bytearray] = []

M_ARENA_MAX = -8
"""Of malloc.h: how many heaps there may be. Each of a thread's holds more than it has given."""

STEPS = ("ingest", "georeference", "clip", "register", "detect", "measure", "report")


def main() -> int:
    assert ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)  # or what is free depends on the threads
    home, victims = Path(sys.argv[1]), json.loads(sys.argv[2])
    del sys.argv[1:3]
    for name in STEPS:
        setattr(pipeline, name, noted(getattr(pipeline, name), home, victims.get(name)))
    return serve(inspect)


def noted(work, home: Path, victim: str | None):
    def noting(*given, **named):
        with (home / "begun").open("a") as begun:
            begun.write(work.__name__ + "\n")
        if victim == "memory":
            bound_memory()
        value = work(*given, **named)
        # Its files are written, and nobody knows yet that it is done: the worst of moments.
        if victim in ("child", "worker"):
            kill_once(home / f"killed-{work.__name__}", victim)
        return value

    noting.__name__ = work.__name__
    return noting


def bound_memory() -> None:
    """Let it have hardly more than it uses, each time: what is free and still held is taken."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + (LEFT << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with suppress(MemoryError):
        while True:
            BALLAST.append(bytearray(1 << 20))
    del BALLAST[-LEFT:]


def kill_once(mark: Path, victim: str) -> None:
    if mark.exists():
        return
    mark.touch()
    os.kill(os.getppid() if victim == "worker" else os.getpid(), signal.SIGKILL)
    time.sleep(60)  # it must not outlive its worker


if __name__ == "__main__":
    sys.exit(main())
