"""Tables as offices have them, and nonsense: each row is judged before anything runs."""

import json
import time
from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import rasterio
from rich.console import Console
from typer.testing import CliRunner

from inspection.__main__ import app
from inspection.batch.board import TerminalBoard
from inspection.batch.checking import Planned
from inspection.batch.memory import LEAST_MB
from inspection.batch.ordered import Order
from inspection.batch.store import REFUSED, Ended, paper_in
from inspection.batch.table import Line, read_lines
from inspection.errors import RefusedError
from inspection.settings import Settings
from inspection.wording.catalogue import wording
from tests.inspection.conftest import PERMIT, UTM, box, transform, write_boundary

HEAD = "batas;terkini;acuan;kabupaten"


@pytest.fixture
def folder(tmp_path):
    for name in ("a.tif", "b.tif", "sungai-é.tif"):
        (tmp_path / name).write_bytes(b"x")
    write_boundary(tmp_path / "boundary.geojson", PERMIT)
    (tmp_path / "permit.json").write_text('{"id": "TEST/1"}')
    return tmp_path


def judged(folder, content, *more, name="table.csv"):
    """What `--dry-run` says of a table."""
    table = folder / name
    if content is not None:
        table.write_bytes(content if isinstance(content, bytes) else content.encode())
    words = ["batch", str(table), "--out", str(folder / "out"), "--dry-run", "--json"]
    env = {"TINJAU_DATA": str(folder / "data"), "TINJAU_LANGUAGE": "en"}
    done = CliRunner().invoke(app, [*words, *more], env=env)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)


def test_each_row_that_cannot_be_run_has_its_code_its_sentence_and_what_to_do(folder):
    rows = {
        "boundary.geojson;a.tif;b.tif;": None,
        "boundary.geojson;nowhere.tif;;": "batch_file_missing",
        "boundary.geojson;.;;": "batch_file_unreadable",
        "boundary.geojson;;b.tif;": "batch_row_without_current",
        ";a.tif;;": "batch_row_without_boundary",
        "boundary.geojson;a.tif;b.tif": "batch_row_broken",
        "boundary.geojson;a.tif;b.tif;Maros": "batch_row_twice",
        "boundary.geojson;ftp://host/a.tif;;": "batch_source_unknown",
        "boundary.geojson;s3:///;;": "batch_source_unknown",
        f"boundary.geojson;{'0' * 64};;": "object_missing",
        "boundary.geojson;b.tif;auto;": "image_type_unknown",
        "boundary.geojson;" + "x" * 5000 + ";;": "batch_file_missing",
    }
    answer = judged(folder, "\n".join([HEAD, *rows]))
    assert answer["notes"] == []
    assert answer["rows"] == len(rows)
    told = {one["row"]: one for one in answer["problems"]}
    expected = {n: code for n, code in enumerate(rows.values(), 2) if code}
    assert {number: one["code"] for number, one in told.items()} == expected
    assert all(one["message"] and one["hint"] and one["where"] for one in told.values())
    assert "row 2" in told[8]["message"]
    # A column is called as the table calls it.
    assert "terkini" in told[3]["message"]
    assert "current" not in told[3]["message"]
    said = judged(folder, None, "--language", "id")["problems"]
    assert "dengan baris 2." in next(one["message"] for one in said if one["row"] == 8)


@pytest.mark.parametrize("words", [(), ("--profile", "nobodys")])
def test_what_is_refused_as_a_whole_begins_no_batch(folder, words):
    table = folder / "table.csv"
    table.write_text("boundary,current\nboundary.geojson,a.tif\n" if words else "boundary\nx\n")
    done = CliRunner().invoke(app, ["batch", str(table), "--out", str(folder / "out"), *words])
    assert isinstance(done.exception, RefusedError)
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("permit", "permit.json", None),
        ("permit", "absent.json", "batch_file_missing"),
        ("permit", "IUP/12", None),
        ("permit", "broken.json", "permit_unreadable"),
        ("permit", "wrong.json", "permit_value"),
        ("feature", "0", "batch_cell_unreadable"),
        ("feature", "two", "batch_cell_unreadable"),
        ("tanggal_terbang", "2026-05-01", None),
        ("tanggal_terbang", "2026-05-01T09:00+07:00", None),
        ("tanggal_terbang", "kemarin", "batch_cell_time"),
        ("waktu_terbang", "03/10/2026", "batch_cell_time"),
        ("reference_accuracy", "1,5", None),
        ("reference_accuracy", "nan", "batch_cell_unreadable"),
        ("layers", "sungai=permit.json; hutan@2024-05-01=permit.json", None),
        ("layers", "sungai", "layer_malformed"),
        ("layers", "sungai=absent.geojson", "batch_file_missing"),
        ("profile", "indonesia-province", None),
        ("profile", "nobodys", "profile_unknown"),
        ("profile", "absent.toml", "profile_unknown"),
        ("bahasa", "ID", None),
        ("bahasa", "fr", "batch_language_unknown"),
    ],
)
def test_cells_that_are_no_files_are_judged_too(folder, column, cell, code):
    (folder / "broken.json").write_text('{"id": ')
    (folder / "wrong.json").write_text('{"id": []}')
    answer = judged(folder, f'boundary,current,{column}\nboundary.geojson,a.tif,"{cell}"\n')
    assert [one["code"] for one in answer["problems"]] == ([code] if code else [])


