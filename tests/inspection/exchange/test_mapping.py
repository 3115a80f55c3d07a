"""Mappings: data, checked; what is wrong in one is told with its place."""

import pytest

from geo.errors import RefusedError
from inspection.exchange.permits.mapping import COME_ALONG, read_mapping
from inspection.exchange.permits.vocabulary import Key
from inspection.profiles.reading import profile_names
from tests.inspection.exchange.conftest import plain, read

OFFICE = """
name = "office"
version = "2026-11-29"
system = "Peri"
source = "our own export"
form = "table"
personal = ["telepon"]
[dates]
forms = ["day/month/year"]
[record.permit.key.permit_number]
read = ["Nomor Izin"]
kind = "code"
[record.permit.value]
issued_on = { read = ["Tanggal"], kind = "day" }
"""


@pytest.mark.parametrize("name", profile_names(COME_ALONG))
def test_each_that_comes_along_is_read_and_drops_personal_data(name):
    mapping = read_mapping(name)
    assert mapping.name == name
    assert {"nik", "email"} <= mapping.unwanted or "no_identitas" in mapping.unwanted


def test_a_file_of_an_office_says_which_order_its_dates_have(tmp_path):
    path, table = tmp_path / "office.toml", tmp_path / "table.csv"
    path.write_text(OFFICE)
    table.write_text("Nomor Izin,Tanggal,Telepon\n007/SK,03/04/2024,+628\n")
    reading = read(table, str(path))
    assert [plain(one) for one in reading.permits] == [
        {"permit_number": "007/SK", "issued_on": "2024-04-03"}
    ]
    assert reading.origin.mapping == "office 2026-11-29"
    assert len(reading.origin.mapping_sha256) == 64


def test_it_may_extend_one_that_comes_along(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(
        'extends = "generic"\nname = "office"\nversion = "2026-11-29"\n'
        '[record.permit.key.permit_number]\nread = ["Resi"]\n'
    )
    mapping = read_mapping(str(path))
    assert mapping.record["permit"].key[Key.PERMIT_NUMBER].read == ("Resi",)
    assert Key.AREA_CODE in mapping.record["permit"].key


@pytest.mark.parametrize(
    ("was", "becomes", "code", "where"),
    [
        ("issued_on", "isued_on", "mapping_value", "record.permit.value.isued_on"),
        ('kind = "day"', 'kind = "date"', "mapping_value", "record.permit.value.issued_on.kind"),
        (
            'kind = "day"',
            'knid = "day"',
            "mapping_value_unknown",
            "record.permit.value.issued_on.knid",
        ),
        ('system = "Peri"', "", "mapping_value_missing", "system"),
        ('form = "table"', "form = 3", "mapping_value", "form"),
        ('personal = ["telepon"]', 'personal = ["tanggal"]', "mapping_value", None),
        ("[dates]", 'record.permit.paths = "x"\n[dates]', "mapping_value", "record.permit.paths"),
        ("[dates]", "[dates", "mapping_unreadable", None),
        (
            'name = "office"',
            'name = "office"\nextends = "office.toml"',
            "mapping_extends_itself",
            "extends",
        ),
        ('name = "office"', 'extends = "nowhere"', "mapping_unknown", "extends"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, was, becomes, code, where):
    path = tmp_path / "office.toml"
    assert was in OFFICE
    path.write_text(OFFICE.replace(was, becomes, 1))
    with pytest.raises(RefusedError) as caught:
        read_mapping(str(path))
    assert (caught.value.code, caught.value.where, caught.value.file) == (
        code,
        where,
        "office.toml",
    )


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RefusedError) as caught:
        read_mapping("gampil")
    assert caught.value.code == "mapping_unknown"
    assert "sicantik" in caught.value.facts["known"]
