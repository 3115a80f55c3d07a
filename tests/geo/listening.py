"""A server that only counts who comes."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


class Listener:
    """Counts the connections to a port of this machine, and answers none."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """A listener, and a moment at the end for whoever is still on the way."""
    listener = Listener()
    yield listener
    time.sleep(0.05)
    listener.socket.close()