def test_where_no_permits_are_on_record_a_row_bears_the_name_that_it_gives(folder):
    rows = ["izin,batas,terkini,acuan", "503/001,boundary.geojson,a.tif,", "503/002,,a.tif,"]
    rows += ["503/003,boundary.geojson,a.tif,", "503/001,boundary.geojson,a.tif,"]
    (folder / "t.csv").write_text("\n".join(rows))
    told = ordered(folder).planned(lambda content, name: paper_in(folder, content, name))
    first, second, third, again = told
    for one, name in ((first, "503/001"), (third, "503/003")):
        record = Path(one.asked.files["permit"].source)
        assert json.loads(record.read_bytes()) == {"id": name}
        assert one.asked.label == f"{name.replace('/', '-')}-a"
        assert (one.note["code"], one.note["facts"]) == (
            "batch_permit_name_alone",
            {"permit": name},
        )
    assert second.problem["code"] == "batch_permit_unknown", "its boundary is nowhere"
    assert again.problem["code"] == "batch_row_twice"


def test_what_is_wrong_with_many_rows_is_said_once(folder):
    rows = [f"boundary.geojson;nowhere-{number}.tif;;" for number in range(30)]
    table = folder / "table.csv"
    bare = ";a.tif;;"
    table.write_text("\n".join([HEAD, *rows[:29], *[bare] * 2, rows[29], *[bare] * 5]))
    words = ["batch", str(table), "--out", str(folder / "out"), "--dry-run", "--language", "en"]
    said = CliRunner().invoke(app, words, env={"TINJAU_DATA": str(folder / "data")}).stdout
    assert said.count("batch_file_missing, rows: 30.") == 1
    assert said.count("slip of the pen") == 1
    assert sum(f"nowhere-{number}.tif" in said for number in range(30)) == 20
    assert "10 more" in said
    # What comes behind is not hidden, and rows of the same sentence are told together.
    assert "batch_row_without_boundary, rows: 7." in said
    assert "31-32, 34-38 " in said


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "batch_table_unreadable"),
        (b"\x00\x01\x02 nothing", "batch_table_unreadable"),
        (b"one,two\n1,2\n", "batch_table_empty"),
        (b"boundary,baseline\na,b\n", "batch_column_missing"),
        (b"boundary,current,terkini\na,b,c\n", "batch_column_twice"),
        (b"boundary,current\n", "batch_table_empty"),
        (b"\x89PNG\r\n\x1a\n", "batch_table_form"),
        (b'boundary,current\n"' + b"x" * 300_000 + b'",y\n', "batch_table_unreadable"),
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole(folder, content, code):
    (folder / "table.csv").write_bytes(content)
    with pytest.raises(RefusedError) as refused:
        read_lines(folder / "table.csv")
    assert refused.value.code == code
    assert refused.value.file == "table.csv"
    for language in ("en", "id"):
        words = wording(language)
        said = words.say(f"errors.{code}.message", **refused.value.facts)
        assert said
        assert "?" not in said


def test_a_row_that_cannot_run_is_called_by_its_permit_its_outline_or_its_flight():
    problem = {"code": "batch_row_twice", "facts": {"first": "2"}}
    cells = {"current": "flights/north.tif"}
    for more, title in (
        ({}, "north"),
        ({"boundary": "outlines/east.geojson"}, "east"),
        ({"boundary": "outlines/east.geojson", "permit": "503/001"}, "503/001"),
    ):
        line = Line(number=3, where="line 3", cells={**cells, **more})
        console = Console(file=StringIO())
        board = TerminalBoard(console, wording("en"), rows=1, known=Counter())
        board.ended(Planned(line=line), Ended(state=REFUSED, problem=problem))
        assert console.file.getvalue().startswith(f"✗ 3 {title}: refused ")


def test_lines_in_several_encodings_are_each_read_as_they_are_meant(folder):
    lines = [b"batas;terkini;acuan", "boundary.geojson;sungai-é.tif;".encode()]
    lines.append("boundary.geojson;sungai-é.tif;a.tif".encode("cp1252"))
    assert judged(folder, b"\n".join(lines))["problems"] == []


