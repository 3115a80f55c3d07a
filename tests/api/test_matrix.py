"""Every route x every role x whose thing it is, held against a table that people review."""

import csv
import json
import re
from pathlib import Path
from uuid import uuid4

import pytest

from inspection.records.tables.reports import TrackingCode

TABLE = Path(__file__).with_name("matrix.csv")
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))
ROLES = ("anonymous", "inspector", "reviewer", "gis", "admin", "auditor")
PASSWORD = "correct horse battery staple"
EXPORT = json.dumps({"dataNIB": {"nib": "0123456789012", "nama_perseroan": "PT SINTETIS"}})
OFFICES = {"own": "here", "colleague": "here", "other": "there"}


def test_the_table_names_every_route_in_every_state_and_nothing_else(service) -> None:
    described = {
        (method.upper(), route)
        for route, methods in service.app.openapi()["paths"].items()
        for method in methods
    }
    needed = {
        (method, route, state)
        for method, route in described
        for state in (("own", "other", "absent") if "{" in route else ("-",))
    }
    named = [(row["method"], row["route"], row["state"]) for row in ROWS]
    assert needed - set(named) == set(), "routes that nobody thought about"
    assert {row[:2] for row in named} - described == set()
    assert len(named) == len(set(named))


def test_no_route_is_left_out_of_the_document(service) -> None:
    with service.client() as client:
        assert client.get("/openapi.json").json() == service.app.openapi()
        for page in ("/docs", "/redoc"):
            assert client.get(page).status_code == 404


def named_thing(service, row, role) -> str:
    """The address with the id of a thing in the row's state."""
    route, state = row["route"], row["state"]
    if state in ("-", "absent"):
        made = "ZZZZZZZZZZZZZZZZ" if "{code}" in route else str(uuid4())
        return re.sub(r"\{.*\}", made, route)
    office = OFFICES[state]
    plain = service.people[office, "plain"]
    if "{inspection_id}" in route:
        return route.format(inspection_id=service.inspection(office))
    if "{token_id}" in route:
        is_own = state != "colleague" and role != "anonymous"
        owner = service.people[office, role] if is_own else plain
        return route.format(token_id=service.token(office, owner)[0])
    if "{code}" not in route:
        return route.format(user_id=plain, permit_id=service.permits[office])
    code = TrackingCode(permit_id=service.permits[office], code=service.next("CQDE2345"))
    with service.records.writing(service.offices[office]) as session:
        session.add(code)
    return route.format(code=code.code)


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
    ("POST", "/api/v1/tokens"): lambda _: {
        "json": {"name": "program", "scopes": ["permit.read"], "days": 1}
    },
    ("POST", "/api/v1/inspections"): lambda service: {
        "json": {
            "permit_id": str(service.permit("here")),
            "current": {
                "orthophoto": str(service.upload("here", b"a picture, as far as is known"))
            },
        }
    },
    ("POST", "/api/v1/permits/imports"): lambda _: {
        "params": {"mapping": "oss-nib", "name": "nib.json"},
        "content": EXPORT,
    },
}


def body(service, row) -> dict:
    make = BODIES.get((row["method"], row["route"]), lambda _: {})
    return make(service)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['method']} {r['route']} {r['state']}")
def test_everybody_gets_what_the_table_says(service, row) -> None:
    got = {}
    for role in ROLES:
        with service.as_role(role) as client:
            address = named_thing(service, row, role)
            answer = client.request(row["method"], address, **body(service, row))
        got[role] = str(answer.status_code)
        kind = answer.headers.get("content-type", "")
        assert (kind == "application/problem+json") == (answer.status_code >= 400)
    assert got == {role: row[role] for role in ROLES}


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["state"] in ("other", "colleague") and "404" in row.values()],
    ids=lambda r: f"{r['method']} {r['route']} {r['state']}",
)
def test_what_is_foreign_looks_like_what_is_absent(service, row) -> None:
    role = next(role for role in ROLES if row[role] == "404")
    bodies = set()
    for state in (row["state"], "absent"):
        with service.as_role(role) as client:
            address = named_thing(service, {**row, "state": state}, role)
            answer = client.request(row["method"], address, **body(service, row))
        headers = {k: v for k, v in answer.headers.items() if k != "date"}
        bodies.add((answer.status_code, answer.text, json.dumps(headers, sort_keys=True)))
    assert len(bodies) == 1
