"""Signing in, tokens and the people of an office, as a browser or a program meets them."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from inspection.access.people import close_account
from inspection.access.rights import Action, Actor, authorize
from inspection.access.roles import set_roles
from inspection.errors import AbsentError, ConflictError, ForbiddenError
from inspection.records.audit import log
from inspection.records.columns import now
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.offices import Office, Role, SignIn, SignInAttempt, Token, User
from inspection.records.tables.permits import Permit

DATABASES = ("sqlite", "postgresql")
PASSWORD = "correct horse battery staple"


def sign_in(client, login, password=PASSWORD):
    answer = client.post("/api/v1/session", json={"login": login, "password": password})
    if answer.status_code == 201:
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def events(service, action):
    with service.records.reading(service.offices["here"]) as session:
        asked = select(AuditEvent).where(AuditEvent.action == action)
        return [one.subject_id for one in session.scalars(asked)]


@pytest.fixture
def admin(service):
    with service.as_role("admin") as client:
        yield client


def test_a_session_begins_is_shown_and_ends_at_once(service) -> None:
    person = service.person("here", Role.GIS)
    with service.client() as client, service.client() as thief:
        answer = sign_in(client, person.login.upper())
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        thief.cookies.update(client.cookies)
        assert thief.get("/api/v1/permits").status_code == 200
        me = client.get("/api/v1/session").json()
        assert (me["login"], me["roles"]) == (person.login, ["gis"])
        assert me["csrf_token"] == client.headers["X-CSRF-Token"]
        assert client.delete("/api/v1/session").status_code == 204
        assert code_of(thief.get("/api/v1/permits")) == (401, "sign_in_needed")
    with service.records.reading(service.offices["here"]) as session:
        row = session.scalars(select(SignIn).where(SignIn.user_id == person.id)).one()
    assert str(row.id) in events(service, "session.began")
    assert str(row.id) in events(service, "session.ended")


def test_what_a_browser_holds_is_not_in_the_database(service) -> None:
    person = service.person("here")
    with service.client() as client:
        sign_in(client, person.login)
        secrets = {client.cookies["tinjau_session"], client.headers["X-CSRF-Token"], PASSWORD}
    with service.records.reading(service.offices["here"]) as session:
        row = session.scalars(select(SignIn).where(SignIn.user_id == person.id)).one()
        user = session.get_one(User, person.id)
        chain = b"".join(log(session, service.offices["here"])).decode()
    assert user.password_hash.startswith("$argon2id$")
    kept = f"{vars(row)} {vars(user)} {chain}"
    assert [secret for secret in secrets if secret in kept] == []


def test_a_password_is_kept_so_that_guessing_it_is_dear(service) -> None:
    # At least what OWASP names for argon2id: 19 MiB and two passes.
    kept = service.shipped_hasher.hash(PASSWORD)
    memory, passes = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),", kept).groups()
    assert int(memory) >= 19 * 1024
    assert int(passes) >= 2


@pytest.mark.parametrize("seen", [timedelta(hours=3), timedelta(minutes=30)])
def test_a_session_that_lies_idle_or_is_old_has_ended(service, seen) -> None:
    person = service.person("here").id
    idle = seen > timedelta(hours=2)
    with service.signed_in("here", person, seen_at=now() - seen) as client:
        assert client.get("/api/v1/session").status_code == (401 if idle else 200)
    with service.signed_in("here", person, expires_at=now()) as client:
        assert client.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
def test_a_change_without_the_page_s_token_is_refused(service, token) -> None:
    with service.as_role("admin") as client:
        del client.headers["X-CSRF-Token"]
        headers = {} if token is None else {"X-CSRF-Token": token.encode()}
        body = {"login": "forged", "name": "Forged", "roles": ["admin"]}
        answer = client.post("/api/v1/users", json=body, headers=headers)
        assert code_of(answer) == (403, "csrf_token")
        assert client.get("/api/v1/users").status_code == 200


def test_passwords_are_guessed_five_times_and_no_more_even_at_once(service) -> None:
    person = service.person("here")
    with service.client() as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: sign_in(client, person.login, f"guess {n}"), range(12)))
        codes = sorted(code_of(one) for one in answers)
        assert codes == [(401, "sign_in_refused")] * 5 + [(429, "sign_in_too_often")] * 7
        late = sign_in(client, person.login)
        assert code_of(late) == (429, "sign_in_too_often")
        assert 0 < int(late.headers["Retry-After"]) <= 900
        # Nobody of that name is treated alike, or the difference would tell who is here.
        codes = [code_of(sign_in(client, "nobody-here", "guess")) for _ in range(6)]
        assert codes == [(401, "sign_in_refused")] * 5 + [(429, "sign_in_too_often")]
    with service.records.writing_all() as session:
        for attempt in session.scalars(select(SignInAttempt)):
            attempt.created_at = now() - timedelta(minutes=16)
    with service.client() as client:
        assert sign_in(client, person.login).status_code == 201


def test_the_right_password_begins_the_count_anew(service) -> None:
    person = service.person("here")
    with service.client() as client:
        for _ in range(2):
            assert sign_in(client, person.login, "wrong").status_code == 401
            assert sign_in(client, person.login).status_code == 201
    with service.records.reading_all() as session:
        kept = [one.login_sha256 for one in session.scalars(select(SignInAttempt))]
    assert all(person.login not in one for one in kept)


def test_a_chosen_password_counts_and_other_sessions_end(service) -> None:
    person = service.person("here")
    mine = service.signed_in("here", person.id)
    other = service.signed_in("here", person.id)
    with mine, other:
        ask = {"old": "wrong", "new": "a sentence that is new"}
        assert code_of(mine.put("/api/v1/session/password", json=ask)) == (403, "password_wrong")
        short = mine.put("/api/v1/session/password", json={"old": PASSWORD, "new": "short"})
        assert code_of(short) == (422, "password_length")
        assert mine.put("/api/v1/session/password", json=ask | {"old": PASSWORD}).is_success
        assert mine.get("/api/v1/session").status_code == 200
        assert other.get("/api/v1/session").status_code == 401
        assert sign_in(other, person.login).status_code == 401
        assert sign_in(other, person.login, ask["new"]).status_code == 201


def test_who_is_shut_out_is_out_with_the_next_request(service, admin) -> None:
    person = service.person("here", Role.GIS)
    _, secret = service.token("here", person.id, Action.PERMIT_READ)
    bearer = {"Authorization": f"Bearer {secret}"}
    with service.signed_in("here", person.id) as client, service.client(headers=bearer) as program:
        assert client.get("/api/v1/permits").status_code == 200
        assert program.get("/api/v1/permits").status_code == 200
        answer = admin.patch(f"/api/v1/users/{person.id}", json={"is_closed": True})
        assert answer.json()["closed_at"]
        assert client.get("/api/v1/permits").status_code == 401
        assert program.get("/api/v1/permits").status_code == 401
        assert code_of(sign_in(client, person.login)) == (401, "sign_in_refused")
    assert str(person.id) in events(service, "user.closed")


def test_a_role_taken_away_is_missed_with_the_next_request(service, admin) -> None:
    person = service.person("here", Role.GIS, Role.INSPECTOR)
    address = f"/api/v1/permits/{service.permits['here']}/tracking-codes"
    with service.signed_in("here", person.id) as client:
        assert client.post(address).status_code == 201
        changed = admin.patch(f"/api/v1/users/{person.id}", json={"roles": ["auditor"]})
        assert changed.json()["roles"] == ["auditor"]
        assert code_of(client.post(address)) == (403, "not_allowed")
    assert str(person.id) in events(service, "user.roles")


@pytest.mark.parametrize("how", ["closed", "roles"])
def test_two_who_take_each_other_s_administration_leave_one(service, how) -> None:
    code = service.next("pair")
    with service.records.writing_all() as session:
        office = Office(code=code, name=code, time_zone="UTC", profile="generic", language="id")
        session.add(office)
    service.offices[code] = office.id
    first, second = (service.person(code, Role.ADMIN).id for _ in range(2))

    def take(whose, by) -> None:
        with service.records.writing(office.id) as session:
            change(session, session.get_one(User, whose), by)

    def change(session, user, by) -> None:
        if how == "closed":
            close_account(session, user, by=by)
        else:
            set_roles(session, user, {Role.GIS}, by=by)

    # The second asks while the first has not come to its end.
    with ThreadPoolExecutor(1) as pool:
        with service.records.writing(office.id) as session:
            change(session, session.get_one(User, first), second)
            session.flush()
            other = pool.submit(take, second, first)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.5)
        with pytest.raises(ConflictError, match="last_admin"):
            other.result(timeout=30)


def test_a_name_can_be_read_and_is_changed_on_the_record(service, admin) -> None:
    person = service.person("here", Role.GIS)
    address = f"/api/v1/users/{person.id}"
    for name in (" ", "a\u202eb"):
        assert code_of(admin.patch(address, json={"name": name})) == (400, "name_impossible")
        body = {"login": service.next("new"), "name": name, "roles": ["gis"]}
        assert code_of(admin.post("/api/v1/users", json=body)) == (400, "name_impossible")
    assert admin.patch(address, json={"name": "Rani W."}).json()["name"] == "Rani W."
    assert str(person.id) in events(service, "user.renamed")


def test_the_office_tells_of_itself_its_laptops_and_its_rules(service, admin) -> None:
    told = admin.get("/api/v1/office").json()
    assert (told["code"], told["profile"], told["record_system"]) == ("here", "generic", False)
    person = service.person("here", Role.INSPECTOR)
    digits = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    with service.signed_in("here", person.id) as client:
        body = {"name": "field 1", "key": digits}
        assert client.post("/api/v1/device-keys", json=body).status_code == 201
    newest = admin.get("/api/v1/office/device-keys").json()["items"][0]
    assert (newest["user_id"], newest["name"]) == (str(person.id), "field 1")
    short = hashlib.sha256(bytes.fromhex(digits)).hexdigest()[:24]
    assert newest["fingerprint"].replace("-", "") == short
    listed = {one["name"]: one["is_used"] for one in admin.get("/api/v1/profiles").json()}
    assert {name for name, is_used in listed.items() if is_used} == {"generic"}
    sheet = admin.get("/api/v1/profiles/india-ibm-34a").json()
    numbers = {one["name"]: one for one in sheet["numbers"]}
    assert (numbers["clip.ring_m"]["value"], numbers["clip.ring_m"]["sure"]) == (100, "secondary")
    assert sheet["extends"][0]["name"] == "generic.toml"


def test_an_administrator_stays_one(service) -> None:
    person = service.person("here", Role.ADMIN)
    with service.signed_in("here", person.id) as client:
        for change in ({"roles": ["gis"]}, {"is_closed": True}):
            answer = client.patch(f"/api/v1/users/{person.id}", json=change)
            assert code_of(answer) == (409, "own_account")


def test_a_new_person_signs_in_with_the_password_that_was_shown(service, admin) -> None:
    login = service.next("fresh")
    entry = {"login": login, "name": "Fresh", "roles": ["inspector"]}
    answer = admin.post("/api/v1/users", json=entry)
    assert code_of(admin.post("/api/v1/users", json=entry)) == (409, "login_taken")
    with service.client() as client:
        assert sign_in(client, login, answer.json()["password"]).json()["roles"] == ["inspector"]
        found = admin.post(f"/api/v1/users/{answer.json()['user']['id']}/password").json()
        assert client.get("/api/v1/session").status_code == 401
        assert sign_in(client, login, found["password"]).status_code == 201


FIELDS = ("office_id", "id", "password_hash", "closed_at", "created_at", "subject", "is_admin")


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_not_asked_for_is_refused(service, admin, field) -> None:
    office = str(service.offices["there"])
    body = {"login": service.next("mass"), "name": "Mass", "roles": [], field: office}
    answer = admin.post("/api/v1/users", json=body)
    assert code_of(answer) == (422, "request_invalid")
    assert answer.json()["places"] == [{"where": f"body.{field}", "reason": "extra_forbidden"}]
    person = service.people["here", "plain"]
    assert admin.patch(f"/api/v1/users/{person}", json={field: office}).status_code == 422
    answer = admin.get("/api/v1/users", params={field: office})
    assert code_of(answer) == (422, "request_invalid")


@pytest.mark.parametrize("days", ["1", 1.0, True, 0, 366])
def test_a_number_is_a_number(admin, days) -> None:
    body = {"name": "program", "scopes": ["permit.read"], "days": days}
    assert admin.post("/api/v1/tokens", json=body).status_code == 422


def test_a_token_does_what_it_is_for_and_nothing_else(service) -> None:
    gis = service.people["here", "gis"]
    body = {"name": "robot", "scopes": ["permit.read", "token.read"], "days": 30}
    with service.signed_in("here", gis) as person:
        made = person.post("/api/v1/tokens", json=body).json()
        listed = person.get("/api/v1/tokens").text
        assert made["secret"] not in listed
        assert made["id"] in listed
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    with service.client(headers=bearer) as program:
        assert program.get("/api/v1/session").json()["scopes"] == body["scopes"]
        assert program.get("/api/v1/permits").status_code == 200
        track = f"/api/v1/permits/{service.permits['here']}/tracking-codes"
        assert code_of(program.post(track)) == (403, "token_scope")
        # No token makes another, ends one, or acts as the session of its owner.
        assert code_of(program.post("/api/v1/tokens", json=body)) == (403, "token_scope")
        assert program.delete(f"/api/v1/tokens/{made['id']}").status_code == 403
        assert program.delete("/api/v1/session").status_code == 401
        with service.signed_in("here", gis) as person:
            assert person.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
        assert program.get("/api/v1/permits").status_code == 401
    with service.records.reading(service.offices["here"]) as session:
        row = session.get_one(Token, UUID(made["id"]))
    assert made["secret"] not in str(vars(row))


def test_a_token_gives_no_more_than_its_owner_s_roles(service) -> None:
    person = service.people["here", "inspector"]
    _, secret = service.token("here", person, Action.PERMIT_IMPORT, Action.USER_READ)
    with service.client(headers={"Authorization": f"Bearer {secret}"}) as program:
        assert code_of(program.get("/api/v1/users")) == (403, "not_allowed")
        assert code_of(program.get("/api/v1/permits")) == (403, "token_scope")
    # Not even one that came to such a scope in another way than by asking for it.
    _, odd = service.token("here", person, Action.TOKEN_CHANGE)
    with service.client(headers={"Authorization": f"Bearer {odd}"}) as program:
        body = {"name": "robot", "scopes": ["permit.read"], "days": 1}
        assert code_of(program.post("/api/v1/tokens", json=body)) == (403, "token_scope")
    _, old = service.token("here", person, Action.PERMIT_READ, expires_at=now())
    with service.client(headers={"Authorization": f"Bearer {old}"}) as program:
        assert program.get("/api/v1/permits").status_code == 401
    with service.signed_in("here", person) as client:
        for scopes in ([], ["user.change"], ["nothing.known"]):
            body = {"name": "robot", "scopes": scopes, "days": 1}
            assert client.post("/api/v1/tokens", json=body).status_code == 422


def test_what_no_line_gives_is_denied_and_four_eyes_are_four() -> None:
    office, other = UUID(int=1), UUID(int=2)
    me, colleague = UUID(int=3), UUID(int=4)
    every = Actor(user_id=me, office_id=office, login="a", name="A", roles=frozenset(Role))
    nothing = Actor(user_id=me, office_id=office, login="a", name="A", roles=frozenset())

    class Run:
        office_id = office
        submitted_by = colleague

    for action in Action:
        with pytest.raises(ForbiddenError, match="not_allowed"):
            authorize(nothing, action)
    assert authorize(every, Action.INSPECTION_DECIDE, Run()) is every
    Run.submitted_by = me
    with pytest.raises(ForbiddenError, match="own_submission"):
        authorize(every, Action.INSPECTION_DECIDE, Run())
    with pytest.raises(ForbiddenError, match="own_submission"):
        authorize(every, Action.FINDING_REVIEW, Permit(reference="1", office_id=office))
    Run.office_id = other
    with pytest.raises(AbsentError):
        authorize(every, Action.INSPECTION_READ, Run())


def test_a_person_tells_the_office_the_key_of_their_laptop(service) -> None:
    one, other = (service.person("here", Role.INSPECTOR) for _ in range(2))
    digits = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    typed = " ".join(digits.upper()[at : at + 4] for at in range(0, 64, 4))
    with service.signed_in("here", one.id) as mine, service.signed_in("here", other.id) as theirs:
        made = mine.post("/api/v1/device-keys", json={"name": "laptop", "key": typed})
        assert (made.status_code, made.json()["public_key"]) == (201, digits)
        again = theirs.post("/api/v1/device-keys", json={"name": "laptop", "key": digits})
        assert code_of(again) == (409, "device_key_taken")
        for key in ("0" * 63 + "g", "f" * 66):
            asked = {"name": "laptop", "key": key}
            assert code_of(mine.post("/api/v1/device-keys", json=asked)) == (
                422,
                "device_key_unreadable",
            )
        assert theirs.get("/api/v1/device-keys").json()["items"] == []
        address = f"/api/v1/device-keys/{made.json()['id']}"
        assert theirs.delete(address).status_code == 404
        for _ in range(2):
            assert mine.delete(address).status_code == 204
        (shown,) = mine.get("/api/v1/device-keys").json()["items"]
        assert shown["ended_at"] is not None
    asked = select(AuditEvent.action).where(AuditEvent.subject_id == made.json()["id"])
    with service.records.reading_all() as session:
        actions = session.scalars(asked.order_by(AuditEvent.seq)).all()
    assert actions == ["device_key.added", "device_key.ended"]
