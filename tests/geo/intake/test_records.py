"""What leaves the child of a table or a tree: plain values, bounded, and nothing unwanted."""

import json

import openpyxl
import pytest

from geo.intake.records import Odd, Stamp, read_table, read_tree
from geo.vector.unfit import Reason, Unfit

NOBODYS = "3201019999999999"
UNWANTED = frozenset({"nik", "e_mail"})


def test_unwanted_branches_never_leave_the_child(tmp_path):
    path = tmp_path / "tree.json"
    inner = {
        "NIK ": NOBODYS,
        "kept": 1,
        "deep": [{"nik": NOBODYS}, {"nik": ""}],
        "E-mail": [NOBODYS],
    }
    path.write_text(json.dumps({"rows": [inner]}))
    tree = read_tree(path, subject="layer", unwanted=UNWANTED)
    assert NOBODYS not in repr(tree)
    assert tree.root == {"rows": [{"kept": 1, "deep": [{}, {}]}]}
    assert tree.dropped == {"nik": 2, "e_mail": 1}


def test_unwanted_columns_never_leave_the_child(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["code", "N.I.K", "name", "E-Mail"])
    book.active.append(["007", NOBODYS, 3.5, NOBODYS])
    book.active.append([True, None, None, NOBODYS])
    path = tmp_path / "table.xlsx"
    book.save(path)
    text = tmp_path / "table.csv"
    text.write_text(f"code;NIK;name;e mail\n007;{NOBODYS};3,5;{NOBODYS}\n")
    known = frozenset({"code", "name"})
    unwanted = UNWANTED | {"n_i_k"}
    table = read_table(path, subject="layer", known=known, unwanted=unwanted)
    plain = read_table(text, subject="layer", known=known, unwanted=unwanted)
    assert NOBODYS not in repr(table) + repr(plain)
    assert table.dropped == {"n_i_k": 1, "e_mail": 2}
    assert plain.dropped == {"nik": 1, "e_mail": 1}
    first, second = table.sheets[0].rows
    assert (first.cells["code"], first.cells["name"]) == ("007", 3.5)
    assert second.cells["code"] is True


def test_cells_keep_what_they_are(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.active.append(["#N/A", "=1+1"])
    book.active["A3"] = 45376
    book.active["A3"].number_format = "yyyy-mm-dd"
    path = tmp_path / "table.xlsx"
    book.save(path)
    known = frozenset({"code", "name"})
    first, second = (
        read_table(path, subject="layer", known=known, unwanted=frozenset()).sheets[0].rows
    )
    assert (first.cells["code"], first.cells["name"]) == (Odd(kind="error"), Odd(kind="formula"))
    assert second.cells["code"] == Stamp(text="2024-03-25")


def test_more_than_can_be_meant_is_refused(tmp_path):
    deep, long = tmp_path / "deep.json", tmp_path / "long.csv"
    deep.write_text("[" * 200_000 + "]" * 200_000)
    with pytest.raises(Unfit) as caught:
        read_tree(deep, subject="layer", unwanted=frozenset())
    assert caught.value.reason is Reason.UNREADABLE
    long.write_text("code;name\n" + "1;2\n" * 200_001)
    with pytest.raises(Unfit) as caught:
        read_table(long, subject="layer", known=frozenset({"code", "name"}), unwanted=frozenset())
    assert (caught.value.reason, caught.value.facts["limit"]) == (Reason.TOO_LARGE, 200_000)
