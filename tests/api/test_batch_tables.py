"""Inspections by a table that is sent to the office: judged row by row, started, tried again."""

import io
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import select

from inspection.batch.office_table import MOST_ROWS
from inspection.errors import UnfinishedError
from inspection.records.tables.flights import Flight, UploadState
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.terminal.failure import failure_of, problem_of

DATABASES = ("sqlite", "postgresql")


@pytest.fixture
def gis(service):
    with service.as_role(Role.GIS) as client:
        yield client
    service.take_back_inspections()


def reference(service, permit) -> str:
    with service.records.reading_all() as session:
        return session.get_one(Permit, permit).reference


def send(client, content, *, name="table.csv", dry_run=True):
    data = content if isinstance(content, bytes) else content.encode()
    params = {"name": name, "dry_run": dry_run}
    return client.post("/api/v1/batches/tables", params=params, content=data)


def codes(answer):
    assert answer.status_code == 200, answer.text
    return [one["problem"] and one["problem"]["code"] for one in answer.json()["rows"]]


def wanted(service, inspection):
    with service.records.reading_all() as session:
        return session.get_one(InspectionRun, UUID(inspection)).request


def test_each_row_is_judged_and_what_is_fit_is_started_while_the_rest_says_why(
    service, gis
) -> None:
    permits = [service.permit("here") for _ in range(3)]
    names = [reference(service, one) for one in permits]
    word = service.next("north-")
    first = service.upload("here", b"first " + word.encode(), name=f"{word}.tif")
    service.upload("here", b"dsm " + word.encode(), name=f"{word}-dsm.tif")
    service.upload("here", b"other " + word.encode(), name=f"{word}-2.tif", permit_id=permits[1])
    for text in (b"one ", b"two "):
        service.upload("here", text + word.encode(), name=f"{word}-twice.tif")
    service.upload(
        "here", b"x" + word.encode(), name=f"{word}-half.tif", state=UploadState.RECEIVING
    )
    service.upload("there", b"theirs " + word.encode(), name=f"{word}-theirs.tif")
    theirs = reference(service, service.permit("there"))
    bare = reference(service, service.permits["here"])
    table = f"""izin,terkini,acuan,dsm,profil,bahasa,batas
{names[0]},{word}.tif,,{word}-dsm.tif,india-ibm-34a,en,
{names[1]},C:\\flights\\{word}-2.tif,{first},,,,
{names[0]},{word}.tif,,{word}-dsm.tif,india-ibm-34a,en,
{names[0]},{word}-2.tif,,,,,
{names[0]},{word}-twice.tif,,,,,
{names[0]},{word}-half.tif,,,,,
{names[0]},{word}-theirs.tif,,,,,
{theirs},{word}.tif,,,,,
,{word}.tif,,,,,
{names[2]},,,,,,
{names[2]},auto,,,,,
{names[2]},{word}.tif,,,no-such,,
{names[2]},{word}.tif,,,,de,
{names[2]},{word}.tif,,,,,a.geojson
{bare},{word}.tif,,,,,
{names[2]},{word}.tif,auto,,,,
"""
    expected = [
        None, None, "batch_row_twice", "batch_upload_unknown", "batch_upload_unclear",
        "upload_unfinished", "batch_upload_unknown", "batch_permit_absent",
        "batch_row_without_permit", "batch_row_without_current", "batch_permit_without_flight",
        "profile_unknown", "batch_language_unknown", "batch_column_not_here",
        "permit_without_boundary", "batch_no_flight_before",
    ]  # fmt: skip
    judged = send(gis, table)
    assert codes(judged) == expected
    told = judged.json()
    assert (told["batch_id"], told["ready"], told["refused"]) == (None, 2, 14)
    assert told["rows"][3]["problem"]["where"] == told["rows"][3]["where"] == "line 5"
    assert f"{word}-2.tif" in told["rows"][3]["problem"]["message"]
    assert "(column terkini)" in told["rows"][3]["problem"]["message"]
    assert "batas" in told["rows"][13]["problem"]["message"]
    assert told["rows"][0]["permit"] == names[0]
    assert gis.get("/api/v1/inspections", params={"permit_id": permits[0]}).json()["items"] == []

    started = send(gis, table, dry_run=False)
    assert codes(started) == expected
    batch = gis.get(f"/api/v1/batches/{started.json()['batch_id']}").json()
    assert (batch["states"], batch["refused"]) == ({"submitted": 2}, 14)
    assert [one["problem"] and one["problem"]["code"] for one in batch["items"]] == expected
    assert [one["row"] for one in batch["items"]] == list(range(2, 18))
    assert [one["permit_reference"] for one in batch["items"]] == [
        one["permit"] for one in told["rows"]
    ]
    assert batch["items"][3]["flight_name"] == f"{word}-2.tif"
    assert batch["items"][8]["permit_reference"] is None
    assert batch["table_name"] == "table.csv"
    assert batch["items"][1]["flight_name"] == f"{word}-2.tif"
    asked = wanted(service, batch["items"][0]["inspection_id"])
    assert (asked["profile"], asked["language"]) == ("india-ibm-34a", "en")
    assert asked["current_dsm"]["name"] == f"{word}-dsm.tif"
    other = wanted(service, batch["items"][1]["inspection_id"])
    assert (other["profile"], other["baseline"]["name"]) == ("generic", f"{word}.tif")
    newest = gis.get("/api/v1/batches", params={"size": 1}).json()["items"][0]
    assert newest["table_name"] == "table.csv"
    assert (newest["id"], newest["states"], newest["refused"]) == (batch["id"], batch["states"], 14)


