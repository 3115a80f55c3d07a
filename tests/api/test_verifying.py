"""A report in somebody's hands, held against the record."""

import io
import json
import re

import pytest
from pyhanko.pdf_utils.writer import PdfFileWriter

from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from tests.inspection import paper


@pytest.fixture
def anybody(service):
    with service.client(headers={"Accept-Language": "en"}) as client:
        yield client


@pytest.fixture(scope="module")
def real(service, result_files):
    """A report on the record whose papers are real, and the permit's inspection."""
    report = service.real_report(result_files)
    with service.records.reading(service.offices["here"]) as session:
        return report, session.get_one(InspectionRun, report.inspection_id)


def judged(client, pdf) -> dict:
    answer = client.post(
        "/api/v1/verifications", content=pdf, headers={"Content-Type": "application/pdf"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def empty_pdf() -> bytes:
    out = io.BytesIO()
    PdfFileWriter().write(out)
    return out.getvalue()


def test_a_copy_of_our_own_bytes_is_genuine_and_names_nobody(service, real, anybody, result_files):
    report, _ = real
    with service.records.reading(service.offices["here"]) as session:
        permit = session.get_one(Permit, report.permit_id)
    for name in ("report.pdf", "report-light.pdf"):
        told = judged(anybody, result_files[name])
        assert told["verdict"] == "genuine"
        assert told["report"] == {
            "permit_reference": permit.reference,
            "sha256": report.sha256,
            "code": "-".join(report.sha256[at : at + 4].upper() for at in (0, 4, 8, 12)),
            "created_at": told["report"]["created_at"],
            "decision": "approved",
            "attached_at": None,
            "time_zone": "Asia/Jakarta",
            "superseded_by": None,
            "newer_under_review": False,
        }
        assert told["flaws"] == []


def test_it_is_found_by_its_hash_its_paper_and_the_code_that_is_printed(real, anybody):
    report, _ = real
    code = "-".join(report.sha256[at : at + 4].upper() for at in (0, 4, 8, 12))
    for mark in (
        report.sha256,
        report.sha256.upper(),
        report.files["report.pdf"],
        report.files["report-light.pdf"],
        code,
        code.lower().replace("-", " "),
        code.replace("-", ""),
    ):
        told = anybody.get(f"/api/v1/verifications/{mark}").json()
        assert (told["verdict"], told["report"]["sha256"]) == ("genuine", report.sha256), mark
    for mark in ("0" * 64, "0" * 16, "0" * 17, report.sha256[:15] + "g", "x" * 16):
        answer = anybody.get(f"/api/v1/verifications/{mark}")
        is_hex = re.fullmatch(r"[0-9a-f]+", mark) is not None
        assert answer.status_code == (200 if is_hex else 422), mark
        assert not is_hex or answer.json()["verdict"] == "unknown"


def test_what_was_changed_is_told_as_altered(real, anybody, result_files, tmp_path):
    report, _ = real
    over = judged(anybody, paper.drawn_over(result_files["report.pdf"]))
    assert (over["verdict"], over["report"]["sha256"]) == ("altered", report.sha256)
    assert [one["code"] for one in over["flaws"]] == ["paper_added_to"]
    changed = result_files["inspection.json"].replace(b'"language":"en"', b'"language":"id"')
    assert changed != result_files["inspection.json"]
    told = judged(anybody, paper.report(tmp_path, changed, seal=f"sha256:{report.sha256}"))
    assert told["verdict"] == "altered"
    assert "evidence_changed" in [one["code"] for one in told["flaws"]]
    # The data are genuine, and the pages are another's: they are set anew from the data.
    forged = paper.report(tmp_path, result_files["inspection.json"])
    told = judged(anybody, forged)
    assert told["verdict"] == "altered"
    assert [one["code"] for one in told["flaws"]] == ["pages_changed"]


def test_a_copy_with_one_bit_turned_is_altered_and_never_told_to_stand(
    service, real, anybody, result_files
):
    report, _ = real
    copy = bytearray(result_files["report.pdf"])
    copy[copy.index(b"D:2026") + 5] ^= 1
    service.report("here", run=runs_of(service, report, 1)[0], outcome=None)
    sound = anybody.get(f"/api/v1/verifications/{report.sha256}").json()
    assert "is being reviewed" in sound["sentence"]
    told = judged(anybody, bytes(copy))
    assert (told["verdict"], told["report"]["sha256"]) == ("altered", report.sha256)
    assert "do not rely" in told["sentence"]
    assert "stands" not in told["sentence"]
    assert [one["message"] for one in told["flaws"]] == [
        "The file is not byte for byte the one that was issued: something in it was changed."
    ]


def test_only_a_signature_of_a_known_issuer_leaves_the_pages_proven(
    service, real, anybody, result_files, tmp_path
):
    authority = paper.holder("Uji Coba Penerbit")
    signed = paper.signed_elsewhere(result_files["report.pdf"], paper.holder(issuer=authority))
    told = judged(anybody, signed)
    assert (told["verdict"], told["report"]["sha256"]) == ("unproven", real[0].sha256)
    known = tmp_path / "known.pem"
    known.write_bytes(authority.certificate.public_bytes(paper.serialization.Encoding.PEM))
    settings = service.app.state.settings
    service.app.state.settings = settings.model_copy(update={"trust": known})
    try:
        assert judged(anybody, signed)["verdict"] == "genuine"
    finally:
        service.app.state.settings = settings


def test_what_is_not_on_the_record_is_unknown(anybody, result_files, tmp_path):
    assert judged(anybody, empty_pdf())["verdict"] == "unknown"
    other = json.loads(result_files["inspection.json"])
    other["id"] = "TJ-20261121-000000000000"
    foreign = paper.report(tmp_path, paper.canonical_bytes(other))
    told = judged(anybody, foreign)
    assert (told["verdict"], told["report"]) == ("unknown", None)
    for nonsense in (b"", b"no PDF", b"%PDF-1.7\n" + bytes(1000)):
        answer = anybody.post("/api/v1/verifications", content=nonsense)
        assert (answer.status_code, answer.json()["code"]) == (422, "pdf_unreadable")
    answer = anybody.post("/api/v1/verifications", content=b"%PDF-" + bytes(64 * 2**20))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    form = anybody.post("/api/v1/verifications", files={"a": b"x"})
    assert form.status_code == 415


def test_a_later_report_is_named_with_its_day(service, anybody):
    first = service.report("here", outcome=None)
    with service.records.reading(service.offices["here"]) as session:
        run = session.get_one(InspectionRun, first.inspection_id)
    told = anybody.get(f"/api/v1/verifications/{first.sha256}").json()
    assert (told["verdict"], told["report"]["decision"]) == ("undecided", None)
    second = service.report("here", run=run)
    told = anybody.get(f"/api/v1/verifications/{first.sha256}").json()
    assert told["verdict"] == "superseded"
    later = told["report"]["superseded_by"]
    assert later["sha256"] == second.sha256
    assert later["code"] in told["sentence"]
    assert str(second.created_at.year) in told["sentence"]


def test_only_what_was_decided_takes_the_place_of_a_report(service, anybody):
    def told(report) -> tuple[str, bool]:
        said = anybody.get(f"/api/v1/verifications/{report.sha256}").json()
        assert said["report"]["newer_under_review"] is ("is being reviewed" in said["sentence"])
        return said["verdict"], said["report"]["newer_under_review"]

    machine = service.report("here", outcome=None)
    older, later, latest = runs_of(service, machine, 3)
    decided = service.report("here", run=older)
    assert told(decided) == ("genuine", False)
    undecided = service.report("here", run=later, outcome=None)
    assert (told(decided), told(undecided)) == (("genuine", True), ("undecided", False))
    with service.as_role(Role.REVIEWER) as reviewer:
        reports = reviewer.get(f"/api/v1/permits/{machine.permit_id}/reports").json()["items"]
        by_id = [one["superseded_by_id"] for one in reports]
        assert by_id == [None, None, str(decided.id)], "newest first"
        # What nobody decided keeps nobody from attaching what was decided.
        assert reviewer.post(f"/api/v1/reports/{decided.id}/attach").status_code == 201
    second = service.report("here", run=latest)
    assert (told(decided), told(undecided)) == (("superseded", False), ("superseded", False))
    # An inspection asked for earlier and decided late: nobody's place is taken.
    late = service.report("here", run=later)
    assert (told(second), told(late)) == (("genuine", False), ("genuine", False))


def runs_of(service, report, count) -> list[InspectionRun]:
    """The inspection of a report, and later ones of the same permit."""
    more = [
        service.inspection("here", permit_id=report.permit_id, picture=bytes([at]))
        for at in range(1, count)
    ]
    with service.records.reading(service.offices["here"]) as session:
        return [session.get_one(InspectionRun, one) for one in (report.inspection_id, *more)]
