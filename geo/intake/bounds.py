"""The bounds that a child process sets itself, for good, before it reads what nobody trusts."""

import ctypes
import os
import resource
import signal
from pathlib import Path

_DIE_WITH_PARENT = 1
_OPEN_FILES = 64


def die_with(parent: int) -> None:
    """
    Let this process, a fork, die when the process that forked it does.

    Parameters
    ----------
    parent
        Its number.
    """
    _die_with_parent()
    if os.getppid() != parent:  # that was too late
        os._exit(1)


def live_within(*, memory_bytes: int, seconds: int, file_bytes: int) -> None:
    """
    Bound what this process may use, and let it die with its parent.

    Parameters
    ----------
    memory_bytes
        Address space.
    seconds
        Of the processor.
    file_bytes
        Longest file it may write.

    Raises
    ------
    MemoryError
        If it uses more already.
    """
    _die_with_parent()
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        _, hardest = resource.getrlimit(kind)
        most = value if hardest == resource.RLIM_INFINITY else min(value, hardest)
        resource.setrlimit(kind, (most, most))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    if pages * resource.getpagesize() > memory_bytes:
        raise MemoryError


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
