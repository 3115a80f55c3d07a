"""The files of a flight as they came, by what each is to it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError
from inspection.records.tables.flights import Flight, Upload

ORTHOPHOTO: Final = "orthophoto"


@dataclass(frozen=True, kw_only=True)
class Original:
    """A file as somebody brought it."""

    sha256: str
    name: str


def original_of(session: Session, flight: Flight, role: str) -> Original:
    """
    One of a flight's files.

    Raises
    ------
    AbsentError
        ``absent`` if nothing was brought in this role.
    """
    if role == ORTHOPHOTO:
        return Original(sha256=flight.sha256, name=flight.name)
    sha256 = flight.files.get(role)
    if sha256 is None:
        raise AbsentError("absent")
    named = select(Upload.name).where(Upload.claimed_sha256 == str(sha256)).limit(1)
    return Original(sha256=str(sha256), name=session.scalars(named).first() or role)
