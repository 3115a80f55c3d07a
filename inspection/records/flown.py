"""When flights were flown, as an inspection read of their files and logs: claimed, not proven."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from inspection.records.calendar import zone_named
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office


def note_flown(session: Session, run: InspectionRun, document: dict[str, Any]) -> None:
    """Note beside the flights of an inspection when its document says they began, where none is."""
    for role, flight_id in (("current", run.current_id), ("baseline", run.baseline_id)):
        said = document["flights"][role]
        if flight_id is None or said is None or said["captured_at"] is None:
            continue
        flight = session.get_one(Flight, flight_id)
        if flight.claimed_at is None:
            flight.claimed_at = _instant(session, run, said["captured_at"])
            flight.claims = {**flight.claims, "captured_at": said["captured_at"]}


def _instant(session: Session, run: InspectionRun, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        return moment
    # A file that names no zone was written where the office works; what it said is kept beside.
    zone = zone_named(session.get_one(Office, run.office_id).time_zone)
    return moment.replace(tzinfo=zone)
