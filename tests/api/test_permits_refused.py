"""What cannot be stated of a permit: each is refused with its own name, and changes nothing."""

import json

import pytest
from shapely import Polygon


@pytest.fixture
def gis(service):
    with service.as_role("gis") as client:
        yield client


@pytest.fixture
def imported(service):
    return f"/api/v1/permits/{service.permit('here')}"


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def geojson(shape) -> bytes:
    ring = [list(point) for point in shape.exterior.coords]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()


@pytest.mark.parametrize(
    ("field", "value", "is_taken"),
    [
        ("declared_area_ha", 12.5, True),
        ("declared_area_ha", "12,5", False),
        ("valid_until", "2030-01-31", True),
        ("valid_until", "31/01/2030", False),
        ("valid_until", 20300131, False),
        ("commodity", "  ", False),
        ("positions", "107.5", False),
    ],
)
def test_a_correction_is_of_the_kind_of_its_field(gis, imported, field, value, is_taken) -> None:
    body = {"field": field, "value": value, "reason": "as the decree says"}
    answer = gis.post(f"{imported}/corrections", json=body)
    if is_taken:
        assert gis.get(imported).json()["values"][field]["value"] == value
    else:
        assert code_of(answer) == (422, "correction_value")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"code": "most_trees"}, "limit_unknown"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "limit_term"),
        ({"value": -1.0}, "request_invalid"),
        ({"value": "4"}, "request_invalid"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(gis, imported, more, code) -> None:
    limit = {"code": "max_disturbed_ha", "value": 4.0, "source": "SK", **more}
    assert code_of(gis.post(f"{imported}/limits", json=limit)) == (422, code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{}", "boundary_unreadable"),
        (b"", "boundary_unreadable"),
        (geojson(Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), "boundary_self_crosses"),
    ],
)
def test_a_boundary_that_cannot_be_is_refused_with_its_name(service, gis, content, code) -> None:
    address = f"/api/v1/permits/{service.permit('here')}/boundaries"
    ask = {"stage": "granted", "source": "SK", "name": "batas.geojson"}
    answer = gis.post(address, params=ask, content=content)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["file"]) == (code, "batas.geojson")
    assert len(gis.get(address).json()) == 1


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "2,0,1,1", "nan,0,1,1", "0,0,1,91"])
def test_a_box_that_is_none_is_refused(gis, bbox) -> None:
    answer = gis.get("/api/v1/permits", params={"bbox": bbox})
    assert code_of(answer) == (422, "box_impossible")
