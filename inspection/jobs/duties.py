"""The rounds of a worker: all that must be done though nobody asks for it."""

import socket
from pathlib import Path
from threading import Event

from sqlalchemy import delete

from inspection.delivery.deliverer import deliver
from inspection.delivery.webhook import Receiver
from inspection.jobs.awaiting import keep_queue
from inspection.jobs.counted import count_decided
from inspection.jobs.ledgers import read_ledgers
from inspection.jobs.rooms import clear_rooms
from inspection.jobs.rounds import Round
from inspection.jobs.surveyed import lay_out
from inspection.objects.store import ObjectStore
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.delivery import IdempotencyKey

HOUR_S = 3600.0
MESSAGES_EVERY_S = 2.0


def duties(
    records: Records, objects: ObjectStore, receiver: Receiver | None, *, rooms: Path
) -> tuple[Round, ...]:
    """The rounds that every worker of an installation goes; its rooms are those of its machine."""

    def forget(_stop: Event) -> None:
        with records.writing_all() as session:
            session.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at < now()))

    def send(stop: Event) -> None:
        deliver(records, objects, receiver, stop)

    def keep(stop: Event) -> None:
        keep_queue(records, objects, stop)

    def read(stop: Event) -> None:
        read_ledgers(records, objects, stop)

    def count(stop: Event) -> None:
        count_decided(records, objects, stop)

    def lay(stop: Event) -> None:
        lay_out(records, objects, stop)

    def clear(_stop: Event) -> None:
        clear_rooms(records, rooms)

    return (
        Round(name="forget expired keys", every_s=HOUR_S, go=forget),
        Round(name=f"clear rooms of {socket.gethostname()}", every_s=HOUR_S, go=clear),
        Round(name="keep the queue true", every_s=HOUR_S, go=keep),
        Round(name="read ledgers", every_s=HOUR_S, go=read),
        Round(name="count what was decided", every_s=HOUR_S, go=count),
        Round(name="lay out what flights saw", every_s=HOUR_S, go=lay),
        Round(name="deliver messages", every_s=MESSAGES_EVERY_S, go=send),
    )
