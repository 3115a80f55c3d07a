"""The sheets that offices export: headings, cells, rows, and files that break readers."""

import time
import zipfile
from datetime import date, datetime

import pytest

from geo.errors import RefusedError
from inspection.exchange.permits.vocabulary import Field, Key
from tests.inspection.exchange.conftest import LICENCE, NIB, PROJECT, codes, plain, read

HEADINGS = [
    "Id Permohonan Izin",
    "NAMA_PERUSAHAAN",
    "nib ",
    "Day of Tanggal Terbit Oss",
    "Kab Kota",
    "id_proyek",
    "KBLI",
    "Day Of Tgl Izin",
    "Uraian Status Respon",
]
ROW = [LICENCE, "PT Sintetis Satu", NIB, "2021-08-09", "KOTA CONTOH", PROJECT, "08103"]


def row(day="25/03/2024", status="Terbit", **changed):
    cells = dict(zip(HEADINGS, [*ROW, day, status], strict=True)) | changed
    return list(cells.values())


def test_headings_are_known_in_whichever_case_and_below_titles(as_sheet):
    path = as_sheet([["Daftar izin"], [], HEADINGS, row(), [], row()])
    reading = read(path, "oss-izin")
    assert (reading.records, reading.refused) == (2, 0)
    (permit,) = reading.permits
    assert plain(permit) == {
        "licence_id": LICENCE,
        "project_id": PROJECT,
        "business_id": NIB,
        "holder_name": "PT Sintetis Satu",
        "business_registered_on": "2021-08-09",
        "regency": "KOTA CONTOH",
        "activity_code": "08103",
        "issued_on": "2024-03-25",
        "status": "Terbit",
    }
    assert permit.agreed(Field.ISSUED_ON).where == "Izin!H4"
    assert permit.agreed(Field.ISSUED_ON).written == "25/03/2024"


def test_dates_of_every_form_are_read(as_sheet):
    cells = {
        45376: "2024-03-25",
        "25/03/24": "2024-03-25",
        "03/25/2024": "2024-03-25",
        "05-05-2024": "2024-05-05",
        "0001-01-01 00:00:00": None,
    }
    rows = [row(cell, **{"Id Permohonan Izin": f"I-{n}"}) for n, cell in enumerate(cells)]
    permits = read(as_sheet([HEADINGS, *rows]), "oss-izin").permits
    assert [plain(one).get("issued_on") for one in permits] == list(cells.values())
    real = [date(2024, 3, 5), datetime(2024, 3, 5, 14, 30)]  # noqa: DTZ001 - as a cell has it
    rows = [row(cell, **{"Id Permohonan Izin": f"I-{n}"}) for n, cell in enumerate(real)]
    permits += read(as_sheet([HEADINGS, *rows]), "oss-izin").permits
    assert [plain(one).get("issued_on") for one in permits[5:]] == ["2024-03-05"] * 2
    assert [one.problems for one in permits] == [()] * 7


def test_an_ambiguous_date_is_refused_with_its_cell_and_the_rest_is_read(as_sheet):
    (permit,) = read(as_sheet([HEADINGS, row("03/04/2024")]), "oss-izin").permits
    assert Field.ISSUED_ON not in permit.values
    (problem,) = permit.problems
    assert (problem.code, problem.where) == ("import_date_ambiguous", "Izin!H2")
    assert problem.facts == {"field": "issued_on", "first": "2024-03-04", "second": "2024-04-03"}
    assert permit.agreed(Field.HOLDER_NAME).value == "PT Sintetis Satu"


def test_dates_that_a_spreadsheet_may_have_turned_are_refused(as_sheet):
    other = row("25/03/2024", **{"Id Permohonan Izin": "I-2"})
    permits = read(as_sheet([HEADINGS, row(date(2024, 3, 4)), other]), "oss-izin").permits
    assert sorted(codes(p) for p in (one.problems for one in permits)) == [
        [],
        ["import_date_ambiguous"],
    ]


def test_a_code_that_became_a_number_is_refused_with_its_cell(as_sheet):
    (permit,) = read(
        as_sheet([HEADINGS, row(KBLI=8103, **{"nib ": 123456789012})]), "oss-izin"
    ).permits
    assert {(one.code, one.where) for one in permit.problems} == {
        ("import_code_digits_lost", "Izin!C2"),
        ("import_code_digits_lost", "Izin!G2"),
    }
    assert permit.key(Key.LICENCE_ID) == LICENCE
    assert permit.key(Key.BUSINESS_ID) is None


