"""`Idempotency-Key`: whatever creates something may be sent again, and is carried out once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from api.once import NOT_TWICE
from inspection.access import once
from inspection.errors import ConflictError, UnfinishedError
from inspection.records.claim import CLAIM, LASTS
from inspection.records.columns import now
from inspection.records.tables.delivery import IdempotencyKey
from inspection.records.tables.offices import Role, User
from tests.api.test_matrix import ROLES, ROWS, body, named_thing

DATABASES = ("sqlite", "postgresql")
CREATING = [
    (row, role)
    for row in ROWS
    # Of people a colleague: one's own password is needed for other tests.
    if row["method"] == "POST"
    and row["state"] in ("-", "colleague" if "{user_id}" in row["route"] else "own")
    and row["route"] not in NOT_TWICE
    for role in [next((role for role in ROLES if row[role].startswith("2")), None)]
    if role
]


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def told(answer):
    return answer.status_code, answer.content, answer.headers.get("location")


@pytest.mark.parametrize(
    ("row", "role"), CREATING, ids=lambda one: one["route"] if isinstance(one, dict) else one
)
def test_every_call_that_creates_is_answered_twice_and_done_once(service, row, role) -> None:
    address, said = named_thing(service, row, role), body(service, row)
    same = {**said, "headers": {**said.get("headers", {}), **key()}}
    other = {**same, "content": b'{"something": "else"}'}
    other.pop("json", None)
    with service.as_role(role) as client:
        first, again, differing = (client.post(address, **sent) for sent in (same, same, other))
    assert first.status_code == int(row[role]), first.text
    assert told(again) == told(first)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (differing.status_code, differing.json()["code"]) == (422, "idempotency_key_reused")


def test_the_document_says_so_of_every_call_that_creates(service) -> None:
    for path, methods in service.app.openapi()["paths"].items():
        if "post" in methods and path not in NOT_TWICE:
            names = [one["name"] for one in methods["post"].get("parameters", [])]
            assert names.count("Idempotency-Key") == 1, path


def new_user(service):
    return {"login": service.next("new"), "name": "New", "roles": []}


def people(service, login) -> int:
    with service.records.reading_all() as session:
        asked = select(func.count()).select_from(User).where(User.login == login)
        return session.scalars(asked).one()


def test_of_twenty_at_once_one_is_carried_out(service) -> None:
    said, headers = new_user(service), key()
    meeting = threading.Barrier(20)

    def call(_number):
        with service.as_role(Role.ADMIN) as client:
            meeting.wait()
            return client.post("/api/v1/users", json=said, headers=headers)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(call, range(20)))
    done = {told(one) for one in answers if one.status_code == 201}
    assert len(done) == 1
    for one in answers:
        if one.status_code != 201:
            assert (one.status_code, one.json()["code"]) == (409, "idempotency_key_in_use")
            assert one.headers["retry-after"] == "1"
    assert people(service, said["login"]) == 1
    with service.as_role(Role.ADMIN) as client:
        assert {told(client.post("/api/v1/users", json=said, headers=headers))} == done


def test_a_key_is_of_one_person_for_a_day_and_only_of_what_was_done(service) -> None:
    said, headers = new_user(service), key()
    with service.as_role(Role.ADMIN) as client:
        bad = client.post("/api/v1/users", json={**said, "roles": ["king"]}, headers=headers)
        assert bad.status_code == 422
        first = client.post("/api/v1/users", json=said, headers=headers)
        assert first.status_code == 201, "what was refused may be mended"
    colleague = service.person("here", Role.ADMIN)
    with service.signed_in("here", colleague.id) as client:
        answer = client.post("/api/v1/users", json=said, headers=headers)
        assert answer.json()["code"] == "login_taken"
        for unfit in ("short", "with spaces in it, and long enough", "x" * 256):
            answer = client.post("/api/v1/users", json=said, headers={"Idempotency-Key": unfit})
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_unfit")
    with service.client() as client:
        assert client.post("/api/v1/users", json=said, headers=headers).status_code == 401
    with service.records.writing_all() as session:
        past = now() - timedelta(seconds=1)
        session.execute(update(IdempotencyKey).values(expires_at=past))
    with service.as_role(Role.ADMIN) as client:
        answer = client.post("/api/v1/users", json=said, headers=headers)
        assert answer.json()["code"] == "login_taken"


def test_no_secret_lies_in_the_database(service) -> None:
    headers = key()
    with service.as_role(Role.ADMIN) as client:
        password = client.post("/api/v1/users", json=new_user(service), headers=headers).json()[
            "password"
        ]
    with service.records.reading_all() as session:
        rows = session.scalars(select(IdempotencyKey)).all()
    assert rows
    for row in rows:
        seen = row.answer or b""
        assert password.encode() not in seen
        assert headers["Idempotency-Key"] not in f"{row.caller} {row.key_sha256} {seen}"


def test_what_was_kept_before_the_process_died_is_not_done_again(service) -> None:
    said, headers = new_user(service), key()
    asking = once.Asking(
        owner=service.offices["here"],
        caller=str(service.people["here", Role.ADMIN]),
        key=headers["Idempotency-Key"],
    )
    with service.as_role(Role.ADMIN) as client:

        def again():
            return client.post("/api/v1/users", json=said, headers=headers)

        dead = once.claim(service.records, asking)
        assert again().json()["code"] == "idempotency_key_in_use"
        with service.records.writing_all() as session:
            session.execute(update(IdempotencyKey).values(expires_at=now()))
        assert again().status_code == 201, "nothing came of it: another may do it"
        # The one that was taken for dead wakes up: it must not do it as well.
        standing = CLAIM.set(dead.id)
        with pytest.raises(ConflictError), service.records.writing(asking.owner) as session:
            session.add(User(login=service.next("late"), name="Late"))
        CLAIM.reset(standing)

        headers = key()
        asking = once.Asking(
            owner=asking.owner, caller=asking.caller, key=headers["Idempotency-Key"]
        )
        kept = once.claim(service.records, asking)
        standing = CLAIM.set(kept.id)
        with service.records.writing(asking.owner) as session:
            session.add(User(login=service.next("kept"), name="Kept"))
        CLAIM.reset(standing)
        once.give_up(service.records, kept, is_refused=False)
        assert again().json()["code"] == "idempotency_key_in_use", "its answer may be on its way"
        with service.records.writing_all() as session:
            long_ago = now() + LASTS - once.ANSWER_FOLLOWS
            session.execute(update(IdempotencyKey).values(expires_at=long_ago))
        assert again().json()["code"] == "idempotency_answer_lost"


def test_what_failed_may_be_tried_again(service, monkeypatch) -> None:
    said, headers = new_user(service), key()

    def fail(*_more, **_named):
        raise UnfinishedError("database_busy")

    with service.as_role(Role.ADMIN) as client:
        monkeypatch.setattr("api.routes.users.add_person", fail)
        assert client.post("/api/v1/users", json=said, headers=headers).status_code == 503
        monkeypatch.undo()
        assert client.post("/api/v1/users", json=said, headers=headers).status_code == 201
        assert people(service, said["login"]) == 1
