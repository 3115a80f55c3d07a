"""
The command line in processes that have their libraries already.

Most of what a command takes, where it takes a second, is Python loading libraries. One process
loads them once and is forked for each call: the command has a process of its own all the same,
with its own standard streams, folder, environment, signals and exit code. That a command also
starts from nothing is shown by `run(..., anew=True)` and by tests of their own.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from functools import cache
from pathlib import Path

LIBRARIES = ("inspection", "geo")
NOT_BEFORE_A_FORK = (
    "geo.network",
    "inspection.jobs",
    "inspection.records.migrations.env",
    "inspection.__main__",
)
"""They begin threads, or do their work where they are imported."""


class Ready:
    """A process to fork, as seen by who wants to run a command."""

    def __init__(self):
        here, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(there.fileno())], pass_fds=[there.fileno()]
            )
        self._socket = here
        self._answers = here.makefile("r")
        self._one_by_one = threading.Lock()

    def run(self, words, *, env, stdin, timeout):
        """As `subprocess.run` with captured text."""
        with (
            self._one_by_one,
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write((stdin or "").encode())
            given.seek(0)
            asked = json.dumps([list(map(str, words)), dict(env), str(Path.cwd())]).encode()
            files = [given.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(self._socket, [len(asked).to_bytes(4)], files)
            self._socket.sendall(asked)
            pid = int(self._answers.readline())
            timer = threading.Timer(timeout, os.kill, (pid, signal.SIGKILL))
            timer.start()
            code = int(self._answers.readline())
            timer.cancel()
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode())
            if code == -signal.SIGKILL:
                raise subprocess.TimeoutExpired(words, timeout, *texts)
            return subprocess.CompletedProcess(words, code, *texts)

    def end(self):
        """Let it go."""
        self._answers.close()
        self._socket.close()
        self._process.wait(30)


@cache
def ready():
    """Give the one of this run of pytest."""
    one = Ready()
    atexit.register(one.end)
    return one


def load_libraries():
    for package in map(importlib.import_module, LIBRARIES):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(NOT_BEFORE_A_FORK) and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    gc.collect()
    gc.freeze()


def words_of_next_call(asks):
    """Answer calls by a fork each; returns in the forks, with what the command is given."""
    while True:
        head, files, _flags, _from = socket.recv_fds(asks, 4, 3)
        if not head:
            sys.exit()
        length, content = int.from_bytes(head), b""
        while len(content) < length:
            content += asks.recv(length - len(content))
        words, environment, folder = json.loads(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads
            pid = os.fork()
        if pid:
            for file in files:
                os.close(file)
            asks.sendall(f"{pid}\n".encode())
            _pid, status = os.waitpid(pid, 0)
            asks.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            continue
        asks.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", 1, "utf-8", "backslashreplace", closefd=False)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        return words


if __name__ == "__main__":
    sys.path[0] = str(Path.cwd())
    with socket.socket(fileno=int(sys.argv[1])) as asks:
        load_libraries()
        sys.argv[1:] = words_of_next_call(asks)
    runpy.run_module("inspection", run_name="__main__", alter_sys=True)
