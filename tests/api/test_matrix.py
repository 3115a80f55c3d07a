"""Every route x every role x whose thing it is, held against a table that people review."""

import csv
import hashlib
import json
import re
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from inspection.access.device_keys import add_device_key, end_device_key
from inspection.access.offices import state_of
from inspection.delivery.attaching import attach
from inspection.delivery.fetching import make_key
from inspection.exchange.permits.mapping import mapping_from
from inspection.jobs.submission import cancel
from inspection.objections.filing import Objecting, file_objection
from inspection.records.columns import now
from inspection.records.own_mappings import end_mapping, state_mapping
from inspection.records.tables.batches import Batch, BatchItem
from inspection.records.tables.delivery import FetchToken, OutboxMessage
from inspection.records.tables.flights import UploadState
from inspection.records.tables.inspections import Finding, InspectionRun
from inspection.records.tables.offices import Calendar, Office, User
from inspection.records.tables.permits import BoundaryVersion
from inspection.records.tables.reports import Objection, Report, TrackingCode
from inspection.records.tables.surveys import SurveyedGround
from inspection.records.tables.trials import Trial
from tests.api.drawn import GROUND, at, rasters
from tests.inspection.jobs.done import put
from tests.inspection.jobs.small import outline

DATABASES = ("sqlite", "postgresql")
TABLE = Path(__file__).with_name("matrix.csv")
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))
OF_OFFICES = ("inspector", "reviewer", "gis", "admin", "auditor")
ROLES = ("anonymous", *OF_OFFICES, "central_admin")
PASSWORD = "correct horse battery staple"
EXPORT = json.dumps({"dataNIB": {"nib": "0123456789012", "nama_perseroan": "PT SINTETIS"}})
DATA = b"the bytes of a flight"
OFFICES = {"own": "here", "colleague": "here", "deleted": "here", "other": "there"}

STATES = {
    "office_id": ("own", "other", "absent"),
    "user_id": ("own", "colleague", "other", "deleted", "absent"),
    "token_id": ("own", "colleague", "other", "deleted", "absent"),
    "device_key_id": ("own", "colleague", "other", "deleted", "absent"),
    "inspection_id": ("own", "colleague", "other", "deleted", "absent"),
    "finding_id": ("own", "colleague", "other", "absent"),
    "upload_id": ("own", "colleague", "other", "deleted", "absent"),
    "code": ("own", "other", "deleted", "absent"),
    "permit_id": ("own", "other", "absent"),
    "item_id": ("own", "other", "absent"),
    "report_id": ("own", "other", "absent"),
    "flight_id": ("own", "other", "absent"),
    "message_id": ("own", "other", "absent"),
    "objection_id": ("own", "other", "absent"),
    "number": ("own", "other", "absent"),
    "mark": ("own", "other", "absent"),
    "key": ("own", "other", "deleted", "absent"),
    "batch_id": ("own", "colleague", "other", "absent"),
    "trial_id": ("own", "colleague", "other", "absent"),
    "mapping_name": ("own", "other", "deleted", "absent"),
    "profile_name": ("own", "absent"),
    "boundary_id": ("own", "other", "absent"),
}
"""What a thing can be to who asks. What nobody owns is no colleague's; what never ends is not
deleted: permits, and all that lies on their record for good."""

PARTS = {
    "name": "report.pdf",
    "role": "orthophoto",
    "layer": "current",
    "collection": "permits",
    **dict(zip("zxy", (10, *at(*GROUND.centroid.coords[0], 10)), strict=False)),
}
"""What addresses name within a thing."""

UPLOADS = ("/uploads/", "/uploads/{upload_id}")
"""A protocol of its own, mounted beside the routes: what it answers to, it says itself."""


def named_in(route: str) -> str | None:
    """The thing that a route is about: the last that its address names."""
    names = [name for name in re.findall(r"\{(\w+)\}", route) if name not in PARTS]
    assert set(names) <= set(STATES), "a thing whose states nobody thought about"
    return names[-1] if names else None


