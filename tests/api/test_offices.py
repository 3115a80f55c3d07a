"""Central administrators: they make and state offices, count what these have, and see none."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from inspection.access.central import CODE, central_place
from inspection.access.offices import change_office, state_of
from inspection.access.rights import Action, Actor, allowed
from inspection.records.audit import INSTALLATION
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.base import Base, OfficeOwned
from inspection.records.tables.flights import UploadState
from inspection.records.tables.offices import Office, Role, RoleGrant, SignIn, User
from tests.api.test_access import code_of, sign_in

DATABASES = ("sqlite", "postgresql")


@pytest.fixture
def central(service):
    with service.as_role("central_admin") as client:
        yield client


def wanted(service, **more) -> dict[str, str]:
    code = service.next("office-")
    return {
        "code": code,
        "name": f"Dinas {code}",
        "time_zone": "Asia/Makassar",
        "profile": "indonesia-province",
        "language": "id",
        "admin_login": service.next("kepala"),
        "admin_name": "Kepala",
    } | more


def made(service, central, **more) -> dict:
    answer = central.post("/api/v1/offices", json=wanted(service, **more))
    assert answer.status_code == 201, answer.text
    office = answer.json()["office"]
    service.offices[office["code"]] = UUID(office["id"])
    return answer.json()


def deeds(service, chain) -> list[tuple[str, str | None]]:
    with service.records.reading(chain) as session:
        asked = select(AuditEvent).order_by(AuditEvent.seq)
        return [(one.action, one.actor) for one in session.scalars(asked)]


def test_a_new_office_begins_empty_with_an_administrator_who_signs_in(service, central) -> None:
    entry = made(service, central)
    office = entry["office"]
    assert (office["people"], office["permits"], office["bytes_kept"]) == (1, 0, 0)
    assert office["suspended_at"] is None
    by = str(service.people["central", "central_admin"])
    done = deeds(service, UUID(office["id"]))
    assert done == [("office.added", by), ("user.added", by)]
    with service.client() as admin:
        me = sign_in(admin, entry["login"], entry["password"]).json()
        assert (me["office_id"], me["roles"]) == (office["id"], ["admin"])
        assert me["time_zone"] == "Asia/Makassar"
        assert admin.get("/api/v1/permits").json()["items"] == []
        assert admin.get("/api/v1/office").json()["profile"] == "indonesia-province"
        assert code_of(admin.get("/api/v1/offices")) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"code": "here"}, (409, "office_taken")),
        ({"code": CODE}, (422, "request_invalid")),
        ({"code": "Banten"}, (422, "request_invalid")),
        ({"name": " "}, (400, "name_impossible")),
        ({"time_zone": "Asia/Nowhere"}, (422, "time_zone_unknown")),
        ({"profile": "mine"}, (422, "profile_unknown")),
        ({"language": "fr"}, (422, "request_invalid")),
        ({"admin_login": "a b"}, (422, "request_invalid")),
    ],
)
def test_an_office_that_cannot_be_is_refused_whole(service, central, more, told) -> None:
    with service.records.reading_all() as session:
        before = session.scalar(select(func.count(Office.id)))
    assert code_of(central.post("/api/v1/offices", json=wanted(service, **more))) == told
    with service.records.reading_all() as session:
        assert session.scalar(select(func.count(Office.id))) == before


def test_a_login_of_another_office_makes_none(service, central) -> None:
    known = service.person("there").login
    asked = wanted(service, admin_login=known)
    assert code_of(central.post("/api/v1/offices", json=asked)) == (409, "login_taken")
    listed = central.get("/api/v1/offices", params={"size": 200}).json()["items"]
    assert asked["code"] not in {one["code"] for one in listed}


def test_an_office_is_made_once_however_often_it_is_asked_for(service, central) -> None:
    asked, key = wanted(service), {"Idempotency-Key": service.next("office-asked-once-")}
    first, second = (
        central.post("/api/v1/offices", json=asked, headers=key).json() for _ in range(2)
    )
    assert first == second
    assert first["office"]["code"] == asked["code"]


def test_of_two_who_change_an_office_at_once_one_is_told(service, central) -> None:
    office = made(service, central)["office"]
    address = f"/api/v1/offices/{office['id']}"

    def change(name):
        with service.as_role("central_admin") as client:
            asked = {"name": name, "office_sha256": office["office_sha256"]}
            return client.patch(address, json=asked)

    names = [f"Dinas {letter}" for letter in "ABCDEFGH"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(change, names))
    (won,) = [one.json() for one in answers if one.status_code == 200]
    lost = [code_of(one) for one in answers if one.status_code != 200]
    assert lost == [(409, "office_changed")] * 7
    now = central.get(address).json()
    assert (now["name"], now["office_sha256"]) == (won["name"], won["office_sha256"])
    assert now["office_sha256"] != office["office_sha256"]
    chain = [action for action, _ in deeds(service, UUID(office["id"]))]
    assert chain == ["office.added", "user.added", "office.changed"]
    # Who names no state changes nothing.
    assert code_of(central.patch(address, json={"name": "X"})) == (422, "request_invalid")
    # What an administrator of the office keeps for it is no such change.
    with service.records.writing(UUID(office["id"])) as session:
        session.get_one(Office, UUID(office["id"])).settings = {"a": 1}
    assert central.get(address).json()["office_sha256"] == now["office_sha256"]


def test_a_suspended_office_is_out_at_once_and_comes_back_as_it_was(service, central) -> None:
    entry = made(service, central)
    office, address = entry["office"], f"/api/v1/offices/{entry['office']['id']}"
    staff = service.person(office["code"], Role.GIS)
    _, secret = service.token(office["code"], staff.id, Action.PERMIT_READ)
    bearer = {"Authorization": f"Bearer {secret}"}
    mine = service.signed_in(office["code"], staff.id)
    with mine, service.client(headers=bearer) as program, service.as_role("gis") as other:
        assert mine.get("/api/v1/permits").status_code == 200
        assert program.get("/api/v1/permits").status_code == 200
        asked = {"is_suspended": True, "office_sha256": office["office_sha256"]}
        told = central.patch(address, json=asked).json()
        assert told["suspended_at"]
        assert code_of(mine.get("/api/v1/permits")) == (401, "sign_in_needed")
        assert code_of(program.get("/api/v1/permits")) == (401, "sign_in_needed")
        with service.client() as anew:
            assert code_of(sign_in(anew, entry["login"], entry["password"])) == (
                403,
                "office_suspended",
            )
            # A wrong password learns nothing of it.
            assert code_of(sign_in(anew, entry["login"], "guess")) == (401, "sign_in_refused")
        assert other.get("/api/v1/permits").status_code == 200
        asked = {"is_suspended": False, "office_sha256": told["office_sha256"]}
        back = central.patch(address, json=asked).json()
        assert back["office_sha256"] == office["office_sha256"]
        assert program.get("/api/v1/permits").status_code == 200
        # Sessions that were ended stay so: people sign in anew.
        assert mine.get("/api/v1/permits").status_code == 401
        with service.client() as anew:
            assert sign_in(anew, entry["login"], entry["password"]).status_code == 201
    chain = [action for action, _ in deeds(service, UUID(office["id"]))]
    assert chain[2:4] == ["office.suspended", "office.resumed"]


def test_figures_are_those_of_each_office_alone(service, central) -> None:
    office = made(service, central)["office"]
    code = office["code"]
    people = [service.person(code, Role.INSPECTOR) for _ in range(2)]
    with service.records.writing(service.offices[code]) as session:
        session.get_one(User, people[1].id).closed_at = session.get_one(
            User, people[1].id
        ).created_at
    service.permit(code)
    by = people[0].id
    service.upload(code, b"x" * 1000, by=by)
    service.upload(code, b"y" * 70, state=UploadState.RECEIVING, by=by)
    service.upload(code, b"z" * 5, state=UploadState.ENDED, by=by)
    here = central.get(f"/api/v1/offices/{service.offices['here']}").json()
    now = central.get(f"/api/v1/offices/{office['id']}").json()
    assert (now["people"], now["permits"], now["bytes_kept"]) == (2, 1, 1000)
    assert now["bytes_today"] == 1070
    assert now["bytes_a_day"] == service.app.state.settings.upload_bytes_a_day
    assert here["people"] > 2


def test_the_place_above_the_offices_is_none_of_them(service, central) -> None:
    address = f"/api/v1/offices/{INSTALLATION}"
    assert code_of(central.get(address)) == (404, "absent")
    asked = {"is_suspended": True, "office_sha256": "0" * 64}
    assert code_of(central.patch(address, json=asked)) == (404, "absent")
    listed = central.get("/api/v1/offices", params={"size": 200}).json()
    assert str(INSTALLATION) not in {one["id"] for one in listed["items"]}
    assert {"here", "there"} <= {one["code"] for one in listed["items"]}
    assert "indonesia-province" in listed["profiles"]
    again = central_place(service.records, profile="generic", language="en")
    assert again == INSTALLATION


def test_whoever_stands_above_has_no_row_of_any_office(service) -> None:
    """Whatever table is asked in their session, it gives rows of the installation alone."""
    service.inspection("here")
    kinds = [one.class_ for one in Base.registry.mappers if issubclass(one.class_, OfficeOwned)]
    with service.records.reading(INSTALLATION) as session:
        found = {kind: session.scalar(select(func.count()).select_from(kind)) for kind in kinds}
    assert len(found) > 30
    assert {kind for kind, count in found.items() if count} <= {User, RoleGrant, SignIn}


def test_what_a_central_administrator_may_is_four_things(service, central) -> None:
    ours = {Action.OFFICES_READ, Action.OFFICES_CHANGE, Action.USER_READ, Action.AUDIT_READ}
    actor = Actor(
        user_id=service.people["central", "central_admin"],
        office_id=INSTALLATION,
        login="x",
        name="X",
        roles=frozenset({Role.CENTRAL_ADMIN}),
    )
    assert allowed(actor) == ours
    me = central.get("/api/v1/session").json()
    assert (me["may"], me["roles"]) == (sorted(ours), ["central_admin"])
    people = central.get("/api/v1/users").json()["items"]
    assert {role for one in people for role in one["roles"]} == {"central_admin"}
    here = str(service.people["here", "admin"])
    assert code_of(central.get(f"/api/v1/users/{here}")) == (404, "absent")


def test_their_own_log_is_the_installation_s(service) -> None:
    person = service.person("central", Role.CENTRAL_ADMIN)
    with service.client() as client:
        sign_in(client, person.login)
        state = client.get("/api/v1/audit/state").json()
        assert (state["chain"], state["examined"]["holds"]) == (str(INSTALLATION), True)
        events = client.get("/api/v1/audit/events", params={"actor": str(person.id)}).json()
    assert "session.began" in {one["action"] for one in events["items"]}
    assert {action.partition(".")[0] for action, _ in deeds(service, INSTALLATION)} <= {
        "session",
        "audit",
        "user",
    }


@pytest.mark.parametrize("roles", [["central_admin"], ["admin", "central_admin"]])
def test_nobody_of_an_office_gets_above_it(service, roles) -> None:
    person = service.person("here", Role.GIS)
    asked = {"login": service.next("riser"), "name": "Riser", "roles": roles}
    with service.as_role("admin") as admin:
        assert code_of(admin.post("/api/v1/users", json=asked)) == (422, "role_central_alone")
        change = admin.patch(f"/api/v1/users/{person.id}", json={"roles": roles})
        assert code_of(change) == (422, "role_central_alone")
    with service.records.reading_all() as session:
        assert session.scalars(select(User).where(User.login == asked["login"])).all() == []


@pytest.mark.parametrize(
    ("office", "role"), [("here", Role.CENTRAL_ADMIN), ("central", Role.ADMIN)]
)
def test_the_database_keeps_offices_and_what_is_above_them_apart(service, office, role) -> None:
    person = service.person(office, *([Role.CENTRAL_ADMIN] if office == "central" else []))
    with (
        pytest.raises(IntegrityError, match=r"(?i)check"),
        service.records.writing(service.offices[office]) as session,
    ):
        session.add(RoleGrant(user_id=person.id, role=role))


def test_grants_of_roles_keep_their_office_after_the_step(service) -> None:
    """The table was made anew where the database cannot change it: with all of its rules."""
    move = text("UPDATE role_grants SET office_id = :there WHERE user_id = :who")
    whom = {"there": service.offices["there"], "who": service.person("here", Role.GIS).id}
    if service.app.state.engine.dialect.name == "sqlite":
        whom = {name: one.hex for name, one in whom.items()}
    with (
        pytest.raises(Exception, match="tinjau: UPDATE"),
        service.app.state.engine.begin() as connection,
    ):
        connection.execute(move, whom)


def test_the_command_line_needs_no_state_that_was_seen(service, central) -> None:
    office = made(service, central)["office"]
    changed = change_office(service.records, UUID(office["id"]), name="By command")
    assert (
        state_of(changed) == central.get(f"/api/v1/offices/{office['id']}").json()["office_sha256"]
    )
