"""A PostgreSQL server of our own, in a temporary folder, on a socket there, ended by its pid."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.memory import GIB, in_memory

SETTINGS = (
    "listen_addresses=",  # its socket only
    "fsync=off",  # what is lost with the machine may be lost: it is a test's
    "full_page_writes=off",
    "autovacuum=off",
    "shared_buffers=32MB",
    "synchronous_commit=off",  # last: a server that is stopped in a test is kept from losing that
)


def programs() -> Path:
    """Folder of the newest server there is; without one the test is skipped."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        pytest.skip("needs the system package postgresql")
    return Path(on_path).parent


def lesser_account() -> dict[str, str | int]:
    """How to start a program that refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class PostgreSQL:
    """A server that can be stopped as by a fault, and started again with all that it keeps."""

    def __init__(self, home: Path, settings: tuple[str, ...]) -> None:
        self._settings = settings
        self._home, self._account = home, lesser_account()
        self._process: subprocess.Popen[bytes] | None = None
        if self._account:
            os.chown(home, self._account["user"], self._account["group"])
            name = pwd.getpwuid(self._account["user"]).pw_name
        else:
            name = getpass.getuser()
        self.address = f"postgresql://{name}@/postgres?host={home}"
        """Of its first database, as its superuser."""

        plain = ["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        subprocess.run(
            [programs() / "initdb", *plain, home / "data"],
            check=True,
            capture_output=True,
            cwd=home,
            **self._account,
        )

    def start(self) -> None:
        options = [part for setting in self._settings for part in ("-c", setting)]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", self._home / "data", "-k", self._home, *options],
                stdout=log,
                stderr=log,
                cwd=self._home,
                **self._account,
            )
        wait_for(self.address, self._process, self._home / "log")

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT)  # at once
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def stoppable_server(settings: tuple[str, ...] = SETTINGS[:-1]) -> Iterator[PostgreSQL]:
    """Start a server that loses no commit with its process; nothing of it is kept afterwards."""
    # Short, as the path of a socket must be; in memory, for a server is thousands of little files.
    home = Path(tempfile.mkdtemp(prefix="tj-pg-", dir=in_memory(room=GIB)))
    server = PostgreSQL(home, settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server; gives the address of its first database, as its superuser."""
    with stoppable_server(SETTINGS) as server:
        yield server.address


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the server did not start: {log.read_text()}")
            time.sleep(0.05)
        else:
            return
