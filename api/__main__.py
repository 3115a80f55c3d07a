"""The server as a process: it listens, answers, and ends what it began when it is told to stop."""

import signal
import socket
import sys
from contextlib import nullcontext
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.worker import kept_worker
from inspection.errors import UnfinishedError
from inspection.settings import read_settings
from inspection.terminal import failure
from inspection.terminal.log import write_log
from inspection.wording.catalogue import wording

PATIENCE_S: Final = 20
"""How long an answer that was begun may take when the server stops."""

IPV6_SIGN: Final = ":"


def main(host: str, port: int, places: int = 0) -> int:
    """Serve until told to stop, with a worker of so many places beside; gives the exit code."""
    settings = read_settings()
    try:
        listening = _listen(host, port)
    except UnfinishedError as error:
        return failure.tell(failure.failure_of(error), settings.language)
    write_log()
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # the application writes its own, without addresses
        server_header=False,
        timeout_graceful_shutdown=PATIENCE_S,
        lifespan="on",
    )
    server = _Server(config, app)

    # The server hands a signal back when it has stopped: then all is done.
    def stop(_number: int, _frame: FrameType | None) -> None:
        if not server.started:
            sys.exit(failure.UNFINISHED)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    name, number = listening.getsockname()[:2]
    place = f"[{name}]" if IPV6_SIGN in name else name
    words = wording(settings.language)
    sys.stdout.write(words.say("service.listening", address=f"http://{place}:{number}") + "\n")
    sys.stdout.flush()
    with kept_worker(places) if places else nullcontext():
        server.run(sockets=[listening])
    return failure.DONE if server.started else failure.UNFINISHED


class _Server(uvicorn.Server):
    """One that lets those go who follow what has no end, when it is told to stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, as soon as what was begun is answered."""
        if self.started:
            self._app.state.watch.close()
        super().handle_exit(sig, frame)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if IPV6_SIGN in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)  # its own error would be lost
        listening = socket.create_server((host, port), family=family)
    except socket.gaierror as error:
        raise UnfinishedError("address_unknown", where=host) from error
    except OSError as error:
        raise UnfinishedError("address_taken", where=f"{host}:{port}") from error
    # Handed on to each connection: else what follows the head of an answer waits until the
    # client confirmed that, which it takes 40 ms for.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
