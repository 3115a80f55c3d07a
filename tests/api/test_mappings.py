"""Mappings of an office's own: what they may say, that they count, and that they read no files."""

import pytest

from inspection.exchange.permits.mapping import mapping_names

OWN = """
extends = "generic"
version = "2026-11-29"
system = "Sistem Kantor"

[record.permit.key]
licence_id = { read = ["nomor_berkas"], kind = "code" }
"""


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def gis(service):
    with service.as_role("gis") as client:
        yield client


def put(client, name, content):
    return client.put(f"/api/v1/mappings/{name}", content=content)


def test_an_own_mapping_is_kept_read_by_and_ended(service, gis) -> None:
    name, berkas = service.next("kantor-"), service.next("B-")
    told = put(gis, name, OWN)
    assert told.status_code == 200, told.text
    assert (told.json()["is_own"], told.json()["content"]) == (True, OWN)
    assert put(gis, name, OWN).json()["stated_at"] == told.json()["stated_at"]
    listed = {one["name"]: one["is_own"] for one in gis.get("/api/v1/mappings").json()}
    assert listed == dict.fromkeys(mapping_names(), False) | {name: True}
    params = {"mapping": name, "name": "izin.csv", "dry_run": False}
    rows = f"nomor_berkas;nama_perusahaan\n{berkas};PT Batu\n".encode()
    done = gis.post("/api/v1/permits/imports", params=params, content=rows).json()
    assert done["permits"][0]["reference"] == berkas
    assert done["permits"][0]["changes"][0]["source"] == "Sistem Kantor"
    assert done["mapping"].endswith(told.json()["sha256"][:12])
    stranger = service.people["there", "gis"]
    with service.signed_in("there", stranger) as other:
        assert other.get(f"/api/v1/mappings/{name}").status_code == 404
        assert code_of(other.post("/api/v1/permits/imports", params=params, content=rows)) == (
            422,
            "mapping_unknown",
        )
    assert gis.delete(f"/api/v1/mappings/{name}").status_code == 204
    assert gis.get(f"/api/v1/mappings/{name}").status_code == 404
    again = gis.post("/api/v1/permits/imports", params=params, content=rows)
    assert code_of(again) == (422, "mapping_unknown")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("not = [toml", "mapping_unreadable"),
        (b"\xff", "mapping_unreadable"),
        ('extends = "../../settings.toml"', "mapping_unknown"),
        ('extends = "/etc/hostname"', "mapping_unknown"),
        ("extends = 7", "mapping_unknown"),
        ('name = "another"\n' + OWN, "mapping_name_differs"),
        ('unheard = "of"\n' + OWN, "mapping_value_unknown"),
        ('form = "poem"\n' + OWN, "mapping_value"),
        (OWN + '[record.row.key]\nlicence_id = { read = ["a"] }', "mapping_value"),
        ("", "mapping_value_missing"),
    ],
)
def test_a_mapping_that_cannot_be_read_is_not_kept(service, gis, content, code) -> None:
    name = service.next("odd-")
    answer = put(gis, name, content)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert gis.get(f"/api/v1/mappings/{name}").status_code == 404


def test_a_name_that_comes_along_stays_what_it_is(gis) -> None:
    assert code_of(put(gis, "generic", OWN)) == (409, "mapping_comes_along")
    told = gis.get("/api/v1/mappings/generic").json()
    assert (told["is_own"], told["stated_by"]) == (False, None)
    assert 'name = "generic"' in told["content"]
