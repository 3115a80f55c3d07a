"""Inspections asked for over HTTP, made by a real worker from what the record knows."""

import importlib.util
import json
import time
from pathlib import Path
from uuid import uuid4

import cv2
import pytest

from inspection.language import Language
from inspection.records.tables.flights import UploadState
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.wording.catalogue import wording
from tests.api.web.finished import finish
from tests.inspection.jobs.done import made
from tests.inspection.report.conftest import poppler

SMALL = Path(__file__).parents[1] / "inspection" / "jobs" / "small.py"
MOST_S = 120


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The smallest flights that make an inspection, and the permit's ground."""
    spec = importlib.util.spec_from_file_location("small_flights", SMALL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("flights")
    module.write_all(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}, module.outline()


def asking(permit, current, **more):
    return {"permit_id": str(permit), "current": {"orthophoto": str(current)}, **more}


def submit(client, permit, current, **more):
    return client.post("/api/v1/inspections", json=asking(permit, current, **more))


@pytest.fixture
def address(service):
    """Others reach the service by it."""
    settings = service.app.state.settings
    service.app.state.settings = settings.model_copy(update={"address": "https://tinjau.example/"})
    yield "https://tinjau.example"
    service.app.state.settings = settings


def read_qr(paper: bytes, folder: Path) -> str:
    (folder / "report.pdf").write_bytes(paper)
    poppler("pdftoppm", "-r", "200", "-l", "1", "-png", folder / "report.pdf", folder / "page")
    read, *_ = cv2.QRCodeDetector().detectAndDecode(cv2.imread(str(next(folder.glob("page*.png")))))
    return read


def test_it_is_made_by_a_worker_and_all_of_it_is_on_the_permits_record(
    service, small, working, address, tmp_path
):
    files, outline = small
    permit = service.permit("here", outline)
    current = service.upload("here", files["current.tif"], permit_id=permit)
    baseline = service.upload("here", files["baseline.tif"], name="baseline.tif")
    with service.as_role(Role.INSPECTOR) as client:
        told = submit(client, permit, current, baseline={"orthophoto": str(baseline)})
        assert told.status_code == 202, told.text
        assert told.json()["state"] == "submitted"
        until = time.monotonic() + MOST_S
        while (now := client.get(told.headers["location"]).json())["state"] in (
            "submitted",
            "running",
        ):
            assert working.poll() is None
            assert time.monotonic() < until, now
            time.sleep(0.2)
        assert (now["state"], now["problem"]) == ("done", None)
        assert now["is_comparable"] is True
        listed = client.get("/api/v1/inspections", params={"permit_id": str(permit)}).json()
        assert [one["id"] for one in listed["items"]] == [now["id"]]
        history = client.get(f"/api/v1/permits/{permit}").json()
        assert [one["inspection_id"] for one in history["reports"]] == [now["id"]]
        # The QR leads to the page of this installation that verifies it.
        filed = client.get(f"/api/v1/permits/{permit}/reports").json()["items"][0]
        paper = client.get(f"/api/v1/reports/{filed['id']}/files/report.pdf").content
        assert read_qr(paper, tmp_path) == f"{address}/#/verify/{filed['code']}"
        ended = client.post(f"/api/v1/inspections/{now['id']}/cancel")
        assert (ended.status_code, ended.json()["code"]) == (409, "inspection_ended")


def test_the_same_flight_asked_for_twice_is_one_flight_on_the_record(service):
    permit, current = service.permit("here"), service.upload("here", b"one flight")
    with service.as_role(Role.GIS) as client:
        one, other = (submit(client, permit, current).json() for _ in range(2))
    assert one["id"] != other["id"]
    assert one["current_id"] == other["current_id"]


def test_what_cannot_be_inspected_is_refused_before_it_waits(service):
    permit, whole = service.permit("here"), service.upload("here", b"whole")
    half = service.upload("here", b"half", state=UploadState.RECEIVING)
    stranger = service.upload("there", b"of another office")
    elsewhere = service.upload("here", b"elsewhere", permit_id=service.permit("here"))
    cases = [
        (asking(permit, half), 422, "upload_unfinished"),
        (asking(permit, elsewhere), 422, "upload_of_another_permit"),
        (asking(service.permits["here"], whole), 422, "permit_without_boundary"),
        (asking(permit, whole, profile="nonsense"), 422, "profile_unknown"),
        (asking(permit, stranger), 404, "absent"),
        (asking(service.permit("there"), whole), 404, "absent"),
        (asking(permit, whole, boundary_id=str(uuid4())), 404, "absent"),
        (asking(permit, whole, state="done"), 422, "request_invalid"),
    ]
    with service.as_role(Role.INSPECTOR) as client:
        got = [client.post("/api/v1/inspections", json=asked) for asked, _, _ in cases]
    assert [(one.status_code, one.json()["code"]) for one in got] == [
        (status, code) for _, status, code in cases
    ]


def test_inspections_are_told_with_their_permit_and_what_went_wrong_in_words(service):
    failed, waiting = service.inspection("here"), service.inspection("here")
    other = service.person("here", Role.INSPECTOR).id
    with service.records.writing(service.offices["here"]) as session:
        run = session.get_one(InspectionRun, failed)
        run.state = InspectionState.REFUSED
        run.problem = {"code": "disk_full", "facts": {}, "file": "current.tif", "where": None}
        reference = session.get_one(Permit, run.permit_id).reference
        session.get_one(InspectionRun, waiting).submitted_by = other
    with service.as_role(Role.AUDITOR) as client:
        client.headers["Accept-Language"] = "en"
        told = client.get(f"/api/v1/inspections/{failed}").json()
        english = wording(Language.ENGLISH)
        assert told["permit_reference"] == reference
        assert told["problem"] == {
            "code": "disk_full",
            "message": english.say("errors.disk_full.message"),
            "hint": english.say("errors.disk_full.hint"),
            "file": "current.tif",
            "where": None,
        }
        theirs = client.get("/api/v1/inspections", params={"submitted_by": str(other)}).json()
        assert [one["id"] for one in theirs["items"]] == [str(waiting)]


def test_one_that_waits_is_taken_back_once(service):
    run = service.inspection("here")
    with service.as_role(Role.INSPECTOR) as client:
        first, second = (client.post(f"/api/v1/inspections/{run}/cancel") for _ in range(2))
    assert (first.status_code, first.json()["state"]) == (200, "cancelled")
    assert second.status_code == 409


def test_when_a_flight_was_flown_is_told_once_an_inspection_has_read_it(service) -> None:
    flights = json.loads((made() / "inspection.json").read_bytes())["flights"]
    # Of a file that names no zone: the office is in that of Jakarta.
    said = {**flights["current"], "captured_at": "2026-10-03T13:40:00"}
    run, _ = finish(service, said={"flights": {"current": said, "baseline": said}})
    with service.as_role("reviewer") as client:
        told = client.get(f"/api/v1/inspections/{run}").json()
        assert told["flown_at"] == "2026-10-03T06:40:00Z"
        record = client.get(f"/api/v1/permits/{told['permit_id']}").json()
    (flight,) = record["flights"]
    assert (flight["name"], flight["claimed_at"]) == (told["flight_name"], told["flown_at"])
