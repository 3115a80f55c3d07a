"""How fast uploads come in over the loopback, for how much of a core and of memory."""

import hashlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.offices import Office, User

SERVER = Path(__file__).parents[1] / "api" / "uploads" / "upload_server.py"
MB = 10**6
CHUNK = 8 * 2**20
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Watched:
    """The process that serves."""

    folder: Path

    @property
    def pid(self) -> str:
        return (self.folder / "pid").read_text()

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / MB


def upload(port: int, data: bytes) -> None:
    """Announce a file and send it in chunks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    own = {"Tus-Resumable": "1.0.0", "Authorization": "Bearer x"}
    sha256 = b64encode(hashlib.sha256(data).hexdigest().encode()).decode()
    told = {"Upload-Length": str(len(data)), "Upload-Metadata": f"filename eA==,sha256 {sha256}"}
    connection.request("POST", "/uploads/", headers=own | told)
    answer = connection.getresponse()
    answer.read()
    path = answer.headers["location"]
    kind = {"Content-Type": "application/offset+octet-stream"}
    for start in range(0, len(data), CHUNK):
        chunk = memoryview(data)[start : start + CHUNK]
        sent = own | kind | {"Upload-Offset": str(start), "Content-Length": str(len(chunk))}
        connection.request("PATCH", path, body=chunk, headers=sent)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 204:
            raise RuntimeError(f"status {answer.status}")
    connection.close()


def measure(port: int, server: Watched, *, files: int, size: int) -> None:
    """Upload so many files at once, and print a row."""
    contents = [os.urandom(size) for _ in range(files)]
    before_mb, before_s = server.memory_mb(), server.cpu_s()
    peak = before_mb
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, server.memory_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    with ThreadPoolExecutor(files) as pool:
        list(pool.map(lambda data: upload(port, data), contents))
    wall_s = time.perf_counter() - start
    done.set()
    watcher.join()
    cpu_s = server.cpu_s() - before_s
    total = files * size / MB
    print(
        f"{files:>8} {size / MB:>8.0f} {total / wall_s:>10.0f} {total / cpu_s:>14.0f}"
        f" {peak - before_mb:>12.0f}"
    )


def prepare(folder: Path) -> None:
    """Make an installation with one person."""
    engine = open_engine(f"sqlite:///{folder / 'records.db'}")
    upgrade(engine)
    office = Office(code="x", name="x", time_zone="Asia/Jakarta", profile="x", language="id")
    with Records(engine).writing_all() as session:
        session.add(office)
        session.add(User(office_id=office.id, login="x", name="x"))
    engine.dispose()


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        room = {"TINJAU_UPLOADS_AT_ONCE": "100"}
        with subprocess.Popen(
            [sys.executable, SERVER, folder, str(port)], env=os.environ | room
        ) as server:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
            watched = Watched(folder)
            upload(port, b"x")  # what is loaded at the first request is no growth
            print("at once   MB each   MB/s wall   MB/s a core  RSS grows MB")
            measure(port, watched, files=1, size=500 * MB)
            measure(port, watched, files=50, size=20 * MB)
            server.terminate()


if __name__ == "__main__":
    main()
