"""A worker of this installation: put together from its settings, and let work."""

from threading import Event

from inspection.delivery.webhook import receiver_of
from inspection.installation import open_installation
from inspection.jobs.duties import duties
from inspection.jobs.limits import Limits
from inspection.jobs.worker import Worker
from inspection.jobs.workshop import Workshop
from inspection.settings import Settings
from inspection.wiring import open_objects


def work(settings: Settings, *, places: int, stop: Event) -> None:
    """Do the jobs of an installation, and go the rounds, until somebody sets `stop`."""
    receiver = receiver_of(settings)
    records, engine = open_installation(settings)
    objects = open_objects(None, settings)
    workshop = Workshop(
        records=records,
        objects=objects,
        folder=settings.data / "jobs",
        limits=Limits(memory_mb=settings.job_memory_mb, hours=settings.job_hours),
    )
    rounds = duties(records, objects, receiver, rooms=workshop.folder)
    try:
        Worker(workshop=workshop, engine=engine, places=places, rounds=rounds).run(stop)
    finally:
        engine.dispose()
