"""A permit's record over HTTP: corrected, limited, drawn anew, and found again."""

import json
import math

import pytest
from pyproj import Geod
from shapely import Polygon, box
from sqlalchemy import select

from inspection.jobs.asking import ask
from inspection.jobs.preparing import FlightGiven, Wanted
from inspection.language import Language
from inspection.records.columns import now
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.permits import Permit

DATABASES = ("sqlite", "postgresql")
HEADINGS = "id_izin;nib;nama_perusahaan;komoditas;lokasi;luas_ha;tgl_izin\n"


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def gis(service):
    with service.as_role("gis") as client:
        yield client


@pytest.fixture
def imported(service, gis):
    """A permit of which two sources state different holders."""
    licence = service.next("I-")
    rows = f"{HEADINGS}{licence};0012000000000;PT Batu;andesit;Sanggau;4,5;2024-03-25\n"
    done = gis.post(
        "/api/v1/permits/imports",
        params={"mapping": "generic", "name": "izin.csv", "dry_run": False},
        content=rows.encode(),
    )
    assert done.json()["new"] == 1, done.text
    nib = {
        "dataNIB": {
            "nib": "0012000000000",
            "nama_perseroan": "PT Batu Jaya",
            "data_checklist": [{"id_izin": licence, "nama_izin": "IUP"}],
        }
    }
    done = gis.post(
        "/api/v1/permits/imports",
        params={"mapping": "oss-nib", "name": "nib.json", "dry_run": False},
        content=json.dumps(nib),
    )
    assert done.json()["changed"] == 1, done.text
    (found,) = gis.get("/api/v1/permits", params={"reference": licence}).json()["items"]
    return f"/api/v1/permits/{found['id']}"


def holder(client, permit):
    return client.get(permit).json()["values"]["holder_name"]


def test_an_officer_chooses_between_sources_corrects_and_takes_it_back(gis, imported) -> None:
    said = holder(gis, imported)
    sources = {one["source"]: one["value"] for one in said["stated"]}
    assert sorted(sources.values()) == ["PT Batu", "PT Batu Jaya"]
    assert (said["value"], said["is_conflict"]) == (None, True)

    def state(**more):
        body = {"field": "holder_name", "reason": "deed of change", **more}
        return gis.post(f"{imported}/corrections", json=body)

    assert state(source="OSS").status_code == 201
    assert holder(gis, imported)["value"] == sources["OSS"]
    assert state(value="PT Batu Baru").status_code == 201
    corrected = holder(gis, imported)
    assert (corrected["value"], corrected["correction"]["reason"]) == (
        "PT Batu Baru",
        "deed of change",
    )
    assert corrected["stated"] == said["stated"]
    assert state(is_withdrawn=True).status_code == 201
    assert holder(gis, imported) == said
    assert code_of(state(is_withdrawn=True)) == (409, "correction_absent")
    assert code_of(state(source="nobody")) == (422, "correction_source")
    assert code_of(state(source="OSS", value="x")) == (422, "request_invalid")
    kept = gis.get(f"{imported}/corrections").json()["items"]
    assert [one["is_withdrawn"] for one in kept] == [True, False, False]


def test_what_was_corrected_and_limited_is_what_an_inspection_is_asked(service, gis) -> None:
    permit = service.permit("here")
    address = f"/api/v1/permits/{permit}"
    said = {"field": "holder_name", "value": "PT Baru", "reason": "deed of change"}
    assert gis.post(f"{address}/corrections", json=said).status_code == 201
    for value in (9.0, 3.5):
        limit = {"code": "max_disturbed_ha", "value": value, "source": "SK 12/2026"}
        assert gis.post(f"{address}/limits", json=limit).status_code == 201
    wanted = Wanted(
        permit_id=permit,
        boundary_id=None,
        current=FlightGiven(orthophoto=service.upload("here", b"a picture")),
        baseline=None,
        profile="generic",
        language=Language.ENGLISH,
    )
    objects, by = service.app.state.objects, service.people["here", "inspector"]
    with service.records.writing(service.offices["here"]) as session:
        run = ask(session, objects, wanted, by=by, at=now())
        sha256 = run.request["permit"]["sha256"]
    service.take_back_inspections()
    kept = service.app.state.settings.data / "objects" / sha256[:2] / sha256[2:4] / sha256
    record = json.loads(kept.read_text())
    assert (record["holder"], record["limits"]) == ("PT Baru", {"max_disturbed_ha": 3.5})
    assert [one["source"] for one in gis.get(address).json()["limits"]] == ["SK 12/2026"] * 2


def geojson(shape) -> bytes:
    ring = [list(point) for point in shape.exterior.coords]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()


