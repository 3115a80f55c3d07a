"""The rules by which flights are inspected, with what stands behind each of their numbers."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select

from api.dependencies import GivenRecords, GivenWords, may
from api.described import IN, problems
from api.profile_schemas import ProfileNamed, ProfileShown
from api.routes.mappings import Name
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError
from inspection.profiles.profile import read_profile
from inspection.profiles.reading import profile_names
from inspection.records.tables.offices import Office
from inspection.terminal.rule_sheet import as_heading, as_sheet

router = APIRouter(prefix="/profiles", tags=["office"])
Reader = Annotated[Actor, Depends(may(Action.OFFICE_READ))]


@router.get("", responses=problems(*IN))
def list_profiles(actor: Reader, records: GivenRecords, words: GivenWords) -> list[ProfileNamed]:
    """The rules that come along, and which of them one's office uses."""
    with records.reading(actor.office_id) as session:
        used = session.scalars(select(Office.profile)).one()
    every = [read_profile(name) for name in profile_names()]
    return [
        ProfileNamed(**as_heading(one, words.language), is_used=one.name == used) for one in every
    ]


@router.get("/{profile_name}", responses=problems(*IN, 404, 422))
def show_profile(
    profile_name: Name, actor: Reader, records: GivenRecords, words: GivenWords
) -> ProfileShown:
    """Every number of one of them: its value, how sure it is, and its source."""
    if profile_name not in profile_names():
        raise AbsentError("absent")
    with records.reading(actor.office_id) as session:
        used = session.scalars(select(Office.profile)).one()
    found = read_profile(profile_name)
    return ProfileShown(**as_sheet(found, words.language), is_used=found.name == used)
