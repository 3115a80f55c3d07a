"""Uploads through the application itself: who may bring a file, and that it arrives whole."""

import base64
import hashlib

import pytest

from inspection.access.rights import Action
from inspection.records.tables.offices import Role

DATA = bytes(range(256)) * 40
TUS = {"Tus-Resumable": "1.0.0"}


def announce(client, data=DATA, **more):
    pairs = {"filename": "flight.tif", "sha256": hashlib.sha256(data).hexdigest()}
    told = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
    headers = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": told, **more}
    return client.post("/uploads/", headers=headers)


def send(client, where, data, offset=0):
    headers = {**TUS, "Upload-Offset": str(offset)}
    headers["Content-Type"] = "application/offset+octet-stream"
    return client.patch(where, headers=headers, content=data)


def test_an_inspector_brings_a_file_in_two_pieces(service):
    with service.as_role(Role.INSPECTOR) as client:
        told = announce(client)
        assert told.status_code == 201, told.text
        where = told.headers["location"]
        assert send(client, where, DATA[:1000]).status_code == 204
        assert client.head(where, headers=TUS).headers["upload-offset"] == "1000"
        assert send(client, where, DATA[1000:], 1000).status_code == 204
    sha256 = hashlib.sha256(DATA).hexdigest()
    kept = service.app.state.settings.data / "objects" / sha256[:2] / sha256[2:4] / sha256
    assert kept.read_bytes() == DATA


def test_a_token_brings_files_only_where_its_scope_says_so(service):
    person = service.people["here", Role.INSPECTOR]
    for scope, status in ((Action.UPLOAD_CHANGE, 201), (Action.PERMIT_READ, 403)):
        _, secret = service.token("here", person, scope)
        with service.client(headers={"Authorization": f"Bearer {secret}"}) as client:
            assert announce(client, scope.encode() * 9).status_code == status


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMIN, Role.AUDITOR])
def test_who_only_judges_brings_nothing(service, role):
    with service.as_role(role) as client:
        told = announce(client)
    assert (told.status_code, told.json()["code"]) == (403, "not_allowed")
    assert told.headers["content-type"].startswith("application/problem+json")


def test_a_stranger_is_refused_before_the_body(service):
    with service.client() as client:
        told = announce(client)
        assert (told.status_code, told.json()["code"]) == (401, "sign_in_needed")
        assert send(client, "/uploads/0", b"x" * 100).status_code == 401


def test_without_the_pages_own_word_a_session_brings_nothing(service):
    with service.as_role(Role.INSPECTOR) as client:
        del client.headers["X-CSRF-Token"]
        assert announce(client).status_code == 403


def test_another_office_does_not_see_it(service):
    with service.as_role(Role.INSPECTOR) as client:
        where = announce(client, b"of the first office").headers["location"]
    stranger = service.people["there", Role.INSPECTOR]
    with service.signed_in("there", stranger) as client:
        assert client.head(where, headers=TUS).status_code == 404