def test_formulas_are_never_computed_and_errors_are_told(as_sheet):
    cells = {"Kab Kota": '=CONCATENATE("KOTA"," CONTOH")', "Uraian Status Respon": "#REF!"}
    (permit,) = read(as_sheet([HEADINGS, row(**cells)]), "oss-izin").permits
    assert {Field.REGENCY, Field.STATUS} & set(permit.values) == set()
    assert {(p.code, p.where, p.facts["found"]) for p in permit.problems} == {
        ("import_cell_unreadable", "Izin!E2", "formula"),
        ("import_cell_unreadable", "Izin!I2", "error"),
    }


def test_what_a_formula_gave_when_it_was_saved_is_read(as_sheet, tmp_path):
    path = as_sheet([HEADINGS, row(**{"Kab Kota": "=1+1"})])
    saved = tmp_path / "saved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                # As a program writes what a formula gave.
                content = content.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
                content = content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
                assert b"<v>2</v>" in content
            new.writestr(name, content)
    (permit,) = read(saved, "oss-izin").permits
    assert permit.agreed(Field.REGENCY).value == "2"


def test_a_cell_merged_over_rows_holds_for_each(as_sheet):
    def merge(book):
        book.active.merge_cells("B2:B3")

    second = row(**{"Id Permohonan Izin": "I-2", "NAMA_PERUSAHAAN": None})
    permits = read(as_sheet([HEADINGS, row(), second], before=merge), "oss-izin").permits
    assert [one.agreed(Field.HOLDER_NAME).value for one in permits] == ["PT Sintetis Satu"] * 2


def test_every_sheet_with_the_headings_is_read_and_others_are_named(as_sheet):
    def more(book):
        notes = book.create_sheet("Catatan")
        notes.append(["a note", "of nothing"])
        again = book.create_sheet("Izin 2")
        again.append(HEADINGS)
        again.append(row(**{"Id Permohonan Izin": "I-2"}))

    reading = read(as_sheet([HEADINGS, row()], before=more), "oss-izin")
    assert [one.key(Key.LICENCE_ID) for one in reading.permits] == [LICENCE, "I-2"]
    assert reading.passed_over["Catatan"] == 1


def test_a_row_that_names_nothing_is_refused_and_the_others_are_read(as_sheet):
    nameless = row(**{"Id Permohonan Izin": "-", "nib ": "", "id_proyek": None})
    reading = read(as_sheet([HEADINGS, row(), nameless]), "oss-izin")
    assert (reading.records, reading.refused, len(reading.permits)) == (2, 1, 1)
    assert [(p.code, p.where) for p in reading.problems] == [("import_without_key", "Izin!3")]


def test_two_columns_of_one_name_are_refused(as_sheet):
    with pytest.raises(RefusedError) as caught:
        read(as_sheet([[*HEADINGS, "NIB"], [*row(), "1"]]), "oss-izin")
    assert (caught.value.code, caught.value.where) == ("import_name_twice", "NIB")


def test_columns_that_mean_the_same_and_differ_are_told(as_sheet):
    path = as_sheet([[*HEADINGS, "status_perizinan"], [*row(), "Batal"]])
    (permit,) = read(path, "oss-izin").permits
    assert Field.STATUS not in permit.values
    assert [(p.code, p.where) for p in permit.problems] == [
        ("import_several_values", "Izin!I2, Izin!J2")
    ]


@pytest.mark.parametrize(
    ("delimiter", "codec"),
    [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), ("|", "cp1252")],
)
def test_text_tables_are_read_by_any_delimiter_and_codec(tmp_path, delimiter, codec):
    holder = f'"PT Sintetis {delimiter} é\nSatu"'
    lines = [HEADINGS, row(NAMA_PERUSAHAAN=holder), row(**{"Id Permohonan Izin": "I-2"})]
    path = tmp_path / "izin.csv"
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(codec))
    first, second = read(path, "oss-izin").permits
    assert first.agreed(Field.HOLDER_NAME).value == " ".join(
        f"PT Sintetis {delimiter} é Satu".split()
    )
    assert first.agreed(Field.ISSUED_ON).where == "line 2, H"
    assert second.agreed(Field.ISSUED_ON).where == "line 4, H"
    assert first.key(Key.BUSINESS_ID) == NIB