def test_auto_is_the_latest_flight_on_record_and_the_latest_before_it(service, gis) -> None:
    permit = service.permit("here")
    name = reference(service, permit)
    for year in (2024, 2026, 2025):
        word = service.next(f"{year}-")
        service.upload("here", word.encode(), name=f"flight-{word}.tif")
        row = f"permit,current\n{name},flight-{word}.tif\n"
        assert send(gis, row, dry_run=False).json()["batch_id"]
        with service.records.writing(service.offices["here"]) as session:
            asked = select(Flight).where(Flight.name == f"flight-{word}.tif")
            flight = session.scalars(asked).one()
            flight.claimed_at = flight.created_at.replace(year=year)
    answer = send(gis, f"permit;current;baseline\n{name};auto;otomatis\n", dry_run=False)
    item = gis.get(f"/api/v1/batches/{answer.json()['batch_id']}").json()["items"][0]
    asked = wanted(service, item["inspection_id"])
    assert asked["current"]["name"].startswith("flight-2026")
    assert asked["baseline"]["name"].startswith("flight-2025")


def test_workbooks_and_mixed_encodings_are_read_as_well(service, gis) -> None:
    permit = service.permit("here")
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(Permit, permit)
        row.reference = name = f"Größe {row.reference}"
    word = service.next("enc-")
    service.upload("here", word.encode(), name=f"{word}.tif")
    book = openpyxl.Workbook()
    book.active.append(["Permit", "Current"])
    book.active.append([name, f"{word}.tif"])
    file = io.BytesIO()
    book.save(file)
    assert codes(send(gis, file.getvalue(), name="table.xlsx")) == [None]
    mixed = b"permit,current\n" + f"{name},{word}.tif\n".encode() + name.encode("cp1252") + b",x\n"
    assert codes(send(gis, mixed)) == [None, "batch_upload_unknown"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "t.csv", None),
        (b"\x00\xff" * 2000, "t.csv", None),
        (b"\x00\xff" * 2000, "t.xlsx", None),
        (b"PK\x03\x04 nothing", "t.xlsx", None),
        (b"SQLite format 3\x00 nothing", "t.gpkg", None),
        (b"permit,baseline\na,b\n", "t.csv", "batch_column_missing"),
        (b"permit,current,terkini\na,b,c\n", "t.csv", "batch_column_twice"),
        (b"permit,current\n", "t.csv", "batch_office_table_empty"),
        (b"permit,current\n" + b"IUP 1,auto\n" * 10_000, "t.csv", "batch_table_too_long"),
    ],
)
def test_nonsense_is_refused_with_a_code_and_a_sentence(gis, content, name, code) -> None:
    answer = send(gis, content, name=name, dry_run=False)
    assert answer.status_code == 422, answer.text
    told = answer.json()
    assert told["code"].startswith("batch_") or told["code"].startswith("input_"), told
    assert code in (None, told["code"])
    assert told["title"]
    assert told["detail"]
    assert "{" not in told["title"] + told["detail"]
    if code == "batch_office_table_empty":
        # Columns that a table here may not have are not asked for.
        assert "izin" in told["detail"]
        assert "boundary" not in told["detail"]
    if code == "batch_table_too_long":
        assert "10,000" in told["title"]
        assert f"{MOST_ROWS:,}" in told["title"]


