"""A report knows its number on the permit's record, the report before it, and the history."""

import json

import pytest

from geo.errors import RefusedError
from geo.intake.digest import sha256_of
from inspection.archive import FolderArchive
from inspection.standing import PastReport, record_note
from tests.inspection.conftest import MOMENT, inspect_site

LATER = "2026-11-22T03:00:00+00:00"


def past(number):
    return PastReport(
        version=number,
        inspection=f"TJ-{number}",
        created_at=MOMENT,
        captured_at=None,
        sha256=str(number) * 64,
        ledger_ha={"permit": 1.0},
    )


def test_the_first_report_supersedes_nothing():
    note = record_note([], inspection="TJ-9")
    assert (note.version, note.supersedes, note.history) == (1, None, [])


def test_a_later_report_supersedes_the_last_and_keeps_all_in_mind():
    note = record_note([past(1), past(2)], inspection="TJ-9")
    assert (note.version, note.supersedes) == (3, "2" * 64)
    assert [one.version for one in note.history] == [1, 2]


def test_an_inspection_that_is_on_record_keeps_its_place():
    note = record_note([past(1), past(2), past(3)], inspection="TJ-2")
    assert (note.version, note.supersedes, len(note.history)) == (2, "1" * 64, 1)


def test_without_a_record_nothing_is_numbered():
    note = record_note(None, inspection="TJ-9")
    assert (note.version, note.supersedes, note.history) == (None, None, [])


def inspect_again(site, records, out, moment):
    done = inspect_site(site, records=records, out=out, moment=moment)
    return done, json.loads((out / "inspection.json").read_bytes())


@pytest.fixture(scope="module")
def second(site, inspected, tmp_path_factory):
    """A later inspection of the same permit, on a copy of its record."""
    home = tmp_path_factory.mktemp("second")
    FolderArchive(home / "records").file("TEST/1", inspected.folder)
    done, document = inspect_again(site, home / "records", home / "out", LATER)
    assert done.returncode == 0, done.stderr
    return home, document


def test_the_second_report_names_the_first_and_leaves_it_as_it_was(second, inspected):
    home, document = second
    filed = FolderArchive(home / "records").filed("TEST/1")
    first, record = filed[0], document["record"]
    assert (record["version"], record["supersedes"]) == (2, first.report_sha256)
    assert record["history"][0]["ledger_ha"] == inspected.document["ledger_ha"]
    assert first.report_sha256 == sha256_of(inspected.folder / "inspection.json")
    assert [one.sequence for one in filed] == [1, 2]
    kept = FolderArchive(home / "records").report(filed[0])
    same = inspected.folder / "report.pdf"
    assert (kept / "report.pdf").read_bytes() == same.read_bytes()


def test_inspecting_the_same_again_gives_the_same_report(second, site, inspected, tmp_path):
    home, _ = second
    done, document = inspect_again(site, home / "records", tmp_path / "again", MOMENT)
    assert done.returncode == 0, done.stderr
    assert document == inspected.document
    again, first = tmp_path / "again/report.pdf", inspected.folder / "report.pdf"
    assert again.read_bytes() == first.read_bytes()
    assert len(FolderArchive(home / "records").filed("TEST/1")) == 2


def test_a_report_that_names_another_number_is_not_filed(second, tmp_path):
    home, _ = second
    with pytest.raises(RefusedError, match="report_out_of_turn"):
        FolderArchive(tmp_path / "empty").file("TEST/1", home / "out")
    assert FolderArchive(tmp_path / "empty").filed("TEST/1") == ()


def test_a_damaged_record_is_said_and_loses_nothing(site, inspected, tmp_path):
    FolderArchive(tmp_path / "records").file("TEST/1", inspected.folder)
    for path in (tmp_path / "records").rglob("filed.json"):
        path.write_text("{")
    done, document = inspect_again(site, tmp_path / "records", tmp_path / "out", MOMENT)
    told = json.loads(done.stderr.splitlines()[-1])
    assert (done.returncode, told["code"]) == (3, "record_unreadable")
    assert document["record"]["version"] is None
    assert "record_unknown" in [warning["code"] for warning in document["warnings"]]
    assert (tmp_path / "out/report.pdf").is_file()
