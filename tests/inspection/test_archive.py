"""Permit records: filed once, never overwritten, superseded in order."""

import json
import shutil
import threading

import pytest

from inspection.archive import FolderArchive
from inspection.errors import DisprovedError
from inspection.evidence.manifest import Source, write_manifest
from inspection.ports import Archive

HOSTILE = ["../../etc/passwd", "a/b", "..", "", "x" * 500, "<b>", "CON", "a\nb", "\u202eabc", "ä"]


@pytest.fixture
def reports(inspected, tmp_path):
    """Two sealed reports that differ."""

    def make(number):
        folder = tmp_path / f"report{number}"
        shutil.copytree(inspected.folder, folder)
        if number:
            (folder / "change.tif").unlink()
            document = inspected.document
            write_manifest(
                folder,
                inspection_id=document["id"],
                created_at=document["created_at"],
                inputs=[
                    Source(**s)
                    for s in json.loads((folder / "manifest.json").read_bytes())["inputs"]
                ],
                parameters=document["parameters"],
                software=document["software"],
            )
        return folder

    return make


def archive(tmp_path) -> Archive:
    return FolderArchive(tmp_path / "records")


def test_an_empty_record_is_empty(tmp_path):
    assert archive(tmp_path).filed("A") == ()


def test_filing_twice_is_filing_once(tmp_path, inspected):
    records = archive(tmp_path)
    first = records.file("A", inspected.folder)
    assert records.file("A", inspected.folder) == first
    assert records.filed("A") == (first,)


def test_a_report_that_was_tampered_with_is_not_filed(tmp_path, reports):
    folder = reports(0)
    (folder / "findings.geojson").write_text("{}")
    with pytest.raises(DisprovedError, match="report_not_intact"):
        archive(tmp_path).file("A", folder)
    assert archive(tmp_path).filed("A") == ()


@pytest.mark.parametrize("permit", HOSTILE)
def test_no_permit_id_leads_out_of_the_archive(tmp_path, inspected, permit):
    records = archive(tmp_path)
    filed = records.file(permit, inspected.folder)
    assert records.filed(permit) == (filed,)
    for other in HOSTILE:
        if other != permit:
            assert records.filed(other) == ()
    assert {p.name for p in tmp_path.iterdir() if p.name != "copy"} <= {"records"}


def test_what_is_filed_is_the_report_itself(tmp_path, inspected):
    records = FolderArchive(tmp_path / "records")
    kept = records.report(records.file("A", inspected.folder))
    for path in inspected.folder.rglob("*"):
        if path.is_file():
            assert (kept / path.relative_to(inspected.folder)).read_bytes() == path.read_bytes()


def test_many_at_once_file_one_report_once(tmp_path, inspected):
    answers, faults = [], []

    def file():
        try:
            answers.append(FolderArchive(tmp_path / "records").file("A", inspected.folder))
        except Exception as error:  # noqa: BLE001 - a fault in a thread must reach the test
            faults.append(error)

    threads = [threading.Thread(target=file) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(set(answers)) == 1
    assert len(archive(tmp_path).filed("A")) == 1