def test_a_row_of_too_many_cells_and_a_formula_refuse_themselves_alone(service, gis) -> None:
    name = reference(service, service.permit("here"))
    word = service.next("odd-")
    service.upload("here", word.encode(), name=f"{word}.tif")
    rows = f"permit,current\n{name},{word}.tif,more,and more\n{name},{word}.tif\n"
    found = codes(send(gis, rows))
    assert found == ["batch_row_broken", None]


def test_what_failed_is_tried_again_and_the_batch_shows_the_newest(service, gis) -> None:
    names = [reference(service, service.permit("here")) for _ in range(3)]
    word = service.next("again-")
    service.upload("here", word.encode(), name=f"{word}.tif")
    table = "permit,current\n" + "".join(f"{name},{word}.tif\n" for name in names)
    batch = send(gis, table, dry_run=False).json()["batch_id"]
    address = f"/api/v1/batches/{batch}"
    first = [one["inspection_id"] for one in gis.get(address).json()["items"]]
    problem = problem_of(failure_of(UnfinishedError("disk_full")))
    for run, state in zip(
        first, (InspectionState.FAILED, InspectionState.REFUSED, InspectionState.CANCELLED),
        strict=True,
    ):  # fmt: skip
        with service.records.writing(service.offices["here"]) as session:
            row = session.get_one(InspectionRun, UUID(run))
            row.state, row.problem = state, problem
    for _ in range(2):
        answer = gis.post(f"{address}/retry")
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert told["states"] == {"submitted": 1, "refused": 1, "cancelled": 1}
        ids = [one["inspection_id"] for one in told["items"]]
        assert ids[0] != first[0]
        assert ids[1:] == first[1:]
    # It fails a second time: the one that is tried then is the newest again.
    with service.records.writing(service.offices["here"]) as session:
        session.get_one(InspectionRun, UUID(ids[0])).state = InspectionState.FAILED
    third = gis.post(f"{address}/retry").json()["items"][0]["inspection_id"]
    assert third not in (first[0], ids[0])
    listed = gis.get("/api/v1/batches", params={"size": 1}).json()["items"][0]
    assert listed["states"] == {"submitted": 1, "refused": 1, "cancelled": 1}


def test_no_office_sees_the_batches_of_another(service, gis) -> None:
    name = reference(service, service.permit("here"))
    word = service.next("own-")
    service.upload("here", word.encode(), name=f"{word}.tif")
    batch = send(gis, f"permit,current\n{name},{word}.tif\n", dry_run=False).json()["batch_id"]
    stranger = service.person("there", Role.GIS).id
    with service.signed_in("there", stranger) as client:
        assert batch not in [one["id"] for one in client.get("/api/v1/batches").json()["items"]]
        assert client.post(f"/api/v1/batches/{batch}/retry").status_code == 404
        rows = f"permit,current\n{name},{word}.tif\n"
        assert codes(send(client, rows)) == ["batch_permit_absent"]