def methods_of_uploads(service) -> set[tuple[str, str]]:
    found = set()
    with service.as_role("inspector") as client:
        for route in UPLOADS:
            address = route.format(upload_id=uuid4())
            answer = client.request("PURGE", address, headers={"Tus-Resumable": "1.0.0"})
            assert answer.status_code == 405
            found |= {(method, route) for method in answer.headers["Allow"].split(", ")}
    return found


def test_the_table_names_every_route_in_every_state_and_nothing_else(service) -> None:
    described = {
        (method.upper(), route)
        for route, methods in service.app.openapi()["paths"].items()
        for method in methods
    } | methods_of_uploads(service)
    needed = {
        (method, route, state)
        for method, route in described
        for state in STATES.get(named_in(route), ("-",))
    }
    named = [(row["method"], row["route"], row["state"]) for row in ROWS]
    assert needed - set(named) == set(), "routes that nobody thought about"
    assert set(named) - needed == set()
    assert len(named) == len(set(named))


def test_no_route_is_left_out_of_the_document(service) -> None:
    with service.client() as client:
        assert client.get("/openapi.json").json() == service.app.openapi()
        for page in ("/docs", "/redoc"):
            assert client.get(page).status_code == 404


def named_thing(service, row, role, *, lasts: bool | None = None) -> str:
    """The address with the id of a thing in the row's state, after which it may be another."""
    route, state = row["route"], row["state"]
    thing = named_in(route)
    if thing is None:
        return route.format(**PARTS)
    if state == "absent":
        made = {name: str(uuid4()) for name in STATES} | {"code": "Z" * 16, "number": "Z" * 12}
    else:
        maker = a_finished_inspection if route in REVIEWED else MAKERS[thing]
        if route.startswith("/stac/"):
            maker = a_surveyed_ground
        if route.startswith("/tiles/") and state != "deleted":
            maker = a_drawn_inspection
        if lasts is None:
            lasts = row["method"] in ("GET", "HEAD") or row[role] >= "400"
        made = made_once(service, maker, state, role) if lasts else maker(service, state, role)
        made = made if isinstance(made, dict) else {thing: made}
    return route.format(**made, **PARTS)


MADE: dict[tuple[object, ...], object] = {}
"""What was made for those that only read it, or are refused."""


def made_once(service, maker, state, role):
    """The one of its service, state and owner, if it stays as it was made."""
    if maker not in LASTING and state != "deleted":
        return maker(service, state, role)
    place = (service.url, maker, state, owner(service, state, role))
    if place not in MADE:
        MADE[place] = maker(service, state, role)
    return MADE[place]


def owner(service, state, role) -> UUID:
    """Whose a thing in this state is: who asks, or another person of its office."""
    office = OFFICES[state]
    is_own = state in ("own", "deleted") and role in OF_OFFICES
    return service.people[office, role if is_own else "plain"]


def a_user(service, state, role) -> UUID:
    if state != "deleted":
        return owner(service, state, role)
    person = service.person("here").id
    with service.records.writing(service.offices["here"]) as session:
        session.get_one(User, person).closed_at = now()
    return person


def a_token(service, state, role) -> UUID:
    ended = {"ended_at": now()} if state == "deleted" else {}
    return service.token(OFFICES[state], owner(service, state, role), **ended)[0]


def a_device_key(service, state, role) -> UUID:
    with service.records.writing(service.offices[OFFICES[state]]) as session:
        whose = owner(service, state, role)
        digits = a_public_key()
        row = add_device_key(session, user_id=whose, name="laptop", key=digits, by=whose)
        if state == "deleted":
            end_device_key(session, row, by=whose)
        return row.id


def a_public_key() -> str:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()


def a_drawn_inspection(service, state, role) -> UUID:
    by = owner(service, state, role)
    return service.drawn(OFFICES[state], rasters(), GROUND, by=by)


