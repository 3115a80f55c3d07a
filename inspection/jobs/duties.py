"""The rounds of a worker: all that must be done though nobody asks for it."""

from threading import Event

from sqlalchemy import delete

from inspection.jobs.rounds import Round
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.delivery import IdempotencyKey

HOUR_S = 3600.0


def duties(records: Records) -> tuple[Round, ...]:
    """The rounds that every worker of an installation goes."""

    def forget(_stop: Event) -> None:
        with records.writing_all() as session:
            session.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at < now()))

    return (Round(name="forget expired keys", every_s=HOUR_S, go=forget),)
