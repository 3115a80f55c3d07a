"""Permits, imports and the public status; how problems are told, and what is too much."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from inspection.records.columns import now
from inspection.records.tables.permits import ImportFile, Permit
from inspection.records.tables.reports import TrackingCode
from inspection.records.tracking import PublicStep
from inspection.wording.catalogue import wording

DATABASES = ("sqlite", "postgresql")
SECRET = "SYNTHETIC-PERSON@example.invalid"


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def gis(service):
    with service.as_role("gis") as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en", "en"),
        ("id", "id"),
        ("id-ID,en;q=0.8", "id"),
        ("fr, en;q=0.2, id;q=0.1", "en"),
        ("fr", "en"),
        ("*;q=x, id;q=zero", "en"),
        (None, "en"),
    ],
)
def test_a_problem_is_told_in_the_language_asked_for(service, asked, language) -> None:
    headers = {} if asked is None else {"Accept-Language": asked}
    with service.client() as client:
        answer = client.get("/api/v1/permits", headers=headers)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json() == {
        "type": "urn:tinjau:problem:sign_in_needed",
        "title": wording(language).say("errors.sign_in_needed.message"),
        "status": 401,
        "detail": wording(language).say("errors.sign_in_needed.hint"),
        "code": "sign_in_needed",
    }


def test_pages_follow_one_another_and_keep_offices_apart(service, gis) -> None:
    names = [service.next("paged ") for _ in range(5)]
    with service.records.writing(service.offices["here"]) as session:
        session.add_all([Permit(reference=name) for name in names])
    seen, after = [], None
    for _ in range(50):
        params = {"size": 2} | ({"after": after} if after else {})
        got = gis.get("/api/v1/permits", params=params).json()
        seen += [one["reference"] for one in got["items"]]
        if (after := got["after"]) is None:
            break
    assert len(seen) == len(set(seen))
    assert set(names) <= set(seen)
    assert "IUP there" not in seen
    found = gis.get("/api/v1/permits", params={"reference": names[0]}).json()["items"]
    assert [one["reference"] for one in found] == [names[0]]
    found = gis.get("/api/v1/permits", params={"reference": "IUP there"}).json()["items"]
    assert found == []
    assert code_of(gis.get("/api/v1/permits", params={"after": "no mark"})) == (422, "page_unknown")
    assert code_of(gis.get("/api/v1/permits", params={"size": 201})) == (422, "request_invalid")


def test_an_export_is_shown_first_and_then_on_the_record(service, gis) -> None:
    export = {
        "dataNIB": {
            "nib": "0123456789012",
            "nama_perseroan": "PT SINTETIS",
            "email_perusahaan": SECRET,
            "penanggung_jwb": [{"nama_penanggung_jwb": "N", "email_penanggung_jwb": SECRET}],
            "data_proyek": [{"id_proyek": "R-202100000000000000001", "kbli": "08103"}],
            "data_checklist": [
                {
                    "id_proyek": "R-202100000000000000001",
                    "id_izin": "I-202100000000000000001",
                    "nama_izin": "IUP",
                }
            ],
        }
    }
    ask = {"params": {"mapping": "oss-nib", "name": "nib.json"}, "content": json.dumps(export)}
    dry = gis.post("/api/v1/permits/imports", **ask).json()
    assert dry["import_id"] is None
    assert dry["new"] == len(dry["permits"]) > 0
    assert dry["dropped"]
    with service.records.reading(service.offices["here"]) as session:
        asked = select(ImportFile).where(ImportFile.sha256 == dry["sha256"])
        assert session.scalars(asked).all() == []
    ask["params"]["dry_run"] = "false"
    done = gis.post("/api/v1/permits/imports", **ask)
    assert done.json()["new"] == dry["new"]
    again = gis.post("/api/v1/permits/imports", **ask).json()
    assert again["was_taken"]
    assert again["import_id"] is None
    reference = done.json()["permits"][0]["reference"]
    (permit,) = gis.get("/api/v1/permits", params={"reference": reference}).json()["items"]
    shown = gis.get(f"/api/v1/permits/{permit['id']}")
    said = {change["field"] for change in done.json()["permits"][0]["changes"]}
    assert shown.json()["values"].keys() == said
    for field in shown.json()["values"].values():
        assert field["stated"][0]["import_id"] == done.json()["import_id"]
    everything = dry, done.text, shown.text
    assert SECRET not in str(everything)
    assert not any(service.app.state.settings.data.joinpath("passing").iterdir())


def test_what_cannot_be_taken_in_is_told_by_its_own_name(gis) -> None:
    for content, params, told in (
        (b"{}", {"mapping": "oss-nib", "name": "my.json"}, "import_empty"),
        (b"\x00" * 100, {"mapping": "oss-nib", "name": "my.json"}, None),
        (b"{}", {"mapping": "no-such-mapping", "name": "my.json"}, "mapping_unknown"),
        (b"{}", {"mapping": "../../pyproject", "name": "my.json"}, "request_invalid"),
        (b"", {"mapping": "oss-nib", "name": "my.json"}, None),
    ):
        answer = gis.post("/api/v1/permits/imports", params=params, content=content)
        assert answer.status_code == 422
        assert told is None or answer.json()["code"] == told
        assert answer.json().get("file", "my.json") == "my.json"


def test_anybody_follows_a_permit_by_its_code_and_learns_no_more(service, gis) -> None:
    permit = service.permits["here"]
    made = gis.post(f"/api/v1/permits/{permit}/tracking-codes").json()
    assert len(made["code"]) == 16
    spoken = f"{made['code'][:4]}-{made['code'][4:8]} {made['code'][8:].lower()}"
    with service.client(headers={"Accept-Language": "id"}) as anybody:
        answer = anybody.get(f"/api/v1/status/{spoken}")
        assert answer.json().keys() == {
            "step",
            "since",
            "time_zone",
            "sentence",
            "text",
            "newer",
            "objections_open",
            "objections_answered",
        }
        assert answer.json()["step"] == "recorded"
        assert answer.json()["time_zone"] == "Asia/Jakarta"
        spaced = "-".join(made["code"][at : at + 4] for at in (0, 4, 8, 12))
        assert spaced in answer.json()["text"]
        assert "IUP here" not in answer.text
        with service.records.writing(service.offices["here"]) as session:
            code = session.scalars(select(TrackingCode).where(TrackingCode.code == made["code"]))
            code.one().ended_at = now() - timedelta(seconds=1)
        assert code_of(anybody.get(f"/api/v1/status/{made['code']}")) == (404, "absent")


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("step", PublicStep)
def test_a_status_fits_into_one_short_message(language, step) -> None:
    words = wording(language)
    longest = now().replace(month=9, day=30)
    told = words.say(f"status.{step}")
    text = words.say("status.text", code="W4RG-" * 3 + "W4RG", sentence=told, since=longest.date())
    texts = [text]
    if step in (PublicStep.DECIDED, PublicStep.REPORTED):
        # What is newer is told as the page tells it.
        newer = (PublicStep.INSPECTING, PublicStep.REVIEWING, PublicStep.RETURNED)
        texts = [f"{text} {words.say(f'status.short_{one}')}" for one in newer]
    for one in texts:
        assert len(one) <= 160, one
        assert one.isascii()


@pytest.mark.parametrize("stated", [True, False])
def test_what_is_too_large_is_refused_before_it_is_read(service, gis, stated) -> None:
    read = 0

    def parts():
        nonlocal read
        for _ in range(200):
            read += 16384
            yield b"x" * 16384

    headers = {"Content-Type": "application/json"}
    content = b"x" * 70_000 if stated else parts()
    with service.client() as client:
        answer = client.post("/api/v1/session", content=content, headers=headers)
    assert code_of(answer) == (413, "body_too_large")
    form = gis.post("/api/v1/session", files={"a": b"x"})
    assert code_of(form) == (415, "body_kind")


def test_an_export_is_not_read_of_whoever_may_not_bring_one(service) -> None:
    taken = 0

    def parts():
        nonlocal taken
        for _ in range(4000):
            taken += 16384
            yield b"x" * 16384

    with service.client() as client:
        answer = client.post("/api/v1/permits/imports?mapping=oss-nib", content=parts())
    assert answer.status_code == 401


def test_answers_are_data_that_no_browser_shows_or_keeps(service) -> None:
    with service.client() as client:
        for address in ("/healthz", "/api/v1/permits", "/nowhere", "/metrics"):
            headers = client.get(address).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cache-Control"] == "no-store"
            assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_numbers_tell_routes_and_no_addresses(service) -> None:
    with service.client() as client:
        client.get("/api/v1/status/QQQQWWWW2222")
        client.get("/somewhere/QQQQWWWW2222")
        told = client.get("/metrics").text
    line = 'tinjau_requests_total{method="GET",route="/api/v1/status/{code}",status="404"}'
    assert line in told
    assert "QQQQWWWW2222" not in told


def test_a_failed_database_is_not_the_caller_s_fault(service, monkeypatch) -> None:
    def broken(*_):
        raise MemoryError

    monkeypatch.setattr("api.routes.status.public_status", broken)
    with service.client() as client:
        answer = client.get("/api/v1/status/ABCD")
        assert code_of(answer) == (503, "out_of_memory")
        assert answer.headers["Retry-After"]
        monkeypatch.setattr("api.routes.status.public_status", lambda *_: 1 / 0)
        answer = client.get("/api/v1/status/ABCD")
    assert code_of(answer) == (500, "internal_error")
