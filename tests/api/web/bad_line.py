"""A connection to the server that can be cut, in the middle of what goes over it."""

import socket
import threading
from contextlib import suppress


class BadLine:
    """Between a browser and the server."""

    def __init__(self, url: str) -> None:
        self.there = ("127.0.0.1", int(url.rpartition(":")[2]))
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.open: list[socket.socket] = []
        self.cut_after: int | None = None
        """Bytes to the server, after which nothing gets through any more."""

        self.is_cut = threading.Event()
        threading.Thread(target=self.take, daemon=True).start()

    def take(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.door.accept()
                if self.is_cut.is_set():
                    near.close()
                    continue
                far = socket.create_connection(self.there)
                self.open += [near, far]
                threading.Thread(target=self.carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self.carry, args=(far, near, False), daemon=True).start()

    def carry(self, source, target, is_up) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_up and self.cut_after is not None:
                    self.cut_after -= len(data)
                    if self.cut_after < 0:
                        self.cut_after = None
                        self.is_cut.set()
                        for one in self.open:
                            with suppress(OSError):
                                one.shutdown(socket.SHUT_RDWR)
                        return
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut.clear()

    def close(self) -> None:
        self.door.close()
        for one in self.open:
            one.close()
