"""A worker as `tinjau worker` starts it, that notes where it is and may kill itself there."""

import json
import os
import signal
import sys
from pathlib import Path
from threading import Event, Lock

from inspection.jobs import durable, presence, workflow
from inspection.jobs.running import CHILD
from inspection.jobs.worker import Worker
from inspection.jobs.workshop import Workshop
from inspection.objects.folder import FolderObjects
from inspection.records import engine
from inspection.records.store import Records


def main() -> None:
    given = json.loads(sys.argv[1])
    home = Path(given["home"])
    workflow.PAUSE_S = 0.2  # a test need not wait
    # Of each connection that a worker which stands still may have left in a transaction.
    presence.SILENT_S = engine.SILENT_S = durable.SILENT_S = given["silent_s"]
    stop, one = Event(), Lock()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def tell(point: str) -> None:
        with one, (home / "passed").open("a") as passed:
            passed.write(f"{os.getpid()} {point}\n")
        if point == given["die_at"]:
            os.kill(os.getpid(), signal.SIGKILL)
        if point == given["stop_at"]:
            os.kill(os.getpid(), signal.SIGSTOP)

    opened = engine.open_engine(given["address"])
    workshop = Workshop(
        records=Records(opened),
        objects=FolderObjects(home / "objects"),
        folder=home / given["folder"],
        child=given["child"] or CHILD,
        tell=tell,
    )
    Worker(workshop=workshop, engine=opened, places=given["places"]).run(stop)


if __name__ == "__main__":
    main()
