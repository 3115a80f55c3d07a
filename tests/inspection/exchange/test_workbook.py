"""Tables as workbooks, read again by programs that we did not write."""

import io
import shutil
import subprocess
from datetime import UTC, datetime

import openpyxl
import pytest

from geo.errors import RefusedError
from inspection.exchange import workbook as written
from inspection.exchange.workbook import workbook

ROWS = [
    {"permit": "503/001", "ha": 1.234, "rows": 1234, "done": True, "note": None},
    {"permit": "=1+1", "ha": 0.5, "rows": -2, "done": False, "note": "PT \x00 Ñandú; <&> 1.234"},
    {
        "permit": "007",
        "ha": None,
        "rows": 0,
        "done": True,
        "note": datetime(2026, 5, 1, tzinfo=UTC),
    },
]


def test_a_number_stays_one_and_a_text_is_never_reckoned_with() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook("batch", ROWS)))["batch"]
    heading, *lines = ([cell.value for cell in row] for row in sheet.rows)
    assert heading == ["permit", "ha", "rows", "done", "note"]
    assert lines == [
        ["503/001", 1.234, 1234, True, None],
        ["=1+1", 0.5, -2, False, "PT � Ñandú; <&> 1.234"],
        ["007", None, 0, True, "2026-05-01T00:00:00+00:00"],
    ]
    assert sheet["A3"].data_type == "s"
    assert sheet.freeze_panes == "A2"


def test_gdal_reads_the_kinds_of_its_columns(tmp_path) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("needs the system package gdal-bin")
    (tmp_path / "batch.xlsx").write_bytes(workbook("batch", ROWS))
    asked = ["ogrinfo", "-al", tmp_path / "batch.xlsx"]
    told = subprocess.run(asked, capture_output=True, check=True, text=True).stdout
    columns = ("permit: String", "ha: Real", "rows: Integer", "done: Integer(Boolean)")
    assert all(one in told for one in (*columns, "note: String")), told
    assert "ha (Real) = 1.234\n" in told
    assert "permit (String) = =1+1\n" in told
    assert "permit (String) = 007\n" in told


def test_a_table_without_rows_names_its_columns_and_one_too_long_is_refused(monkeypatch) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook("none", [], ["a", "b"])))["none"]
    assert [[cell.value for cell in row] for row in sheet.rows] == [["a", "b"]]
    monkeypatch.setattr(written, "MOST_ROWS", 2)
    with pytest.raises(RefusedError) as refused:
        workbook("batch", ROWS)
    assert refused.value.code == "table_too_long"
