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

SETTINGS = (
    "listen_addresses=",  # its socket only
    "fsync=off",  # what is lost with the machine may be lost: it is a test's
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "shared_buffers=32MB",
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


def memory() -> str | None:
    """A folder in memory where there is room for it: a server is thousands of little files."""
    folder = "/dev/shm"  # noqa: S108 - the name in it is a random one
    has_room = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2**30
    return folder if has_room else None


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server; gives the address of its first database, as its superuser."""
    home = Path(tempfile.mkdtemp(prefix="tj-pg-", dir=memory()))  # short: a socket's path must be
    account = lesser_account()
    if account:
        os.chown(home, account["user"], account["group"])
        name = pwd.getpwuid(account["user"]).pw_name
    else:
        name = getpass.getuser()
    bin_folder, data = programs(), home / "data"
    subprocess.run(
        [bin_folder / "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", data],
        check=True,
        capture_output=True,
        cwd=home,
        **account,
    )
    options = [part for setting in SETTINGS for part in ("-c", setting)]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-k", home, *options],
            stdout=log,
            stderr=log,
            cwd=home,
            **account,
        )
    try:
        address = f"postgresql://{name}@/postgres?host={home}"
        wait_for(address, server, home / "log")
        yield address
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(home)


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
