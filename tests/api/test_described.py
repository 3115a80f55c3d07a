"""Any request of the described form, and many that are not, get an answer that is described."""

import re
import sys
from uuid import uuid4

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inspection.access.rights import ALL
from inspection.records.tables.offices import Role

EXAMPLES = 4
IN_PERSON = {
    ("delete", "/api/v1/session"),
    ("put", "/api/v1/session/password"),
    ("post", "/api/v1/users"),
    ("patch", "/api/v1/users/{user_id}"),
    ("post", "/api/v1/users/{user_id}/password"),
    ("get", "/api/v1/offices"),
    ("post", "/api/v1/offices"),
    ("get", "/api/v1/offices/{office_id}"),
    ("patch", "/api/v1/offices/{office_id}"),
    ("post", "/api/v1/tokens"),
    ("delete", "/api/v1/tokens/{token_id}"),
    ("post", "/api/v1/device-keys"),
    ("delete", "/api/v1/device-keys/{device_key_id}"),
}
"""What no token may do."""

SLOW = {"/api/v1/permits/imports": 2, "/api/v1/session/password": 2}
"""Where each takes long: a child process, or a password."""

schemathesis.serializer.alias("application/pdf", "application/octet-stream")
schemathesis.serializer.alias("application/toml", "application/octet-stream")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_every_call_says_whether_one_must_be_known(service) -> None:
    document = service.app.openapi()
    ways = document["components"]["securitySchemes"]
    assert ways["session"]["name"] == "tinjau_session"
    assert ways["proof"]["name"] == "X-CSRF-Token"
    assert ways["token"]["scheme"] == "bearer"
    calls = [
        (method, path, call)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    with httpx.Client(base_url=service.url, timeout=60) as stranger:
        for method, path, call in calls:
            address = re.sub(r"\{\w+\}", str(uuid4()), path)
            is_known_only = stranger.request(method, address).status_code == 401
            assert is_known_only == bool(call.get("security")), (method, path)
            for way in call.get("security", []):
                changes = method not in ("get", "head")
                assert ("proof" in way) == ("session" in way and changes), (method, path)
    in_person = {
        (method, path) for method, path, call in calls if len(call.get("security", [])) == 1
    }
    assert in_person == IN_PERSON


def test_every_schema_has_a_name_of_its_own(service) -> None:
    names = set(service.app.openapi()["components"]["schemas"])
    assert {"FlawShown", "ChainFlawShown"} <= names
    assert not [name for name in names if "__" in name]


def calls_of(operation, mode, service, report, seen) -> None:
    office, roles = "here", ALL
    if operation.path.startswith("/api/v1/offices"):
        office, roles = "central", {Role.CENTRAL_ADMIN}
    person = service.person(office, *roles).id
    known = None
    if mode is schemathesis.GenerationMode.POSITIVE:
        things = {
            "permit_id": str(service.permits["here"]),
            "user_id": str(service.people["here", "plain"]),
            "office_id": str(service.offices["there"]),
            "report_id": str(report.id),
            "name": "report.pdf",
            "collection": "permits",
        }
        known = {name: thing for name, thing in things.items() if f"{{{name}}}" in operation.path}

    @seed(1)
    @settings(
        max_examples=SLOW.get(operation.path, EXAMPLES),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known))
    def call(case) -> None:
        with service.signed_in(office, person) as client:
            answer = case.call_and_validate(
                base_url=service.url,
                headers={"X-CSRF-Token": client.headers["X-CSRF-Token"]},
                cookies=dict(client.cookies),
                checks=CHECKS,
            )
        seen.append((operation.path, answer.status_code))

    call()


def test_every_answer_is_described(service) -> None:
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    # It signs in itself: made-up proofs would end every call at the door.
    schema.config.generation.update(with_security_parameters=False)
    seen, report = [], service.report("here")
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:
            if mode is schemathesis.GenerationMode.NEGATIVE and not has_input(operation):
                continue
            calls_of(operation, mode, service, report, seen)
    paths = {path for path, _ in seen}
    assert paths == set(service.app.openapi()["paths"])
    # It reached what lies behind the doors, not only the doors.
    reached = {path for path, status in seen if status < 300}
    assert reached >= {
        "/api/v1/permits/{permit_id}",
        "/api/v1/reports/{report_id}/files/{name}",
        "/api/v1/users/{user_id}",
        "/api/v1/offices/{office_id}",
        "/api/v1/tokens",
    }
    sys.stdout.write(f"{len(seen)} calls, {len(paths)} paths, {len(reached)} succeeded\n")


def has_input(operation) -> bool:
    definition = operation.definition.raw
    # Of bytes nothing can be of the wrong kind.
    bodies = definition.get("requestBody", {}).get("content", {})
    return bool(
        any(part["schema"] != PLAIN for part in _stated(definition)) or "application/json" in bodies
    )


PLAIN = {"type": "string"}
"""Any text is one, so that none is of the wrong kind."""


def _stated(definition):
    """Parameters of an operation, by what they must be and not by what they are called."""
    for part in definition.get("parameters", []):
        yield part | {"schema": {k: v for k, v in part["schema"].items() if k != "title"}}
