"""The flights as STAC, read and judged by pystac, whose assets are the report's own files."""

import httpx
import pystac
import pytest
from pystac.stac_io import DefaultStacIO

from inspection.access.rights import Action
from tests.inspection.jobs.done import put
from tests.inspection.jobs.small import outline

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def flights(service):
    for office in ("here", "here", "there"):
        run = service.inspection(office, outline=outline())
        name = service.next("TJ-")
        put(service.records, service.app.state.objects, service.offices[office], run, name=name)


@pytest.fixture(scope="module")
def secret(service):
    gis = service.people["here", "gis"]
    return service.token("here", gis, Action.INSPECTION_READ, Action.REPORT_READ)[1]


def test_pystac_reads_what_there_is_and_finds_it_valid(
    service, flights, secret, monkeypatch
) -> None:
    assert flights is None
    signed = {"Authorization": f"Bearer {secret}"}
    monkeypatch.setattr(pystac.StacIO, "_default_io", lambda: DefaultStacIO(signed))
    catalog = pystac.Catalog.from_file(f"{service.url}/stac")
    catalog.validate()
    (collection,) = catalog.get_children()
    collection.validate()
    assert collection.id == "flights"
    with httpx.Client(headers=signed, timeout=60) as client:
        address = f"{service.url}/stac/collections/flights/items?limit=1"
        read = []
        while address:
            page = client.get(address).json()
            for one in page["features"]:
                item = pystac.Item.from_dict(one)
                item.validate()
                assert client.get(item.get_self_href()).json() == one
                assert item.datetime.isoformat() == "2026-10-03T06:40:00+00:00"
                for asset in item.assets.values():
                    assert client.get(asset.href).status_code == 200
                read.append(item.id)
            nexts = [one["href"] for one in page["links"] if one["rel"] == "next"]
            address = nexts[0] if nexts else None
        assert len(read) == len(set(read)) == page["numberMatched"]
        assert len(read) >= 2
        far = client.get(f"{service.url}/stac/collections/flights/items?bbox=0,0,1,1").json()
        assert far["features"] == []
        wrong = client.get(f"{service.url}/stac/collections/flights/items?bbox=no")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "box_impossible")
    with service.signed_in("there", service.people["there", "gis"]) as other:
        for name in (read[0], "nothing"):
            answer = other.get(f"/stac/collections/flights/items/{name}")
            assert (answer.status_code, answer.json()["code"]) == (404, "absent")


def test_the_pictures_are_assets(service) -> None:
    with service.as_role("gis") as client:
        told = client.get("/stac/collections/flights/items").json()["features"]
        listed = client.get("/stac/collections").json()["collections"]
    assert told
    assert [one["id"] for one in listed] == ["flights"]
    with httpx.Client(timeout=60) as stranger:
        answer = stranger.get(f"{service.url}/stac")
        assert answer.status_code == 401
        assert "Basic" in answer.headers["www-authenticate"]
