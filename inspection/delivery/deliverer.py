"""The deliverer: sends what waits in the outbox, one message after the other."""

import json
from threading import Event
from typing import Any, Final
from uuid import UUID

from inspection.delivery.fetching import make_key
from inspection.delivery.outbox import Held, mark_delivered, mark_failed, take_message
from inspection.delivery.webhook import Receiver, ReceiverError, send
from inspection.errors import DisprovedError, RefusedError
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.columns import now, text_of
from inspection.records.store import Records
from inspection.records.tables.reports import LIGHT_PAPER, Report

FETCH_PATH: Final = "/api/v1/fetches/"


def deliver(records: Records, objects: ObjectStore, receiver: Receiver | None, stop: Event) -> int:
    """
    Send every message whose turn it is; gives how many arrived.

    Without a receiver they wait: whichever is set later gets them. A message is marked after it
    arrived; whoever dies in between leaves it to be sent a second time, under the same id.
    """
    arrived = 0
    while receiver is not None and not stop.is_set():
        held = take_message(records)
        if held is None:
            break
        try:
            _send(records, objects, receiver, held)
        except (ReceiverError, RefusedError, DisprovedError) as error:
            problem: dict[str, Json] = {"code": error.code, "facts": dict(error.facts)}
            mark_failed(records, held, problem, wait=getattr(error, "wait", None))
        else:
            mark_delivered(records, held)
            arrived += 1
    return arrived


def _send(records: Records, objects: ObjectStore, receiver: Receiver, held: Held) -> None:
    told = {
        "type": held.kind,
        "timestamp": text_of(held.written_at),
        "data": {
            "receipt": held.payload["receipt"],
            "file": _file(records, objects, receiver, held),
        },
    }
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    send(receiver, held.id, body, at=now())


def _file(
    records: Records, objects: ObjectStore, receiver: Receiver, held: Held
) -> dict[str, Any] | None:
    """Where the light paper is fetched, with a key that is made for this call."""
    report_id = UUID(held.payload["report_id"])
    with records.reading(held.office_id) as session:
        sha256 = session.get_one(Report, report_id).light_sha256
    if sha256 is None:
        return None
    key = make_key(records, held.office_id, report_id)
    return {
        "name": LIGHT_PAPER,
        "media_type": "application/pdf",
        "sha256": sha256,
        "size": objects.stored(sha256).size_bytes,
        "url": f"{receiver.address}{FETCH_PATH}{key.secret}",
        "expires_at": text_of(key.expires_at),
    }