def an_inspection(service, state, role) -> UUID:
    by = owner(service, state, role)
    run = service.inspection(OFFICES[state], by=by)
    if state == "deleted":
        with service.records.writing(service.offices["here"]) as session:
            assert cancel(session, run, by=by)
    return run


def a_finished_inspection(service, state, role) -> UUID:
    """One that can be reviewed; one that was taken back cannot."""
    run = an_inspection(service, state, role)
    if state != "deleted":
        office = service.offices[OFFICES[state]]
        put(service.records, service.app.state.objects, office, run, name=service.next("TJ-"))
    return run


def a_surveyed_ground(service, state, role) -> dict[str, UUID]:
    run = a_finished_inspection(service, state, role)
    with service.records.reading_all() as session:
        asked = select(SurveyedGround.id).where(
            SurveyedGround.inspection_id == run, SurveyedGround.reason.is_(None)
        )
        return {"item_id": session.scalars(asked).one()}


def a_finding(service, state, role) -> UUID:
    run = a_finished_inspection(service, state, role)
    with service.records.reading_all() as session:
        return session.scalars(select(Finding.id).where(Finding.inspection_id == run)).one()


def an_upload(service, state, role) -> UUID:
    kind = UploadState.ENDED if state == "deleted" else UploadState.RECEIVING
    by = owner(service, state, role)
    return service.upload(OFFICES[state], DATA, state=kind, by=by)


def a_code(service, state, _role) -> str:
    office = OFFICES[state]
    ended = {"ended_at": now()} if state == "deleted" else {}
    permit = attached(service, state).permit_id
    code = TrackingCode(permit_id=permit, code=service.next("CQDE2345"), **ended)
    with service.records.writing(service.offices[office]) as session:
        session.add(code)
    return code.code


ON_RECORD: dict[tuple[str, str], Report] = {}
"""What lies on the record for good is made once for each service and office."""


def attached(service, state) -> Report:
    """A report with its receipt and the message about it."""
    place = (service.url, OFFICES[state])
    if place not in ON_RECORD:
        ON_RECORD[place] = newly_attached(service, state)
    return ON_RECORD[place]


def newly_attached(service, state) -> Report:
    office = service.offices[OFFICES[state]]
    report = service.report(OFFICES[state])
    by = service.people[OFFICES[state], "reviewer"]
    with service.records.writing(office) as session:
        attach(session, session.get_one(Report, report.id), by=by, role="reviewer")
    return report


def a_flight(service, state, _role) -> UUID:
    report = attached(service, state)
    with service.records.reading(service.offices[OFFICES[state]]) as session:
        return session.get_one(InspectionRun, report.inspection_id).current_id


def a_message(service, state, _role) -> UUID:
    newly_attached(service, state)  # an older one may have been sent
    with service.records.reading(service.offices[OFFICES[state]]) as session:
        newest = select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).limit(1)
        return session.scalars(newest).one()


def an_objection(service, state) -> Objection:
    report = attached(service, state)
    objecting = Objecting(
        tracking_code=None,
        report_sha256=report.sha256,
        finding="F-001",
        text="The pit is not ours.",
        contact="by letter",
    )
    return file_objection(service.records, objecting)


def a_key(service, state, _role) -> str:
    office = service.offices[OFFICES[state]]
    key = make_key(service.records, office, attached(service, state).id)
    if state == "deleted":
        with service.records.writing(office) as session:
            newest = select(FetchToken).order_by(FetchToken.id.desc()).limit(1)
            session.scalars(newest).one().expires_at = now() - timedelta(seconds=1)
    return key.secret


def inspection_wanted(service) -> dict[str, object]:
    picture = service.upload("here", b"a picture, as far as is known")
    return {"permit_id": str(service.permit("here")), "current": {"orthophoto": str(picture)}}


def a_batch(service, state, role) -> UUID:
    office, by = OFFICES[state], owner(service, state, role)
    with service.records.writing(service.offices[office]) as session:
        batch = Batch(submitted_by=by)
        session.add(batch)
    return batch.id


