"""Starting a child: a fork of the ready process, of which each process of ours has its own."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from geo.intake.ready import STATUS

_COMMAND: Final = (sys.executable, "-I", "-B", "-X", "utf8", "-m", "geo.intake.ready")
_PATIENCE_S: Final = 5

_ENVIRONMENT: Final[Mapping[str, str]] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_TIMEOUT": "1",
    "PROJ_NETWORK": "OFF",
    "GDAL_CACHEMAX": "256",
    "GDAL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",  # each would take room of the address space for itself
    "OPENCV_FOR_THREADS_NUM": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GDAL_TIFF_INTERNAL_MASK": "YES",
    "GDAL_TIFF_OVR_BLOCKSIZE": "512",
    "ZSTD_LEVEL_OVERVIEW": "1",
}
"""Everything a ready process and its children know of us: how their GDAL is to behave."""


class Child:
    """A child as seen by who waits for it."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes], line: socket.socket) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self._line = line
        self._told: bytes | None = None

    def kill(self) -> None:
        """Let it end, and all that it began; from any thread."""
        # The ready process does it, which alone knows that the number is still that child's.
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    def ended(self) -> int | None:
        """Wait for its end; gives its status, None where it cannot be known."""
        if self._told is None:
            self._told = self._line.recv(STATUS.size)
        return STATUS.unpack(self._told)[0] if self._told else None


class _Ready:
    """A ready process, as seen by who asks it for children."""

    def __init__(self, complaints: IO[bytes]) -> None:
        self.door, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            try:
                self.process = subprocess.Popen(  # noqa: S603 - no word of it comes from outside
                    _COMMAND,
                    stdin=there.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=complaints,
                    cwd="/",
                    env=_ENVIRONMENT,
                    start_new_session=True,
                )
            except OSError:
                self.door.close()
                raise

    def ask(self, message: bytes, files: list[int]) -> None:
        socket.send_fds(self.door, [message], files, socket.MSG_NOSIGNAL)


class _Begun:
    """All ready processes of this one: the last is asked, others only have children to end."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.all: list[_Ready] = []

    def ask(self, message: bytes, files: list[int], complaints: IO[bytes]) -> None:
        with self.lock:
            if self.all:
                with contextlib.suppress(ConnectionError):  # it ended, or takes no more
                    self.all[-1].ask(message, files)
                    return
            for one in self.all:
                if one.process.poll() is not None:
                    one.door.close()
            self.all = [one for one in self.all if one.process.returncode is None]
            self.all.append(_Ready(complaints))
            self.all[-1].ask(message, files)


_begun = _Begun()


def let_go() -> None:
    """End what is ready, and wait for it."""
    with _begun.lock:
        while _begun.all:
            one = _begun.all.pop()
            one.door.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.process.wait(_PATIENCE_S)


def _forget() -> None:
    """A fork of this process has none of its children, and must not keep them alive."""
    for one in _begun.all:
        one.door.close()
        one.process.returncode = 0
    _begun.all, _begun.lock = [], threading.Lock()


atexit.register(let_go)
os.register_at_fork(after_in_child=_forget)


@contextlib.contextmanager
def child_in(
    folder: Path, *, job: str, environment: Mapping[str, str], complaints: IO[bytes]
) -> Iterator[Child]:
    """
    Begin a child, that ends with all it began when this is left.

    Parameters
    ----------
    folder
        Its working folder.
    job
        Whose libraries it shall have.
    environment
        What it knows besides what all children do.
    complaints
        Its standard error.

    Raises
    ------
    OSError
        If it cannot be begun.
    """
    message = json.dumps({"job": job, "environment": environment}).encode()
    with contextlib.ExitStack() as ours:
        with contextlib.ExitStack() as theirs:
            (given, stdin), (stdout, said) = _pipe(), _pipe()
            line, there = socket.socketpair()
            for end in (stdin, stdout, line):
                ours.enter_context(end)
            for end in (given, said, there):
                theirs.enter_context(end)
            place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
            theirs.callback(os.close, place)
            files = [given.fileno(), said.fileno(), complaints.fileno(), place, there.fileno()]
            _begun.ask(message, files, complaints)
        child = Child(stdin, stdout, line)
        try:
            yield child
        finally:
            child.kill()
            child.ended()


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    """Both ends, which nobody inherits."""
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
