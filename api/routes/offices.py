"""All offices, for the central administrators above them, who see how much each has, not what."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenSettings, may
from api.described import BODY, IN, problems
from api.offices_schemas import OfficeAsked, OfficeChange, OfficeListed, OfficeMade, OfficePage
from api.schemas import PageAsked
from inspection.access.office_figures import figures_of
from inspection.access.offices import add_office, change_office, state_of
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError
from inspection.profiles.reading import profile_names
from inspection.records.audit import INSTALLATION
from inspection.records.columns import now
from inspection.records.paging import page
from inspection.records.store import Records
from inspection.records.tables.offices import Office
from inspection.settings import Settings

router = APIRouter(prefix="/offices", tags=["offices"])
Reader = Annotated[Actor, Depends(may(Action.OFFICES_READ))]
Central = Annotated[Actor, Depends(may(Action.OFFICES_CHANGE))]


@router.get("", responses=problems(*IN, 422))
def list_offices(
    asked: Annotated[PageAsked, Query()],
    _actor: Reader,
    records: GivenRecords,
    settings: GivenSettings,
) -> OfficePage:
    """The offices of the installation, the newest first."""
    which = select(Office).where(Office.id != INSTALLATION)
    with records.reading_all() as session:
        found = page(session, which, Office, size=asked.size, after=asked.after)
        items = _shown(session, found.rows, settings)
    return OfficePage(items=items, after=found.after, profiles=list(profile_names()))


@router.post("", status_code=201, responses=problems(*IN, 400, 409, *BODY))
def make_office(
    asked: OfficeAsked, actor: Central, records: GivenRecords, settings: GivenSettings
) -> OfficeMade:
    """Make an office with its first administrator, whose password is shown this once."""
    office, entry = add_office(
        records,
        code=asked.code,
        name=asked.name,
        time_zone=asked.time_zone,
        profile=asked.profile,
        language=asked.language,
        admin=asked.admin_login,
        admin_name=asked.admin_name,
        by=actor.user_id,
    )
    return OfficeMade(
        office=_one(records, office, settings), login=entry.user.login, password=entry.password
    )


@router.get("/{office_id}", responses=problems(*IN, 404, 422))
def show_office(
    office_id: UUID, _actor: Reader, records: GivenRecords, settings: GivenSettings
) -> OfficeListed:
    """One office."""
    return _one(records, _found(records, office_id), settings)


@router.patch("/{office_id}", responses=problems(*IN, 400, 404, 409, *BODY))
def state_office(
    office_id: UUID,
    asked: OfficeChange,
    actor: Central,
    records: GivenRecords,
    settings: GivenSettings,
) -> OfficeListed:
    """State something of an office anew, suspend it or let its people in again."""
    office = change_office(
        records,
        _found(records, office_id).id,
        name=asked.name,
        time_zone=asked.time_zone,
        profile=asked.profile,
        language=asked.language,
        is_suspended=asked.is_suspended,
        seen=asked.office_sha256,
        by=actor.user_id,
    )
    return _one(records, office, settings)


def _found(records: Records, office_id: UUID) -> Office:
    """The office; that place is none which central administrators have themselves."""
    with records.reading_all() as session:
        office = session.get(Office, office_id)
    if office is None or office.id == INSTALLATION:
        raise AbsentError("absent")
    return office


def _one(records: Records, office: Office, settings: Settings) -> OfficeListed:
    with records.reading_all() as session:
        return _shown(session, [office], settings)[0]


def _shown(session: Session, rows: Sequence[Office], settings: Settings) -> list[OfficeListed]:
    figures = figures_of(session, [one.id for one in rows], at=now())
    return [
        OfficeListed(
            id=one.id,
            code=one.code,
            name=one.name,
            time_zone=one.time_zone,
            profile=one.profile,
            language=one.language,
            created_at=one.created_at,
            suspended_at=one.suspended_at,
            office_sha256=state_of(one),
            bytes_a_day=settings.upload_bytes_a_day,
            people=figures[one.id].people,
            permits=figures[one.id].permits,
            bytes_kept=figures[one.id].bytes_kept,
            bytes_today=figures[one.id].bytes_today,
        )
        for one in rows
    ]