def a_trial(service, state, role) -> UUID:
    office, by = OFFICES[state], owner(service, state, role)
    with service.records.writing(service.offices[office]) as session:
        trial = Trial(submitted_by=by, profile="generic")
        session.add(trial)
    return trial.id


def result_on_record(service) -> UUID:
    """The batch of a result that other rules can be tried on."""
    run = service.drawn("here", {})
    with service.records.writing(service.offices["here"]) as session:
        by = service.people["here", "gis"]
        batch = Batch(submitted_by=by)
        session.add_all([batch, BatchItem(batch_id=batch.id, position=0, inspection_id=run)])
    return batch.id


MAPPING = 'extends = "generic"\nversion = "2026-11-29"\n'


def a_mapping(service, state, _role) -> str:
    office, name = OFFICES[state], service.next("mapping-")
    by = service.people[office, "gis"]
    with service.records.writing(service.offices[office]) as session:
        mapping = mapping_from(MAPPING.encode(), name=name)
        state_mapping(session, mapping, MAPPING.encode(), by=by)
        if state == "deleted":
            end_mapping(session, name, by=by)
    return name


def a_boundary(service, state, _role) -> dict[str, UUID]:
    office = OFFICES[state]
    permit = service.permit(office)
    with service.records.reading(service.offices[office]) as session:
        asked = select(BoundaryVersion.id).where(BoundaryVersion.permit_id == permit)
        return {"permit_id": permit, "boundary_id": session.scalars(asked).one()}


def an_office(service, state, _role) -> UUID:
    return service.offices[OFFICES[state]]


def change_wanted(service) -> dict[str, object]:
    """A change of the first office as it is: of any other it is none that was seen."""
    with service.records.reading_all() as session:
        state = state_of(session.get_one(Office, service.offices["here"]))
    return {"office_sha256": state, "time_zone": "Asia/Jakarta"}


MAKERS = {
    "office_id": an_office,
    "user_id": a_user,
    "token_id": a_token,
    "device_key_id": a_device_key,
    "inspection_id": an_inspection,
    "finding_id": a_finding,
    "upload_id": an_upload,
    "batch_id": a_batch,
    "trial_id": a_trial,
    "code": a_code,
    "boundary_id": a_boundary,
    "mapping_name": a_mapping,
    "profile_name": lambda *_: "generic",
    "permit_id": lambda service, state, _: service.permits[OFFICES[state]],
    "item_id": lambda service, state, _: service.permits[OFFICES[state]],
    "report_id": lambda service, state, _: attached(service, state).id,
    "flight_id": a_flight,
    "message_id": a_message,
    "objection_id": lambda service, state, _: an_objection(service, state).id,
    "number": lambda service, state, _: an_objection(service, state).number,
    "mark": lambda service, state, _: attached(service, state).sha256,
    "key": a_key,
}

LASTING = {
    a_drawn_inspection,
    a_finished_inspection,
    a_surveyed_ground,
    a_finding,
    an_upload,
    a_message,
    a_boundary,
}
"""They take the longest to make, and what they make stays as it is until somebody changes it."""

REVIEWED = {
    f"/api/v1/inspections/{{inspection_id}}/{name}"
    for name in ("findings", "words", "ground", "decisions", "reissue", "not-observed", "warnings")
}
UNREVIEWED = hashlib.sha256(b'[["F001",null]]').hexdigest()

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


def announcement() -> dict[str, str]:
    told = {"filename": "flight.tif", "sha256": hashlib.sha256(DATA).hexdigest()}
    pairs = [f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items()]
    return {**TUS, "Upload-Length": str(len(DATA)), "Upload-Metadata": ",".join(pairs)}


def a_paper(service) -> bytes:
    objects = service.app.state.objects
    return b"".join(objects.stream(attached(service, "own").files["report.pdf"]))


def a_calendar(service) -> str:
    name = service.next("calendar")
    with service.records.writing(service.offices["here"]) as session:
        session.add(Calendar(name=name, time_zone="Asia/Jakarta", hours={"1": [480, 960]}))
    return name


