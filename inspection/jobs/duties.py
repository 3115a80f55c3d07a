"""The rounds of a worker: all that must be done though nobody asks for it."""

from threading import Event

from sqlalchemy import delete

from inspection.delivery.deliverer import deliver
from inspection.delivery.webhook import Receiver
from inspection.jobs.rounds import Round
from inspection.objects.store import ObjectStore
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.delivery import IdempotencyKey

HOUR_S = 3600.0
MESSAGES_EVERY_S = 2.0


def duties(records: Records, objects: ObjectStore, receiver: Receiver | None) -> tuple[Round, ...]:
    """The rounds that every worker of an installation goes."""

    def forget(_stop: Event) -> None:
        with records.writing_all() as session:
            session.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at < now()))

    def send(stop: Event) -> None:
        deliver(records, objects, receiver, stop)

    return (
        Round(name="forget expired keys", every_s=HOUR_S, go=forget),
        Round(name="deliver messages", every_s=MESSAGES_EVERY_S, go=send),
    )
