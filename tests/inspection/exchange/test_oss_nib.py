"""What OSS sends of a business, its projects and its licences."""

import pytest

from geo.errors import RefusedError
from inspection.exchange.permits.merging import merged
from inspection.exchange.permits.vocabulary import Field, Key
from tests.inspection.exchange.conftest import LICENCE, NIB, PROJECT, codes, plain, read


def test_a_licence_comes_with_its_project_and_its_business(as_json, nib):
    reading = read(as_json(nib), "oss-nib")
    assert (reading.records, reading.refused, len(reading.permits)) == (3, 0, 3)
    (permit,) = merged(reading.permits)
    found = plain(permit)
    assert {
        "licence_id": LICENCE,
        "project_id": PROJECT,
        "business_id": NIB,
        "holder_name": "PT Sintetis Satu",
        "permit_name": "IUP Sintetis",
        "issued_on": "2022-03-04",
        "business_registered_on": "2021-08-09",
        "activity_code": "08103",
        "land_area_m2": 45_000.0,
        "document_kind": "9",
    }.items() <= found.items()
    assert "permit_number" not in found, "an empty text is nothing"


def test_each_value_says_where_it_stands_and_what_its_code_means(as_json, nib):
    reading = read(as_json(nib), "oss-nib")
    (permit,) = merged(reading.permits)
    kind = permit.agreed(Field.DOCUMENT_KIND)
    assert (kind.where, kind.meaning) == ("/dataNIB/tipe_dokumen", "original")
    code = permit.agreed(Field.ACTIVITY_CODE)
    assert code.where == "/dataNIB/data_proyek/0/kbli"
    assert code.vocabulary == "KBLI 2020"
    assert code.origin == reading.origin
    assert reading.origin.file == "export.json"
    assert len(reading.origin.sha256) == 64


def test_a_place_of_unknown_order_stays_two_candidates(as_json, nib):
    (permit,) = merged(read(as_json(nib), "oss-nib").permits)
    (one,) = permit.agreed(Field.POSITIONS).value
    assert (one.order, one.in_region) == ("latitude, longitude", True)
    assert [(p.longitude, p.latitude) for p in one.positions] == [(107.2, -6.5), (107.3, -6.6)]
    spots = nib["dataNIB"]["data_proyek"][0]["data_lokasi_proyek"][0]["data_lokasi_proyek"]
    spots[:] = [{"lat_lng": "-6.5 57.2"}]
    (permit,) = merged(read(as_json(nib), "oss-nib").permits)
    orders = [(one.order, one.in_region) for one in permit.agreed(Field.POSITIONS).value]
    assert orders == [("latitude, longitude", False), ("longitude, latitude", False)]


def test_a_place_that_cannot_be_read_is_told_with_its_pointer(as_json, nib):
    texts = ["-6,9;107,6", "somewhere", "95.0, 181.0", "1,2,3", "-6.9"]
    nib["dataNIB"]["data_proyek"] = [
        {"id_proyek": f"R-{n}", "data_lokasi_proyek": {"data_lokasi_proyek": {"lat_lng": text}}}
        for n, text in enumerate(texts)
    ]
    found = [one for one in read(as_json(nib), "oss-nib").permits if one.problems]
    assert [(p.code, p.where) for one in found for p in one.problems] == [
        ("import_position_unreadable", f"{at}/data_lokasi_proyek/data_lokasi_proyek/lat_lng")
        for at in (f"/dataNIB/data_proyek/{n}" for n in range(len(texts)))
    ]
    assert all(Field.POSITIONS not in one.values for one in found)


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda inner: {"receiveNIB": inner},
        lambda inner: {"responinqueryNIB": {"kode": 200, "keterangan": "ok", **inner}},
        lambda inner: {"respon": {"kode": "200", **inner}},
        lambda inner: [inner],
    ],
)
def test_it_is_found_in_whatever_it_is_wrapped(as_json, nib, wrapped):
    (permit,) = merged(read(as_json(wrapped(nib)), "oss-nib").permits)
    assert permit.key(Key.LICENCE_ID) == LICENCE


