"""A record system on the loopback: it answers as a script says, and remembers what it was sent."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LONG_S = 60
"""How long one that never answers keeps at it, unless it is let go."""


@dataclass(frozen=True)
class Call:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class RecordSystem:
    """Where it listens, what came, and how it answers: the last of the script again and again."""

    url: str
    script: list[Callable]
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self.lock:
            self.calls.append(Call(handler.path, headers, body))
            act = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        act(handler)


def status(number: int, **headers: str) -> Callable:
    def act(handler) -> None:
        handler.send_response(number)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return act


def silence(let_go: threading.Event) -> Callable:
    return lambda _handler: let_go.wait(LONG_S)


def one_byte_now_and_then(let_go: threading.Event) -> Callable:
    """Never silent for long enough that a socket would time out, and never done."""

    def act(handler) -> None:
        until = time.monotonic() + LONG_S
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while time.monotonic() < until and not let_go.wait(0.05):
                handler.wfile.write(b"X: y\r\n"[:1])
                handler.wfile.flush()
        except OSError:
            pass  # whoever called hung up, as it should

    return act


@contextmanager
def record_system(*script: Callable, proof: Path | None = None) -> Iterator[RecordSystem]:
    """With a proof (certificate and key, PEM) by TLS, whose name is localhost."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            system.answer(self)

        def do_GET(self) -> None:
            system.answer(self)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ssl.SSLError, ConnectionError):  # who does not trust us hangs up
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place = f"http://127.0.0.1:{server.server_port}"
    if proof is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(proof)
        # The handshake in the thread of the call: one that fails shall not end the server.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        place = f"https://localhost:{server.server_port}"
    system = RecordSystem(f"{place}/hook?from=tinjau", [*script])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
