"""OGC API Features: what is asked is what is given, page by page, and nothing of others."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
import shapely
from shapely.geometry import box, shape
from sqlalchemy import delete

from inspection.access.rights import Action
from inspection.features.asked import CRS84, MOST, boxes_of
from inspection.features.paging import OWN
from inspection.jobs.surveyed import lay_out
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.surveys import SurveyedGround
from tests.inspection.jobs.done import put
from tests.inspection.jobs.small import UTM, outline

DATABASES = ("sqlite", "postgresql")
COLLECTIONS = ("permits", "findings", "not_observed", "coverage")


@pytest.fixture(scope="module")
def done(service):
    """An inspection of each office, the same but for its name."""
    made = {}
    for office in ("here", "there"):
        run = service.inspection(office, outline=outline())
        name = service.next("TJ-")
        put(service.records, service.app.state.objects, service.offices[office], run, name=name)
        made[office] = run
    return made


@pytest.fixture(scope="module")
def gis(service, done):
    assert done
    with service.as_role("gis") as client:
        yield client


def items(client, collection, **asked):
    answer = client.get(f"/ogc/collections/{collection}/items", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()


def all_pages(client, collection, **asked):
    page = items(client, collection, **asked)
    pages = [page]
    while nexts := [one["href"] for one in page["links"] if one["rel"] == "next"]:
        page = client.get(nexts[0]).json()
        pages.append(page)
    return pages


def all_of(client, collection, **asked):
    return [one for page in all_pages(client, collection, **asked) for one in page["features"]]


def test_it_says_what_there_is(gis) -> None:
    landing = gis.get("/ogc").json()
    assert landing == gis.get("/ogc/").json()
    places = {one["rel"]: one["href"] for one in landing["links"]}
    assert {"self", "service-desc", "conformance", "data"} == set(places)
    assert "/ogc/collections/{collection}/items" in gis.get(places["service-desc"]).json()["paths"]
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in (gis.get(places["conformance"]).json()["conformsTo"])
    )
    told = gis.get(places["data"]).json()["collections"]
    assert tuple(one["id"] for one in told) == COLLECTIONS
    for one in told:
        assert gis.get(one["links"][0]["href"]).json() == one
        around = box(*one["extent"]["spatial"]["bbox"][0]).buffer(1e-8)
        by_rel = {link["rel"].rsplit("/")[-1]: link["href"] for link in one["links"]}
        whole = gis.get(by_rel["describedby"]).json()["properties"]
        narrowing = gis.get(by_rel["queryables"]).json()["properties"]
        assert narrowing.items() <= whole.items()
        assert not set(narrowing) & set(OWN)
        features = gis.get(by_rel["items"]).json()["features"]
        assert features
        for feature in features:
            assert list(feature["properties"]) == list(whole)
            assert feature["geometry"] is None or around.contains(shape(feature["geometry"]))
            item = gis.get(f"{by_rel['items']}/{feature['id']}").json()
            assert {**item, "links": None} == {**feature, "links": None}
    assert gis.get("/ogc", headers={"Accept-Language": "id"}).json()["description"].startswith("I")


def test_every_page_once(service, gis) -> None:
    for _ in range(5):
        service.permit("here")
    pages = all_pages(gis, "permits", limit="2")
    assert len(pages) > 3
    names = [one["id"] for page in pages for one in page["features"]]
    assert len(names) == len(set(names))
    assert {page["numberMatched"] for page in pages} == {len(names)}
    assert all(page["numberReturned"] == len(page["features"]) for page in pages)
    assert len(items(gis, "permits", limit=str(MOST * 10))["features"]) == len(names)


def test_a_box_holds_what_meets_it_with_its_outline(service, gis) -> None:
    """A triangle whose own box meets the asked one is not in it; across the date line is one."""
    corner = shapely.Polygon([(100, 0), (101, 0), (100, 1)])
    far = shapely.box(179.5, -1, 179.9, 0)
    kept = {str(service.permit("here", one)): one for one in (corner, far)}
    boxes = {
        "100.8,0.8,100.9,0.9": [],
        "100.1,0.1,100.2,0.2": [corner],
        "99,-1,102,2": [corner],
        "99,-1,0,102,2,9": [corner],
        "101,0,102,1": [corner],
        "179,-2,-179,1": [far],
        "-180,-90,180,90": [corner, far],
    }
    for asked, wanted in boxes.items():
        found = items(gis, "permits", bbox=asked, limit="1000")
        assert found["numberMatched"] == len(found["features"])
        got = [kept[one["id"]] for one in found["features"] if one["id"] in kept]
        assert got == wanted, asked
    # Its axes are those of the register: north first in 4326, east first in a zone.
    turned = {"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    assert items(gis, "permits", bbox="0.1,100.1,0.2,100.2", **turned)["numberMatched"] == 1
    finding = items(gis, "findings")["features"][0]
    in_zone = {"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/32750"}
    met = items(gis, "findings", bbox="333000,9612900,333110,9613000", **in_zone)
    assert finding["id"] in [one["id"] for one in met["features"]]
    assert items(gis, "findings", bbox="333000,9500000,333110,9500100", **in_zone)["features"] == []


def test_a_box_of_another_system_is_that_around_it() -> None:
    named = f"http://www.opengis.net/def/crs/EPSG/0/{UTM.to_epsg()}"
    ((west, south, east, north),) = boxes_of("332000,9612000,333000,9613000", named)
    assert 115.48 < west < east < 115.50
    assert -3.51 < south < north < -3.49
    assert boxes_of("1,2,3,4", CRS84) == ((1, 2, 3, 4),)


def test_times_narrow_to_when_it_was_flown(gis) -> None:
    for asked, count in {
        "2026-10-03": 1,
        "2026-10-03T06:40:00Z": 1,
        "2026-10-03T13:40:00+07:00": 1,
        "2026-10-04": 0,
        "2026-10-01/2026-10-31": 1,
        "../2026-10-02": 0,
        "2026-10-03/..": 1,
        "2026-10-03/": 1,
        "/2026-10-03T06:39:59Z": 0,
    }.items():
        for collection in ("findings", "coverage", "not_observed"):
            found = items(gis, collection, datetime=asked)["numberMatched"]
            assert (found > 0) == (count > 0), (collection, asked)
    today = datetime.now(UTC).date().isoformat()
    assert items(gis, "permits", datetime=f"../{today}")["numberMatched"] > 0
    assert items(gis, "permits", datetime="../2020-01-01")["numberMatched"] == 0


def test_every_queryable_narrows_to_what_has_the_value(gis) -> None:
    for collection in COLLECTIONS:
        whole = all_of(gis, collection, limit="1000")
        names = gis.get(f"/ogc/collections/{collection}/queryables").json()["properties"]
        for name in names:
            values = [one["properties"][name] for one in whole]
            for value in {one for one in values if one is not None}:
                text = str(value).lower() if isinstance(value, bool) else str(value)
                found = all_of(gis, collection, **{name: text}, limit="1000")
                wanted = [one["id"] for one in whole if one["properties"][name] == value]
                assert [one["id"] for one in found] == wanted, (collection, name, value)
    assert items(gis, "findings", **{"class": "other"})["features"] == []
    assert items(gis, "permits", permit="none' OR 1=1 --")["numberMatched"] == 0


def test_a_word_on_a_finding_and_a_later_flight_show(service, gis) -> None:
    run = service.inspection("here", outline=outline())
    name = service.next("TJ-")
    put(service.records, service.app.state.objects, service.offices["here"], run, name=name)
    asked = {"inspection_id": str(run)}
    (finding,) = items(gis, "findings", **asked)["features"]
    assert finding["properties"]["outcome"] == "open"
    with service.as_role("reviewer") as reviewer:
        for outcome in ("accepted", "rejected"):
            why = {"reason_code": "shadow"} if outcome == "rejected" else {}
            said = reviewer.post(
                f"/api/v1/findings/{finding['id']}/reviews", json={"outcome": outcome, **why}
            )
            assert said.status_code == 201, said.text
            for one in ("open", "accepted", "rejected", "edited"):
                count = items(gis, "findings", **asked, outcome=one)["numberMatched"]
                assert count == (one == outcome), (outcome, one)
    newer = service.inspection("here", permit_id=UUID(finding["properties"]["permit_id"]))
    with service.records.writing(service.offices["here"]) as session:
        session.get_one(InspectionRun, newer).state = InspectionState.DONE
    assert items(gis, "findings", **asked, is_latest="true")["numberMatched"] == 0
    (finding,) = items(gis, "findings", **asked, is_latest="false")["features"]
    assert finding["properties"]["is_latest"] is False


def test_seen_and_unseen_ground_are_all_there_is_and_share_nothing(gis, done) -> None:
    asked = {"inspection_id": str(done["here"])}
    (seen,) = items(gis, "coverage", **asked)["features"]
    gaps = [shape(one["geometry"]) for one in all_of(gis, "not_observed", **asked)]
    assert gaps
    ground = shape(seen["geometry"])
    assert all(one.intersection(ground).area < 1e-12 for one in gaps)
    share = seen["properties"]["observed_share"]
    permit = outline()
    assert ground.intersection(permit).area / permit.area == pytest.approx(share, abs=1e-3)


def test_what_was_inspected_before_is_laid_out_by_a_worker(service, gis, done) -> None:
    class Never:
        def is_set(self):
            return False

    asked = {"inspection_id": str(done["here"])}
    before = {name: all_of(gis, name, **asked) for name in ("coverage", "not_observed")}
    assert all(before.values())
    engine = service.app.state.engine
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER surveyed_grounds_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE surveyed_grounds DISABLE TRIGGER ALL")
        connection.execute(
            delete(SurveyedGround.__table__).where(
                SurveyedGround.__table__.c.inspection_id == done["here"]
            )
        )
    assert items(gis, "coverage", **asked)["numberMatched"] == 0
    for _ in range(2):
        lay_out(service.records, service.app.state.objects, Never())
    for name, features in before.items():
        again = all_of(gis, name, **asked)
        assert [one["geometry"] for one in again] == [one["geometry"] for one in features]


def test_no_office_sees_what_is_anothers(service, gis, done) -> None:
    with service.signed_in("there", service.people["there", "gis"]) as other:
        for collection in COLLECTIONS:
            ours = {one["id"] for one in all_of(gis, collection, limit="1000")}
            theirs = {one["id"] for one in all_of(other, collection, limit="1000")}
            assert ours
            assert theirs
            assert not ours & theirs
            one = min(ours)
            for name in (one, "01a22f06-b06e-7045-8a91-412c67f2dd21", "nothing"):
                answer = other.get(f"/ogc/collections/{collection}/items/{name}")
                assert (answer.status_code, answer.json()["code"]) == (404, "absent")
            extent = other.get(f"/ogc/collections/{collection}").json()["extent"]
            assert extent["spatial"]["bbox"][0][0] > 110, "the triangle is not theirs"
        for name, value in (("inspection_id", done["here"]), ("permit", "IUP here")):
            found = items(other, "findings", **{name: str(value)})
            assert found["numberMatched"] == 0


def test_a_token_opens_what_it_is_for_as_a_header_and_as_a_password(service) -> None:
    gis = service.people["here", "gis"]
    token_id, permits = service.token("here", gis, Action.PERMIT_READ)
    _, both = service.token("here", gis, Action.PERMIT_READ, Action.INSPECTION_READ)
    _, neither = service.token("here", gis, Action.REPORT_READ)

    def ways(secret):
        for name in ("gis", "", "anything"):
            joined = base64.b64encode(f"{name}:{secret}".encode()).decode()
            yield {"Authorization": f"Basic {joined}"}
        yield {"Authorization": f"Bearer {secret}"}

    def asked(headers, address):
        with service.client(headers=headers) as client:
            answer = client.get(f"/ogc/{address}")
        return answer.status_code, answer.json()

    for headers in ways(permits):
        status, told = asked(headers, "collections")
        assert (status, [one["id"] for one in told["collections"]]) == (200, ["permits"])
        assert asked(headers, "collections/permits/items")[0] == 200
        assert asked(headers, "collections/findings/items")[1]["code"] == "token_scope"
    for headers in ways(both):
        assert asked(headers, "collections/findings/items")[0] == 200
    for headers in ways(neither):
        assert asked(headers, "collections")[1]["code"] == "not_allowed"
    for headers in (*ways("x" * 43), {"Authorization": "Basic %%%"}, {"Authorization": "Basic"}):
        status, told = asked(headers, "collections/permits/items")
        assert (status, told["code"]) == (401, "sign_in_needed")
    # As a password it only reads; and in an address it is nothing at all.
    (first, *_) = ways(both)
    with service.client(headers=first) as client:
        change = client.post("/api/v1/permits/imports", params={"mapping": "oss-nib"}, content="{}")
        assert change.status_code == 401
    with service.client() as client:
        for name in ("token", "access_token", "api_key"):
            answer = client.get("/ogc/collections/permits/items", params={name: both})
            assert answer.status_code == 401
            assert both not in answer.text
    with service.signed_in("here", gis) as person:
        assert person.delete(f"/api/v1/tokens/{token_id}").status_code in (200, 204)
    assert asked(next(ways(permits)), "collections")[0] == 401


BAD = {
    "box_impossible": [
        {"bbox": one}
        for one in ("1,2,3", "a,b,c,d", "", "1,2,3,nan", "1,9,3,4", "0,-91,1,0", "200,0,201,1")
    ]
    + [{"bbox": "9,9,1,1", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/32750"}]
    + [{"bbox": "1e300,0,1e301,1", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/32750"}],
    "query_crs": [
        {"bbox": "0,0,1,1", "bbox-crs": one}
        for one in ("EPSG:4326", "", "http://www.opengis.net/def/crs/EPSG/0/99999", "file:///x")
    ],
    "query_datetime": [
        {"datetime": one}
        for one in ("", "..", "../..", "/", "yesterday", "2026-13-01", "2026-10-03T05:00:00",
                    "2026-10-04/2026-10-03", "2026-01-01/2026-01-02/2026-01-03",
                    "0001-01-01T00:00:00+14:00")
    ],
    "query_limit": [{"limit": one} for one in ("0", "-1", "1.5", "ten", "", "٣")],
    "page_unknown": [{"after": one} for one in ("", "x", "0" * 31)],
    "query_form": [{"f": "html"}],
    "query_unknown": [{"class_": "road"}, {"token": "s"}, {"geometry": "1"}],
    "query_value": [
        {"class": "Road"}, {"is_latest": "yes"}, {"permit_id": "1"}, {"permit": "a\0b"},
        {"location": ""}, {"outcome": "none"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "asked"), [(code, one) for code, many in BAD.items() for one in many]
)
def test_what_cannot_be_asked_is_refused_by_name(gis, code, asked) -> None:
    answer = gis.get("/ogc/collections/findings/items", params=asked)
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, code)
    assert told["where"] in asked


def test_the_same_parameter_twice_and_no_such_collection(gis) -> None:
    twice = gis.get("/ogc/collections/permits/items?limit=1&limit=2")
    assert (twice.status_code, twice.json()["code"]) == (400, "query_twice")
    for address in ("boundaries", "boundaries/items", "PERMITS", "permits/items/"):
        assert gis.get(f"/ogc/collections/{address}").status_code in (404, 307), address
    assert gis.post("/ogc/collections/permits/items").status_code == 405
