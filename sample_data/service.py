"""The sample case in an installation: people of an office, a permit, flights, an inspection."""

import json
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import GeoError
from inspection.access.central import central_place
from inspection.access.people import add_person, first_admin
from inspection.exchange.permits.mapping import read_mapping
from inspection.exchange.permits.reading import read_permits
from inspection.jobs.asking import ask
from inspection.jobs.preparing import FlightGiven, Wanted
from inspection.language import Language
from inspection.objects.store import ObjectStore
from inspection.profiles.profile import read_profile
from inspection.profiles.working_time import opening_hours
from inspection.records.adapting import brought_file, brought_permits
from inspection.records.audit import INSTALLATION
from inspection.records.columns import now
from inspection.records.importing import apply, planned
from inspection.records.office_calendar import CalendarStated, set_calendar
from inspection.records.stepping import ClockStated, begin_clock
from inspection.records.store import Records
from inspection.records.tables.clocks import ServiceClock
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office, Role, User
from inspection.records.tables.permits import BoundaryStage, Permit, PermitLimit
from inspection.settings import Settings, language_alone, read_settings
from inspection.terminal import failure
from inspection.uploads.announced import Announced
from inspection.uploads.quota import limits_of
from inspection.uploads.receiving import Chunk
from inspection.uploads.uploads import Uploads
from inspection.wiring import open_database, open_objects
from inspection.wording.catalogue import wording

HERE: Final = Path(__file__).parent
PROFILE: Final = "indonesia-province"
PEOPLE: Final = {
    "inspector": Role.INSPECTOR,
    "reviewer": Role.REVIEWER,
    "reviewer2": Role.REVIEWER,
    "gis": Role.GIS,
}
"""Two reviewers: what one changes, the other sees."""

CENTRAL: Final = "central"
"""Who stands above the office, and may make others."""

CALENDAR: Final = "Jam kerja"
STEP: Final = "Pemeriksaan lapangan"
SERVICE_DAYS: Final = 1.0
"""The service time of the sample permit: short, so that one sees it run."""

BROUGHT: Final = {
    "orthophoto": "current.tif",
    "dsm": "current_dsm.tif",
    "control_points": "control_points.csv",
}
BEFORE: Final = {"orthophoto": "baseline.tif", "dsm": "baseline_dsm.tif"}


@dataclass(frozen=True, kw_only=True)
class Bringer:
    """Who uploads the flights."""

    office_id: UUID
    user_id: UUID


def main() -> None:
    """Put into the installation what is not there yet; a second time changes nothing."""
    settings = read_settings()
    records, engine = open_database(settings)
    words = wording(settings.language)
    entry = first_admin(records, profile=PROFILE, language=settings.language)
    if entry is not None:
        _say(words.say("service.first_admin", login=entry.user.login, password=entry.password))
    with records.reading_all() as session:
        known = select(Office).where(Office.id != INSTALLATION).order_by(Office.created_at)
        office = session.scalars(known).first()
    assert office is not None  # noqa: S101 - made above, if it was not there
    above = central_place(records, profile=PROFILE, language=str(settings.language))
    places = {login: (office.id, role) for login, role in PEOPLE.items()}
    for login, (place, role) in (places | {CENTRAL: (above, Role.CENTRAL_ADMIN)}).items():
        password = _taken_in(records, place, login, role)
        if password is not None:
            _say(words.say("service.added", login=login, password=password))
    objects = open_objects(None, settings)
    with records.reading(office.id) as session:
        inspector = session.scalars(select(User).where(User.login == "inspector")).one()
    permit = _permit(records, office.id, settings)
    bringer = Bringer(office_id=office.id, user_id=inspector.id)
    uploads = Uploads(
        records, objects, folder=settings.data / "uploads", limits=limits_of(settings)
    )
    flights = [
        FlightGiven(**{role: _uploaded(records, uploads, bringer, name) for role, name in one})
        for one in (BROUGHT.items(), BEFORE.items())
    ]
    _inspection(records, objects, permit, flights, bringer)
    _service_time(records, office.id, permit)
    engine.dispose()