def test_a_boundary_is_brought_through_the_gate_and_shown_as_geojson(service, gis) -> None:
    permit = service.permit("here")
    address = f"/api/v1/permits/{permit}/boundaries"
    square = box(107.5, -7.01, 107.51, -7.0)
    ask = {"stage": "amended", "source": "SK 7/2026", "as_of": "2026-07-01"}
    made = gis.post(address, params=ask, content=geojson(square))
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["sequence"], told["stage"], told["as_of"]) == (2, "amended", "2026-07-01")
    area, _ = Geod(ellps="WGS84").geometry_area_perimeter(square)
    assert math.isclose(told["area_m2"], abs(area), rel_tol=1e-6)
    shown = gis.get(f"{address}/{told['id']}").json()
    assert Polygon(shown["geometry"]["coordinates"][0]).equals(square)
    assert shown["bbox"] == [107.5, -7.01, 107.51, -7.0]
    assert [one["sequence"] for one in gis.get(address).json()] == [1, 2]
    kept = service.app.state.settings.data / "objects" / told["sha256"][:2] / told["sha256"][2:4]
    assert (kept / told["sha256"]).read_bytes() == geojson(square)
    again = gis.post(address, params=ask, content=geojson(square))
    assert code_of(again) == (409, "boundary_known")
    with service.records.reading(service.offices["here"]) as session:
        asked = select(AuditEvent.subject_id).where(AuditEvent.action == "boundary.added")
        assert str(permit) in session.scalars(asked).all()
    assert not any(service.app.state.settings.data.joinpath("passing").iterdir())


def test_a_boundary_of_another_permit_is_absent_from_this_one(service, gis) -> None:
    one, other = service.permit("here"), service.permit("here")
    foreign = gis.get(f"/api/v1/permits/{other}/boundaries").json()[0]["id"]
    assert gis.get(f"/api/v1/permits/{one}/boundaries/{foreign}").status_code == 404


def test_permits_are_found_by_their_words_and_by_who_holds_them(gis, imported) -> None:
    def found(**params):
        return {one["id"] for one in gis.get("/api/v1/permits", params=params).json()["items"]}

    own = imported.rpartition("/")[2]
    assert own in found(text="ANDESIT sanggau")
    assert own in found(text="0012")
    assert own not in found(text="andesit bontang")
    assert own in found(text="Batu JAYA")
    assert found(text="100%") == set()
    # And by what an officer says instead: also whoever looks for the old name finds it.
    stated = {"field": "holder_name", "value": "PT Kerikil Óran", "reason": "Akta 7"}
    assert gis.post(f"{imported}/corrections", json=stated).status_code == 201
    assert own in found(text="kerikil óran")
    assert own in found(text="batu jaya")


def square_at(longitude, latitude, size=0.01):
    return box(longitude, latitude, longitude + size, latitude + size)


def test_the_nearest_come_first_and_pages_follow_one_another(service, gis) -> None:
    # On the equator and far east, where no other test has anything.
    names = {}
    for step in (3, 1, 2, 0):
        permit = service.permit("here", square_at(140 + step / 10, 0))
        names[str(permit)] = step
    service.permit("there", square_at(140, 0))
    ask = {"longitude": 140.005, "latitude": 0.005, "km": 25, "size": 2}
    first = gis.get("/api/v1/permits/near", params=ask).json()
    second = gis.get("/api/v1/permits/near", params=ask | {"after": first["after"]}).json()
    assert [names[one["id"]] for one in first["items"]] == [0, 1]
    assert [names[one["id"]] for one in second["items"]] == [2]
    assert second["after"] is None
    distances = [one["distance_m"] for one in first["items"] + second["items"]]
    assert distances[0] == 0
    for step, distance in zip((1, 2), distances[1:], strict=True):
        _, _, truth = Geod(ellps="WGS84").inv(140.005, 0.005, 140 + step / 10, 0.005)
        assert math.isclose(distance, truth, rel_tol=0.01)
    inside = gis.get("/api/v1/permits", params={"bbox": "140.05,-1,140.25,1"}).json()["items"]
    assert {names[one["id"]] for one in inside} == {1, 2}


def test_only_the_boundary_in_force_counts_for_where_a_permit_is(service, gis) -> None:
    permit = service.permit("here", square_at(141, -5))
    ask = {"stage": "amended", "source": "SK"}
    moved = geojson(square_at(141, -6))
    assert gis.post(f"/api/v1/permits/{permit}/boundaries", params=ask, content=moved).is_success
    for south, is_there in ((-5, False), (-6, True)):
        params = {"bbox": f"141,{south},141.01,{south + 0.01}"}
        found = gis.get("/api/v1/permits", params=params).json()["items"]
        assert (str(permit) in [one["id"] for one in found]) == is_there


def test_a_name_of_another_office_is_nobody_s(service, gis) -> None:
    with service.records.reading(service.offices["there"]) as session:
        reference = session.scalars(select(Permit.reference)).first()
    assert gis.get("/api/v1/permits", params={"text": reference}).json()["items"] == []