def square_at(west: float) -> str:
    """Another square each time, as GeoJSON."""
    ring = [[west, 1], [west + 0.01, 1], [west + 0.01, 1.01], [west, 1.01], [west, 1]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


BODIES = {
    ("POST", "/api/v1/session"): lambda service: {
        "json": {"login": service.person("here").login, "password": PASSWORD}
    },
    ("PUT", "/api/v1/session/password"): lambda _: {
        "json": {"old": PASSWORD, "new": "another sentence of mine"}
    },
    ("POST", "/api/v1/users"): lambda service: {
        "json": {"login": service.next("new"), "name": "New", "roles": ["gis"]}
    },
    ("PATCH", "/api/v1/users/{user_id}"): lambda _: {"json": {"name": "Changed"}},
    ("POST", "/api/v1/offices"): lambda service: {
        "json": {
            "code": service.next("office-"),
            "name": "New",
            "time_zone": "Asia/Jakarta",
            "profile": "generic",
            "language": "id",
            "admin_login": service.next("head"),
            "admin_name": "Head",
        }
    },
    ("PATCH", "/api/v1/offices/{office_id}"): lambda service: {"json": change_wanted(service)},
    ("POST", "/api/v1/tokens"): lambda _: {
        "json": {"name": "program", "scopes": ["permit.read"], "days": 1}
    },
    ("POST", "/api/v1/device-keys"): lambda _: {"json": {"name": "laptop", "key": a_public_key()}},
    ("POST", "/api/v1/inspections"): lambda service: {"json": inspection_wanted(service)},
    ("POST", "/api/v1/batches"): lambda service: {
        "json": {"inspections": [inspection_wanted(service)]}
    },
    ("POST", "/api/v1/trials"): lambda service: {
        "json": {"profile": "generic", "batch_id": str(result_on_record(service))}
    },
    ("POST", "/api/v1/batches/tables"): lambda service: {
        "params": {"name": "table.csv"},
        "content": f"permit,current\n{inspection_wanted(service)['permit_id']},auto\n",
    },
    ("POST", "/api/v1/permits/imports"): lambda _: {
        "params": {"mapping": "oss-nib", "name": "nib.json"},
        "content": EXPORT,
    },
    ("POST", "/api/v1/verifications"): lambda service: {"content": a_paper(service)},
    ("POST", "/api/v1/objections"): lambda service: {
        "json": {"report_sha256": attached(service, "own").sha256, "text": "It is not ours."}
    },
    ("POST", "/api/v1/objections/{objection_id}/answers"): lambda _: {
        "json": {"outcome": "upheld", "text": "You are right in this."}
    },
    ("POST", "/api/v1/inspections/{inspection_id}/findings"): lambda _: {
        "json": {
            "outline": json.loads(shapely.to_geojson(outline())),
            "ground_class": "road",
            "epoch": "standing",
            "note": "seen by eye",
        }
    },
    ("POST", "/api/v1/inspections/{inspection_id}/decisions"): lambda _: {
        "json": {"outcome": "returned", "note": "too dark", "reviews_sha256": UNREVIEWED}
    },
    ("POST", "/api/v1/findings/{finding_id}/reviews"): lambda _: {"json": {"outcome": "accepted"}},
    ("PUT", "/api/v1/office/calendars"): lambda _: {
        "json": {"name": "usual", "time_zone": "Asia/Jakarta", "week": {"1": [480, 960]}}
    },
    ("PUT", "/api/v1/office/service"): lambda _: {"json": {"clock": None}},
    ("PUT", "/api/v1/office/objections"): lambda _: {"json": {"term": None}},
    ("POST", "/api/v1/permits/{permit_id}/clocks"): lambda service: {
        "json": {"step": service.next("step"), "calendar": a_calendar(service), "days": 1.0}
    },
    ("PUT", "/api/v1/mappings/{mapping_name}"): lambda _: {"content": MAPPING},
    ("GET", "/api/v1/session/oidc/callback"): lambda _: {"params": {"state": "s", "code": "c"}},
    ("GET", "/api/v1/statistics/table"): lambda _: {"params": {"of": "permits"}},
    ("GET", "/api/v1/permits/near"): lambda _: {"params": {"longitude": 115, "latitude": -3}},
    ("POST", "/api/v1/permits/{permit_id}/corrections"): lambda _: {
        "json": {"field": "commodity", "value": "andesit", "reason": "as the decree says"}
    },
    ("POST", "/api/v1/permits/{permit_id}/limits"): lambda _: {
        "json": {"code": "max_disturbed_ha", "value": 4.5, "source": "decree"}
    },
    ("POST", "/api/v1/permits/{permit_id}/boundaries"): lambda service: {
        "params": {"stage": "amended", "source": "decree"},
        "content": square_at(len(service.next("")) + 0.001 * service.count),
    },
    ("POST", "/uploads/"): lambda _: {"headers": announcement()},
    ("HEAD", "/uploads/{upload_id}"): lambda _: {"headers": TUS},
    ("PATCH", "/uploads/{upload_id}"): lambda _: {"headers": TUS | CHUNK, "content": DATA},
    ("DELETE", "/uploads/{upload_id}"): lambda _: {"headers": TUS},
}


def called(client, row, address, **said):
    """The answer, of which what has no end is not read."""
    with client.stream(row["method"], address, **said) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
    return answer


def body(service, row) -> dict:
    make = BODIES.get((row["method"], row["route"]), lambda _: {})
    return make(service)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['method']} {r['route']} {r['state']}")