def test_a_row_that_a_stray_delimiter_broke_is_refused(tmp_path):
    path = tmp_path / "izin.csv"
    broken = row(NAMA_PERUSAHAAN="PT Sintetis, Satu")
    path.write_text("\n".join(",".join(line) for line in [HEADINGS, broken, row()]))
    reading = read(path, "oss-izin")
    assert [(p.code, p.where) for p in reading.problems] == [("import_row_broken", "line 2")]
    assert (reading.records, reading.refused, len(reading.permits)) == (2, 1, 1)


def test_a_shortened_code_in_a_text_table_is_refused(tmp_path):
    path = tmp_path / "izin.csv"
    path.write_text(
        "\n".join(",".join(line) for line in [HEADINGS, row(**{"nib ": "1.23457E+12"})])
    )
    (permit,) = read(path, "oss-izin").permits
    assert [(p.code, p.where) for p in permit.problems] == [
        ("import_code_digits_lost", "line 2, C")
    ]


def test_numbers_of_a_list_follow_the_mappings_decimal_sign(tmp_path):
    path = tmp_path / "modi.csv"
    path.write_text(
        "kode_wiup;nomor_izin;luas\n3363793032014080;1/SK;1.234,56\n3363793032014081;2/SK;1.234\n"
    )
    permits = read(path, "minerba").permits
    assert [one.agreed(Field.DECLARED_AREA_HA).value for one in permits] == [1234.56, 1234.0]


def test_projects_bring_their_place_and_their_land_in_square_metres(as_sheet):
    headings = ["ID Proyek", "NIB", "Longitude", "Latitude", "Luas Tanah", "Satuan Tanah"]
    rows = [
        [PROJECT, NIB, 107.5, -6.9, 2.5, "Ha"],
        ["R-2", NIB, "107,5", "-6,9", "1.500", "M2"],
        ["R-3", NIB, -6.9, 107.5, "25", "m2"],
    ]
    first, second, third = read(as_sheet([headings, *rows]), "oss-proyek").permits
    assert plain(first)["land_area_m2"] == 25_000.0
    assert (plain(second)["longitude"], plain(second)["latitude"]) == (107.5, -6.9)
    assert codes(second.problems) == ["import_number_ambiguous"]
    assert codes(third.problems) == ["import_number_beyond"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("izin.xlsx", b"PK\x05\x06" + bytes(18), "import_form_differs"),
        ("izin.xlsx", b"PK\x03\x04 broken", "import_unreadable"),
        ("izin.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "import_form_unknown"),
        ("izin.csv", b"", "import_unreadable"),
        ("izin.csv", b"a;b\n1;2\n", "import_empty"),
        ("izin.csv", b'nib;id_proyek\n"1;2\n' + b"x" * 200_000, "import_row_unreadable"),
        ("izin.json", b'{"nib": "1"}', "import_form_differs"),
        ("izin.pdf", b"%PDF-1.7\n", "import_form_unknown"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RefusedError) as caught:
        read(path, "oss-izin")
    assert (caught.value.code, caught.value.file) == (code, name)


@pytest.mark.parametrize("name", ["izin.json", "izin.csv"])
def test_json_is_not_called_an_outline(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b'{"nib": "1"}')
    with pytest.raises(RefusedError) as caught:
        read(path, "generic")
    assert (caught.value.code, caught.value.facts["found"]) == ("import_form_differs", "JSON")


def test_a_workbook_that_expands_without_bounds_is_refused_unread(as_sheet, tmp_path):
    path = as_sheet([HEADINGS, row()])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/zeros", bytes(70 << 20))
    begun = time.process_time()
    with pytest.raises(RefusedError) as caught:
        read(bomb, "oss-izin")
    assert caught.value.code == "import_unsafe"
    assert time.process_time() - begun < 5


def test_entities_in_a_workbook_are_not_expanded(as_sheet, tmp_path):
    path = as_sheet([HEADINGS, row()])
    hostile = tmp_path / "hostile.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "boom">]>' + content
            new.writestr(name, content)
    with pytest.raises(RefusedError) as caught:
        read(hostile, "oss-izin")
    assert caught.value.code in {"import_unsafe", "import_unreadable"}
