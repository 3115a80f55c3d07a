"""A worker of this installation: put together from its settings, and let work."""

from threading import Event

from inspection.jobs.duties import duties
from inspection.jobs.worker import Worker
from inspection.jobs.workshop import Workshop
from inspection.settings import Settings
from inspection.wiring import open_database, open_objects


def work(settings: Settings, *, places: int, stop: Event) -> None:
    """Do the jobs of an installation, and go the rounds, until somebody sets `stop`."""
    records, engine = open_database(settings)
    workshop = Workshop(
        records=records, objects=open_objects(None, settings), folder=settings.data / "jobs"
    )
    try:
        Worker(workshop=workshop, engine=engine, places=places, rounds=duties(records)).run(stop)
    finally:
        engine.dispose()
