"""The bounds that a child process sets itself, for good, before it reads what nobody trusts."""

import ctypes
import resource
import signal

_DIE_WITH_PARENT = 1
_OPEN_FILES = 64


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
    """
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
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
