"""The audit log of an office, for its auditor; whatever is read here is an event itself."""

from collections.abc import Iterator
from typing import Annotated, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from api.audit_schemas import (
    AuditEventPage,
    AuditEventShown,
    AuditHeadPage,
    AuditHeadShown,
    AuditState,
    ChainFlawShown,
    EventPageAsked,
    PartProven,
    StateAsked,
)
from api.dependencies import GivenRecords, GivenWords, may
from api.described import IN, problems
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.evidence.head_key import public_pem
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.audit_naming import names_of
from inspection.records.audit_reading import (
    EventsWanted,
    end_of,
    events_page,
    examined_part,
    newest_head,
)
from inspection.records.columns import text_of
from inspection.records.heads import known_keys
from inspection.records.paging import page
from inspection.records.tables.audit import AuditHead
from inspection.upkeep.exporting import export_log

LINES = "application/x-ndjson"

router = APIRouter(prefix="/audit", tags=["audit"])
Auditor = Annotated[Actor, Depends(may(Action.AUDIT_READ))]


@router.get("/events", responses=problems(*IN, 422))
def list_events(
    asked: Annotated[EventPageAsked, Query()], actor: Auditor, records: GivenRecords
) -> AuditEventPage:
    """Events of one's office, the newest first; `seq` is their place in the chain."""
    wanted = EventsWanted(
        since=asked.since,
        until=asked.until,
        action=asked.action,
        subject_id=asked.subject_id,
        actor=None if asked.actor is None else str(asked.actor),
    )
    given: dict[str, Json] = {
        name: value if isinstance(value, str) else text_of(value)
        for name, value in vars(wanted).items()
        if value is not None
    }
    deed = Deed(
        action="audit.read",
        subject_kind="audit_log",
        subject_id=str(actor.office_id),
        facts={"wanted": given},
    )
    with records.writing(actor.office_id) as session:
        found = events_page(session, wanted, size=asked.size, after=asked.after)
        record(session, deed, actor=str(actor.user_id))
        names = names_of(session, found.rows)
        items = [
            AuditEventShown.of(one, names.get((one.subject_kind, one.subject_id)))
            for one in found.rows
        ]
        return AuditEventPage(items=items, after=found.after)


@router.get("/heads", responses=problems(*IN, 422))
def list_heads(
    asked: Annotated[PageAsked, Query()], actor: Auditor, records: GivenRecords
) -> AuditHeadPage:
    """Signed heads of one's office, one a day, the newest first."""
    with records.reading(actor.office_id) as session:
        found = page(session, select(AuditHead), AuditHead, size=asked.size, after=asked.after)
        items = [AuditHeadShown.of(one) for one in found.rows]
        return AuditHeadPage(items=items, after=found.after)


@router.get("/state", responses=problems(*IN, 422))
def show_state(
    asked: Annotated[StateAsked, Query()],
    actor: Auditor,
    records: GivenRecords,
    words: GivenWords,
) -> AuditState:
    """Where the chain ends, and whether a part of it holds: its newest events, or as asked."""
    with records.reading_all() as session:
        keys = known_keys(session)
    with records.reading(actor.office_id) as session:
        end = end_of(session, actor.office_id)
        head = newest_head(session, actor.office_id)
        part = examined_part(session, actor.office_id, keys=keys, first=asked.first)
    flaws = [
        ChainFlawShown(
            code=one.code,
            place=one.file,
            message=words.say(f"errors.{one.code}.message"),
            hint=words.say(f"errors.{one.code}.hint"),
        )
        for one in part.flaws
    ]
    return AuditState(
        chain=actor.office_id,
        length=end.seq,
        last_hash=end.hash,
        head=None if head is None else AuditHeadShown.of(head),
        public_keys=[public_pem(one).decode() for one in keys],
        examined=PartProven(
            first=part.first,
            last=part.last,
            next=part.after,
            heads=part.proof.heads,
            holds=not flaws,
            flaws=flaws,
        ),
    )


@router.get(
    "/log",
    response_class=StreamingResponse,
    responses=problems(*IN)
    | {200: {"content": {LINES: {"schema": {"type": "string"}}}, "description": "The log."}},
)
def export(request: Request, actor: Auditor, records: GivenRecords) -> StreamingResponse:
    """All events of one's office with their signed heads, as `tinjau verify` proves them."""
    key = cast("Ed25519PrivateKey", request.app.state.audit_key)
    exported = export_log(records, actor.office_id, key=key, actor=str(actor.user_id))

    def lines() -> Iterator[bytes]:
        for line in exported.lines:
            yield line + b"\n"

    name = f"audit-{actor.office_id}-{exported.end.seq}.jsonl"
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines(), media_type=LINES, headers=told)