def test_a_workbook_and_a_geopackage_say_the_same_as_a_text_table(folder):
    book = openpyxl.Workbook()
    book.active.append(["Daftar inspeksi 2026"])
    book.active.append(["Batas", "Terkini", "Fitur", "Tanggal terbang", "Kabupaten"])
    book.active.append(["boundary.geojson", "a.tif", 1.0, None, "Maros"])
    book.save(folder / "table.xlsx")
    (line,) = read_lines(folder / "table.xlsx")
    assert line.cells == {"boundary": "boundary.geojson", "current": "a.tif", "feature": "1"}
    assert (line.number, line.where, line.others) == (3, "Sheet!3", {"Kabupaten": "Maros"})
    assert line.headings["captured_at"] == "Tanggal terbang"

    layer = {"Terkini": ["a.tif", "b.tif", "x" * 300], "Nama": ["satu", "dua", "tiga"]}
    shapes = [PERMIT, box(200, 30, 290, 130), box(400, 30, 490, 130)]
    gpd.GeoDataFrame(layer, geometry=shapes, crs=UTM).to_file(folder / "table.gpkg")
    answer = judged(folder, None, name="table.gpkg")
    assert answer["rows"] == 3
    assert [(one["row"], one["code"]) for one in answer["problems"]] == [(3, "batch_cell_long")]
    assert "Terkini" in answer["problems"][0]["message"]
    first, second, _ = read_lines(folder / "table.gpkg")
    assert first.cells == {"boundary": "table.gpkg", "feature": "1", "current": "a.tif"}
    assert second.cells["feature"] == "2"
    assert first.others["Nama"] == "satu"


def write_flight(path, when):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=8,
        height=8,
        count=3,
        dtype="uint8",
        crs="EPSG:32750",
        transform=transform(),
    ) as image:
        if when:
            image.update_tags(TIFFTAG_DATETIME=when)


def ordered(folder):
    return Order(
        table=folder / "t.csv",
        permits=None,
        office=None,
        settings=Settings(data=folder / "data"),
        profile="generic",
        language="en",
        workers=1,
        budget_mb=LEAST_MB,
        records=None,
        moment=datetime.now(UTC),
    )


def test_the_latest_earlier_flight_is_found_by_table_and_file(folder):
    for name, when in (("2023", "2023:05:01 08:00:00"), ("2025", "2025:05:01 08:00:00")):
        write_flight(folder / f"{name}.tif", when)
    write_flight(folder / "undated.tif", None)
    write_flight(folder / "other.tif", "2024:05:01 08:00:00")
    write_boundary(folder / "elsewhere.geojson", box(2000, 30, 2090, 130))
    rows = [
        "boundary,current,baseline,waktu_terbang,dsm",
        "boundary.geojson,2023.tif,auto,,",
        "boundary.geojson,2025.tif,Otomatis,,",
        "boundary.geojson,undated.tif,auto,2024-07-01,a.tif",
        "boundary.geojson,b.tif,auto,2026-01-01,",
        "elsewhere.geojson,other.tif,auto,,",
    ]
    (folder / "t.csv").write_text("\n".join(rows))
    told = ordered(folder).planned(lambda content, name: paper_in(folder, content, name))
    assert [one.problem for one in told] == [None] * 5
    found = [{k: v.name for k, v in one.asked.files.items()} for one in told]
    assert [one.get("baseline") for one in found] == [
        None,
        "undated.tif",
        "2023.tif",
        "2025.tif",
        None,
    ]
    assert [one.get("baseline_dsm") for one in found] == [None, "a.tif", None, None, None]
    said = [one.note["code"] if one.note else None for one in told]
    assert said == ["batch_no_earlier_flight", None, None, None, "batch_no_earlier_flight"]

    (folder / "t.csv").write_text("\n".join([*rows[:3], "boundary.geojson,undated.tif,auto,,"]))
    told = ordered(folder).planned(lambda content, name: paper_in(folder, content, name))
    assert told[2].problem["code"] == "batch_flight_undated"


def test_ten_thousand_rows_are_judged_in_seconds(folder):
    flights = folder / "flights"
    flights.mkdir()
    lines = [HEAD]
    for number in range(10_000):
        name = f"flights/{number}.tif"
        if number % 100:
            (folder / name).touch()
        lines.append(f"boundary.geojson;{name};auto;Maros;2026-01-{number % 28 + 1:02}")
    (folder / "table.csv").write_text("\n".join([f"{HEAD};waktu_terbang", *lines[1:]]))
    began = time.process_time()
    answer = judged(folder, None)
    assert (answer["rows"], len(answer["problems"])) == (10_000, 100)
    assert time.process_time() - began < 20
