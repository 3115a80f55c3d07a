"""What an auditor asks of the audit log, and is answered."""

import json
from datetime import UTC, date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from api.schemas import Answer, PageAsked
from inspection.records.audit import line_of
from inspection.records.tables.audit import AuditEvent, AuditHead

# Within what every zone can say and every database keeps.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 2, tzinfo=UTC), le=datetime(9998, 1, 1, tzinfo=UTC)),
]


class EventPageAsked(PageAsked):
    """Which events; what is not given does not narrow them."""

    since: Moment | None = None
    until: Moment | None = None
    action: Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,64}$")] | None = None
    subject_id: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,128}$")] | None = None
    actor: UUID | None = None
    """The person who did it."""


class StateAsked(BaseModel):
    """Which part of the chain to prove."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: Annotated[int, Field(ge=1, le=2**53)] | None = None
    """Number of its first event; else the newest events are proven."""


class AuditEventShown(Answer):
    """One event, without the personal words that are kept beside it."""

    seq: int
    """Its place in the chain."""

    at: datetime
    actor: str | None
    action: str
    subject_kind: str
    subject_id: str
    subject_name: str | None
    """The permit's number as it is today; it is not part of the chain."""

    facts: dict[str, JsonValue] | None
    """None where the event was damaged; the proof of the chain says so too."""

    hash: str

    @classmethod
    def of(cls, event: AuditEvent, name: str | None) -> Self:
        """The event as it is shown."""
        try:
            facts = json.loads(event.content)["facts"]
        except (ValueError, TypeError, KeyError):
            facts = None
        return cls(
            seq=event.seq,
            at=event.at,
            actor=event.actor,
            action=event.action,
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            subject_name=name,
            facts=facts if isinstance(facts, dict) else None,
            hash=event.hash,
        )


class AuditEventPage(Answer):
    """Some events, the newest first by time."""

    items: list[AuditEventShown]
    after: str | None


class AuditHeadShown(Answer):
    """A signed head; its line, kept as a file elsewhere, proves the log against a later one."""

    day: date
    seq: int
    hash: str
    line: str

    @classmethod
    def of(cls, head: AuditHead) -> Self:
        """The head as it is shown."""
        return cls(day=head.day, seq=head.seq, hash=head.hash, line=line_of(head).decode())


class AuditHeadPage(Answer):
    """Some heads, the newest first."""

    items: list[AuditHeadShown]
    after: str | None


class ChainFlawShown(Answer):
    """One way in which the chain differs from what was written."""

    code: str
    place: str
    message: str
    hint: str


class PartProven(Answer):
    """What the examination of a part of the chain found."""

    first: int
    last: int
    next: int | None
    """The `first` of the next part; None at the chain's end."""

    heads: int
    """Signed heads that its events were held against."""

    holds: bool
    flaws: list[ChainFlawShown]


class AuditState(Answer):
    """Where the chain ends, what vouches for it, and whether the part examined holds."""

    chain: UUID
    length: int
    last_hash: str
    head: AuditHeadShown | None
    public_keys: list[str]
    """PEM; the installation's own, to be compared with what was noted elsewhere."""

    examined: PartProven