def test_a_code_that_came_as_a_number_is_taken_only_where_no_digit_can_be_lost(as_json, nib):
    nib["dataNIB"]["nib"] = 1234567890123
    nib["dataNIB"]["data_proyek"][0]["kbli"] = 8103
    (permit,) = merged(read(as_json(nib), "oss-nib").permits)
    assert permit.key(Key.BUSINESS_ID) == "1234567890123"
    assert Field.ACTIVITY_CODE not in permit.values
    assert codes(permit.problems) == ["import_code_digits_lost"]
    assert permit.problems[0].where == "/dataNIB/data_proyek/0/kbli"


def test_a_code_of_another_length_is_taken_and_told(as_json, nib):
    nib["dataNIB"]["nib"] = NIB[1:]
    reading = read(as_json(nib), "oss-nib")
    assert {one.key(Key.BUSINESS_ID) for one in reading.permits} == {NIB[1:]}
    assert {code for one in reading.permits for code in codes(one.problems)} == {
        "import_code_length"
    }


def test_an_area_without_a_known_unit_is_withheld(as_json, nib):
    nib["dataNIB"]["data_proyek"][0]["satuan_luas_tanah"] = "07"
    (permit,) = merged(read(as_json(nib), "oss-nib").permits)
    assert Field.LAND_AREA_M2 not in permit.values
    assert codes(permit.problems) == ["import_unit_unknown"]


def test_what_the_mapping_does_not_ask_for_is_named(as_json, nib):
    reading = read(as_json(nib), "oss-nib")
    assert reading.passed_over["oss_id"] == 1
    assert reading.passed_over["tgl_perubahan_nib"] == 1
    assert "nib" not in reading.passed_over
    nib["dataNIB"] |= {f"other{n}": 1 for n in range(300)} | {"3201019999999999": 1}
    many = read(as_json(nib), "oss-nib").passed_over
    assert len(many) == 201
    assert many["…"] > 100
    assert not any("3201" in name for name in many), "a name may be somebody's number"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 40 + "]" * 40, "import_unreadable"),
        ('{"dataNIB": {"nib": "1", "nib": "2"}}', "import_unreadable"),
        ('{"dataNIB": {"nib": NaN}}', "import_unreadable"),
        ('{"dataNIB": {"nib": 1e999}}', "import_unreadable"),
        ('{"dataNIB": {"nib": "1"', "import_unreadable"),
        ('{"data": []}', "import_empty"),
        ("nib;id_izin\n1;2\n", "import_form_differs"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_whole(as_json, text, code):
    with pytest.raises(RefusedError) as caught:
        read(as_json(text), "oss-nib")
    assert (caught.value.code, caught.value.file) == (code, "export.json")


def test_states_say_what_they_do_to_the_clock(as_json):
    told = [("41", "2026-03-02 09:00:00"), ("42", "2026-03-04 10:30:00"), ("20", "2026-03-05")]
    rows = [
        {"IZINSTATUS": {"id_izin": LICENCE, "kd_status": code, "tgl_status": at}}
        for code, at in told
    ]
    (permit,) = read(as_json(rows), "oss-status").permits
    assert [(s.code, s.began, s.meaning) for s in permit.steps] == [
        ("41", "2026-03-02T09:00:00", "clock_stops"),
        ("42", "2026-03-04T10:30:00", "clock_resumes"),
        ("20", "2026-03-05", None),
    ]


def test_a_record_without_any_key_is_told_with_why(as_json, nib):
    twice = read(as_json('{"dataNIB": {"nib": "1", "NIB ": "2"}}'), "oss-nib")
    assert codes(twice.problems) == ["import_name_twice", "import_without_key"]
    del nib["dataNIB"]["data_checklist"][0]["id_izin"]
    del nib["dataNIB"]["data_checklist"][0]["id_proyek"]
    nib["dataNIB"]["nib"] = 12
    reading = read(as_json(nib), "oss-nib")
    assert (reading.records, reading.refused, len(reading.permits)) == (3, 2, 1)
    assert [one.where for one in reading.problems if one.code == "import_without_key"] == [
        "/dataNIB",
        "/dataNIB/data_checklist/0",
    ]