def test_everybody_gets_what_the_table_says(service, row) -> None:
    got = {}
    for role in ROLES:
        with service.as_role(role) as client:
            address = named_thing(service, row, role)
            answer = called(client, row, address, **body(service, row))
        got[role] = str(answer.status_code)
        kind = answer.headers.get("content-type", "")
        assert (kind == "application/problem+json") == (answer.status_code >= 400), address
    assert got == {role: row[role] for role in ROLES}
    if "inspections" in row["route"] or "batches" in row["route"]:
        service.take_back_inspections()


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["state"] not in ("own", "absent", "-") and "404" in row.values()],
    ids=lambda r: f"{r['method']} {r['route']} {r['state']}",
)
def test_what_is_foreign_looks_like_what_is_absent(service, row) -> None:
    role = next(role for role in ROLES if row[role] == "404")
    bodies = set()
    for state in (row["state"], "absent"):
        with service.as_role(role) as client:
            address = named_thing(service, {**row, "state": state}, role, lasts=True)
            answer = called(client, row, address, **body(service, row))
        headers = {k: v for k, v in answer.headers.items() if k != "date"}
        bodies.add((answer.status_code, answer.text, json.dumps(headers, sort_keys=True)))
    assert len(bodies) == 1


@pytest.mark.parametrize(
    "row",
    # Once each, in the first state in which anybody may.
    {
        (row["method"], row["route"]): row
        for row in reversed(ROWS)
        if row["method"] != "GET" and any(row[role].startswith("2") for role in ROLES)
    }.values(),
    ids=lambda r: f"{r['method']} {r['route']}",
)
def test_nothing_is_set_that_was_not_asked_for(service, row) -> None:
    described = service.app.openapi()["paths"].get(row["route"], {}).get(row["method"].lower(), {})
    if "application/json" not in described.get("requestBody", {}).get("content", {}):
        return
    role = next(role for role in ROLES if row[role].startswith("2"))
    wanted = body(service, row)
    address = named_thing(service, row, role, lasts=True)  # of refusals it stays as it is
    for field in ("role", "office_id", "status", "sha256"):
        asked = wanted | {"json": wanted["json"] | {field: str(service.offices["there"])}}
        with service.as_role(role) as client:
            answer = client.request(row["method"], address, **asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
        (place,) = answer.json()["places"]
        where = place["where"].split(".")
        assert (where[0], where[-1], place["reason"]) == ("body", field, "extra_forbidden")
