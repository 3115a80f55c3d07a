"""The ready process: has libraries loaded, reads nothing that anybody sent, forks for each job."""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from geo.intake.bounds import die_with

STATUS: Final = struct.Struct("i")
"""How a child ended, as its line tells it: its exit code, or less its signal."""

FILES: Final = 5
"""What comes along with a job: standard input, output and error, folder, and the line."""

LONGEST_JOB: Final = 1 << 16
IDLE_S: Final = 30

_WAKES: Final = 512


@dataclass(kw_only=True)
class _Fork:
    """A child, and the line to who asked for it, which is shut where the child shall end."""

    pid: int
    line: socket.socket
    is_wanted: bool = True


class Ready:
    """
    Begins children at a door, its standard input, and ends them.

    It has one thread, which waits for nothing but the next thing to do.

    Parameters
    ----------
    work
        What a child does.
    load
        Imports the libraries of a kind of job; neither opens a file for good nor begins threads.
    """

    def __init__(self, work: Callable[[], None], load: Callable[[str], None]) -> None:
        self._work = work
        self._load = load
        self._door = socket.socket(fileno=0)
        self._woken, wake = os.pipe()
        for end in (self._woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._waiting = select.poll()
        self._waiting.register(self._door, select.POLLIN)
        self._waiting.register(self._woken, select.POLLIN)
        self._forks: dict[int, _Fork] = {}
        self._is_open = True

    def serve(self, *, idle_s: float = IDLE_S) -> None:
        """
        Begin and end children until nobody needs any for a while, or who asked is no more.

        Only who asked holds the other end of the door. When that is closed, all children end.
        """
        while self._is_open or self._forks:
            events = self._waiting.poll(None if self._forks else idle_s * 1000)
            if not events:
                self._refuse()
                continue
            end, flags = events[0]  # the numbers of the others may mean something else after it
            if end == self._woken:
                self._bury()
            elif end in self._forks:
                self._waiting.unregister(end)
                self._forks[end].is_wanted = False
                _kill(self._forks[end].pid)
            elif flags & select.POLLHUP:
                break
            else:
                self._answer_door()
        for fork in self._forks.values():
            _kill(fork.pid)
            os.waitpid(fork.pid, 0)

    def _refuse(self) -> None:
        """Let no more jobs in; what stands at the door is still done. Who comes begins another."""
        self._door.shutdown(socket.SHUT_RD)

    def _answer_door(self) -> None:
        message, files, _flags, _from = socket.recv_fds(self._door, LONGEST_JOB, FILES)
        if not message:
            self._is_open = False
            self._waiting.modify(self._door, 0)
            return
        *own, line = files
        try:
            self._begin(json.loads(message), own, socket.socket(fileno=line))
        finally:
            for file in own:
                os.close(file)
            os.dup2(1, 2)

    def _begin(self, asked: dict[str, Any], files: list[int], line: socket.socket) -> None:
        os.dup2(files[2], 2)  # where this goes wrong, it goes wrong for that job
        environment, parent = asked["environment"], os.getpid()
        try:
            self._load(asked["job"])
            gc.freeze()
            pid = os.fork()
        except (ImportError, MemoryError, OSError):
            traceback.print_exc()
            line.close()
            return
        if pid == 0:
            _live(self._work, environment, files, parent)
        self._forks[line.fileno()] = _Fork(pid=pid, line=line)
        self._waiting.register(line, select.POLLIN)

    def _bury(self) -> None:
        """
        Tell of children that ended, after all of their group were killed.

        None is waited for before: until then its number is no other's.
        """
        with contextlib.suppress(BlockingIOError):
            os.read(self._woken, _WAKES)
        for end, fork in list(self._forks.items()):
            if os.waitid(os.P_PID, fork.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            _kill(fork.pid)
            status = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
            if fork.is_wanted:
                self._waiting.unregister(end)
                if status < 0:
                    self._refuse()  # nobody shall learn by trying where our libraries lie
            with contextlib.suppress(OSError):
                fork.line.sendall(STATUS.pack(status))
            fork.line.close()
            del self._forks[end]


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):  # it leads no group yet, and has begun nobody
        os.killpg(pid, signal.SIGKILL)


def _live(
    work: Callable[[], None], environment: dict[str, str], files: list[int], parent: int
) -> NoReturn:
    """Become the child: nothing of the ready process is left to it but libraries."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        die_with(parent)
        os.setsid()
        *standard, folder = files
        os.fchdir(folder)
        for number, file in enumerate(standard):
            os.dup2(file, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.environ.update(environment)
        with contextlib.suppress(BrokenPipeError):
            work()
        sys.stderr.flush()
        status = 0
    except BaseException:  # noqa: BLE001 - there is nobody above to see it
        traceback.print_exc()
    finally:
        os._exit(status)  # all is said, written and closed


if __name__ == "__main__":
    from geo.intake import child

    Ready(child.main, child.load).serve()
    os._exit(0)  # to take the libraries down would take longer