def _taken_in(records: Records, office: UUID, login: str, role: Role) -> str | None:
    with records.writing(office) as session:
        if session.scalars(select(User.id).where(User.login == login)).first() is not None:
            return None
        name = login.title()
        return add_person(session, login=login, name=name, roles=[role], by=None).password


def _permit(records: Records, office: UUID, settings: Settings) -> UUID:
    """Import the permit as a layer of areas would bring it, with its limits beside."""
    said = json.loads((HERE / "permit.json").read_bytes())
    layer = json.loads((HERE / "boundary.geojson").read_bytes())
    layer["features"][0]["properties"] |= {
        "sk_iup": said["id"],
        "tgl_berlaku": said["valid_from"],
        "tgl_akhir": said["valid_until"],
        "luas_sk": said["declared_area_ha"],
    }
    passing = settings.data / "passing"
    passing.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=passing) as folder:
        path = Path(folder) / "areas.geojson"
        path.write_text(json.dumps(layer))
        reading = read_permits(path, read_mapping("wiup"), imported_at=now())
    with records.writing(office) as session:
        plan = planned(
            session,
            brought_file(reading),
            brought_permits(reading, stage=BoundaryStage.GRANTED),
        )
        apply(session, plan, actor=None)
        session.flush()
        permit = session.scalars(select(Permit).where(Permit.reference == said["id"])).one()
        _limit(session, permit, said["limits"]["max_disturbed_ha"])
        return permit.id


def _limit(session: Session, permit: Permit, hectares: float) -> None:
    known = select(PermitLimit.id).where(PermitLimit.permit_id == permit.id)
    if session.scalars(known).first() is None:
        session.add(
            PermitLimit(
                permit_id=permit.id,
                code="max_disturbed_ha",
                value=hectares,
                unit="ha",
                source=HERE.joinpath("permit.json").name,
            )
        )


def _uploaded(records: Records, uploads: Uploads, bringer: Bringer, name: str) -> UUID:
    data = (HERE / name).read_bytes()
    digest = sha256(data).hexdigest()
    with records.reading(bringer.office_id) as session:
        arrived = select(Upload.id).where(
            Upload.claimed_sha256 == digest, Upload.state == UploadState.COMPLETE
        )
        known = session.scalars(arrived).first()
    if known is not None:
        return known
    file = Announced(size=len(data), sha256=digest, name=name, kind="file", permit_id=None)
    upload = uploads.announce(bringer, file)
    whole = uploads.receive(bringer, upload.id, Chunk(offset=0, length=len(data), checksum=None))
    try:
        whole.write(data)
        whole.finish()
    finally:
        whole.close()
    return upload.id


def _inspection(
    records: Records,
    objects: ObjectStore,
    permit: UUID,
    flights: list[FlightGiven],
    bringer: Bringer,
) -> None:
    with records.writing(bringer.office_id) as session:
        known = select(InspectionRun.id).where(InspectionRun.permit_id == permit)
        if session.scalars(known).first() is not None:
            return
        language = session.get_one(Office, bringer.office_id).language
        wanted = Wanted(
            permit_id=permit,
            boundary_id=None,
            current=flights[0],
            baseline=flights[1],
            profile=PROFILE,
            language=Language(language),
        )
        ask(session, objects, wanted, by=bringer.user_id, at=now())


def _service_time(records: Records, office: UUID, permit: UUID) -> None:
    """A calendar as the rules propose it, and a service time of the permit that runs from now."""
    with records.writing(office) as session:
        if session.scalars(select(ServiceClock.id)).first() is not None:
            return
        row = session.get_one(Office, office)
        by = session.scalars(select(User.id).where(User.login == "gis")).one()
        week = read_profile(row.profile).calendar.week
        hours = {int(day): opening_hours(text) for day, text in week.items()}
        calendar = CalendarStated(
            name=CALENDAR,
            time_zone=row.time_zone,
            week={day: one for day, one in hours.items() if one},
            days=(),
        )
        set_calendar(session, calendar, by=by)
        stated = ClockStated(step=STEP, calendar=CALENDAR, days=SERVICE_DAYS)
        begin_clock(session, session.get_one(Permit, permit), stated, by=by, begins_at=now())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    try:
        main()
    except (GeoError, OSError) as error:
        sys.exit(failure.tell(failure.failure_of(error), language_alone()))
