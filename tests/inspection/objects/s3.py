"""An S3 server of our own, on the loopback, ended with the block."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4


@dataclass(frozen=True)
class S3:
    """A server that runs."""

    address: str
    process: int

    def bucket(self) -> str:
        """Name of a new bucket, which is empty."""
        name = f"tinjau-{uuid4().hex}"
        request = urllib.request.Request(f"{self.address}/{name}", method="PUT")  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=20):  # noqa: S310
            return name


@contextmanager
def running_s3(log: Path) -> Iterator[S3]:
    """Start a server, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if server.poll() is not None:
                raise RuntimeError(log.read_text())
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield S3(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.kill()
        server.wait(timeout=20)
