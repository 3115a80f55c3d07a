"""Reports on paper: the data inside them, and PDFs that were made to do harm."""

import json
import os
import re
import resource
import time
import zlib
from functools import cache

import pytest

from geo.errors import RefusedError
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.examination import LONGEST, examined, proof_of
from inspection.evidence.examiner import findings
from inspection.evidence.paper import BOX, SEAL
from inspection.evidence.proof import Box, Pages, Standing
from tests.inspection import paper
from tests.inspection.conftest import run


@pytest.fixture(scope="module")
def document(inspected):
    return paper.aged(inspected.document)


@pytest.fixture(scope="module")
def report(document, tmp_path_factory):
    return paper.report(tmp_path_factory.mktemp("paper"), document)


def looked_at(pdf, trust=()):
    """The examination without its process: quick, for what is not about that process."""
    answer = findings(pdf, list(trust))
    return answer["refused"] if "refused" in answer else proof_of(pdf, answer)


def named(pdf):
    proof = looked_at(pdf)
    return proof if isinstance(proof, str) else [(f.code, f.file) for f in proof.flaws]


def test_a_report_as_it_was_made_is_intact_and_not_signed(report, inspected, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(report)
    proof = examined(report)
    assert proof.flaws == ()
    assert proof.standing is Standing.NOT_SIGNED
    assert proof.inspection == inspected.document["id"]
    assert proof.box == Box(page=2, left_mm=120, top_mm=200, width_mm=70, height_mm=30)
    said = run("verify", path, "--language", "en")
    assert said.returncode == 0, said.stderr
    assert f"Intact, not signed: inspection {inspected.document['id']}" in said.stdout
    assert "The pages were not compared with the data" in said.stdout
    assert "it is not known who made the file" in said.stdout
    told = json.loads(run("verify", path, "--json").stdout)
    assert (told["standing"], told["signatures"], told["flaws"]) == ("not_signed", [], [])


def test_a_changed_number_is_noticed(document, tmp_path):
    changed = json.loads(document)
    changed["ledger_ha"]["new"] += 0.001
    other = canonical_bytes(changed)
    seal = "sha256:" + SEAL.findall(f"sha256:{paper.hashlib.sha256(document).hexdigest()}")[0]
    assert named(paper.report(tmp_path / "a", other, seal=seal)) == [
        ("evidence_changed", "inspection.json"),
        ("evidence_disagrees", "inspection.json"),
    ]
    # With the seal made anew the ledger still does not add up.
    assert named(paper.report(tmp_path / "b", other)) == [("evidence_disagrees", "inspection.json")]


def test_data_changed_together_with_their_seal_agree_with_themselves(document, tmp_path):
    """What only a signature proves: whoever changes both is not noticed, and this is said."""
    changed = json.loads(document)
    changed["ledger_ha"]["new"] += 0.25
    changed["ledger_ha"]["undisturbed"] -= 0.25
    proof = looked_at(paper.report(tmp_path / "a", canonical_bytes(changed)))
    assert (proof.standing, proof.flaws) == (Standing.NOT_SIGNED, ())


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda d: d.replace(b'"findings":', b'"findings": '), "evidence_disagrees"),
        (lambda _: b"{}", "evidence_disagrees"),
        (lambda _: b"[" * 50_000, "evidence_disagrees"),
        (lambda _: b"\xff\xfe", "evidence_disagrees"),
        (lambda d: d.replace(b"tinjau.inspection/1", b"tinjau.inspection/9"), "evidence_disagrees"),
    ],
    ids=["spaces", "empty", "deep", "no text", "other schema"],
)
def test_what_is_no_inspection_of_ours_is_no_evidence(document, tmp_path, spoil, expected):
    assert named(paper.report(tmp_path / "a", spoil(document))) == [(expected, "inspection.json")]


def test_what_is_missing_or_too_much_is_named(document, tmp_path):
    gone = paper.report(tmp_path / "a", document, files={})
    assert named(gone) == [("evidence_missing", "inspection.json")]
    more = paper.report(
        tmp_path / "b", document, files={"inspection.json": document, "note.json": b"1"}
    )
    assert named(more) == [("evidence_extra", "note.json")]
    unsealed = paper.report(tmp_path / "c", document, keywords=["tinjau"])
    assert named(unsealed) == [("evidence_missing", "sha256")]
    assert looked_at(paper.report(tmp_path / "d", document, files={}, keywords=["x"])) == (
        "pdf_not_ours"
    )


def test_a_name_in_a_pdf_is_printed_and_never_obeyed(report):
    other = report.replace(
        b"(inspection.json)", b"(" + "\ufeff\x1b[31ma".encode("utf-16-be") + b") "
    )
    extra = ("evidence_extra", "\ufffd[31ma")
    assert named(other) == [("evidence_missing", "inspection.json"), extra]


def test_two_files_of_the_one_name_are_one_too_many(report):
    twice = re.sub(
        rb"/EmbeddedFiles<</Names\[\((inspection\.json)\)(\d+ 0 R)\]>>>>/AF\[\d+ 0 R\]",
        lambda m: b"/EmbeddedFiles<</Names[(a)" + m[2] + b"(b)<</F(inspection.json)/EF<<>>>>]>>>>",
        report,
    )
    assert len(twice) != len(report)
    mended = paper.with_mended_table(twice)
    assert ("evidence_extra", "inspection.json") in named(mended)


def test_the_seal_must_be_the_same_wherever_it_stands(report):
    where = [match.start(1) for match in SEAL.finditer(report.decode("latin-1"))]
    assert len(where) == 2, "in the document information and in its description (XMP)"
    for place in where:
        other = bytearray(report)
        other[place] = ord("0") if other[place] != ord("0") else ord("1")
        assert named(bytes(other)) == [("evidence_changed", "inspection.json")]


def test_a_changed_byte_in_the_embedded_file_is_noticed(report):
    """In many places: packed or not, no byte of it can be another."""
    start, end = paper.embedded_at(report)
    for place in range(start, end, (end - start) // 40):
        other = bytearray(report)
        other[place] ^= 1
        assert named(bytes(other))[0] == ("evidence_changed", "inspection.json"), place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, signature:1,2,3,40,50, b", [("1", "2", "3", "40", "50")]),
        ("signature:3,12.5,200.25,70,30", [("3", "12.5", "200.25", "70", "30")]),
        ("signature:1,2,3,40,50 other", [("1", "2", "3", "40", "50")]),
        ("<li>signature:1,2,3,40,50</li>", [("1", "2", "3", "40", "50")]),
        ("designature:1,2,3,40,50", []),
        ("signature:1,2,3,40", []),
        ("signature:-1,2,3,40,50", []),
        ("signature:1,2,3,40,1e9", []),
        ("signature:1,2,3,40,99999", []),
    ],
)
def test_the_reserved_box_is_read_from_the_keywords(text, expected):
    assert [m for m in BOX.findall(text) if m] == expected or (expected == [] and "e9" in text)


def test_the_pages_are_looked_at_where_all_else_agrees(report, document):
    seen = []

    def look(pdf, held):
        seen.append((pdf, held))
        return Pages.CHANGED

    proof = examined(report, look=look)
    assert seen == [(report, document)]
    assert proof.pages is Pages.CHANGED
    assert [f.code for f in proof.flaws] == ["pages_changed"]


# What was made to do harm.


def pdf_of(objects, *, trailer=b"", root=1):
    """A PDF of the given objects, numbered from 1, with a true table."""
    parts, places, length = [b"%PDF-1.7\n"], [], 9
    for number, content in enumerate(objects, 1):
        places.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        length += len(parts[-1])
    body = b"".join(parts)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (len(objects) + 1, root, trailer)
    return body + table + end + b"startxref\n%d\n%%%%EOF\n" % len(body)


CATALOG = (
    b"<</Type/Catalog/Pages 2 0 R/AF[3 0 R]"
    b"/Names<</EmbeddedFiles<</Names[(inspection.json)3 0 R]>>>>>>"
)
PAGES = b"<</Type/Pages/Count 0/Kids[]>>"
ENTRY = b"<</Type/Filespec/F(inspection.json)/UF(inspection.json)/EF<</F 4 0 R/UF 4 0 R>>>>"


def stream(data, filters=b"/FlateDecode"):
    return b"<</Length %d/Filter[%s]>>\nstream\n%s\nendstream" % (len(data), filters, data)


@cache
def zeros():
    """A gibibyte of nothing, packed: a few megabytes."""
    packing = zlib.compressobj(1)
    nothing = bytes(2**24)
    return b"".join([*(packing.compress(nothing) for _ in range(64)), packing.flush()])


def bomb():
    return pdf_of([CATALOG, PAGES, ENTRY, stream(zeros())])


def double_bomb():
    packed = zlib.compress(zeros(), 9)
    return pdf_of([CATALOG, PAGES, ENTRY, stream(packed, b"/FlateDecode/FlateDecode")])


def loop_of_tables():
    start = pdf_of([CATALOG, PAGES, ENTRY])
    place = start.index(b"xref\n")
    return start.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % place)


def loop_of_names():
    kid = CATALOG.replace(b"<</Names[(inspection.json)3 0 R]>>", b"4 0 R")
    return pdf_of([kid, PAGES, ENTRY, b"<</Kids[4 0 R 4 0 R]>>"])


def loop_of_fields():
    form = CATALOG.replace(b"/AF", b"/AcroForm<</Fields[4 0 R]>>/AF")
    return pdf_of([form, PAGES, ENTRY, b"<</T(a)/Kids[4 0 R 4 0 R]>>"])


def loop_of_references():
    return pdf_of([CATALOG, PAGES, b"4 0 R", b"3 0 R"])


def many_objects(count=200_000):
    return pdf_of([CATALOG, PAGES, ENTRY, *[b"[1 0 R 2 0 R]"] * count])


def many_signatures():
    form = CATALOG.replace(b"/AF", b"/AcroForm<</Fields[%s]>>/AF" % (b"4 0 R " * 4000))
    field = b"<</FT/Sig/T(a)/V<</Contents<00>/ByteRange[0 1 2 3]>>>>"
    return pdf_of([form, PAGES, ENTRY, field])


HARMFUL = {
    "nothing": lambda _: b"",
    "only a name": lambda _: b"%PDF-1.7\n",
    "garbage": lambda _: b"%PDF-1.7\n" + bytes(range(256)) * 4000,
    "deep": lambda _: pdf_of([b"[" * 200_000, PAGES]),
    "deep names": lambda _: pdf_of([b"<</A" * 100_000, PAGES]),
    "bomb": lambda _: bomb(),
    "bomb in a bomb": lambda _: double_bomb(),
    "loop of tables": lambda _: loop_of_tables(),
    "loop of names": lambda _: loop_of_names(),
    "loop of fields": lambda _: loop_of_fields(),
    "loop of references": lambda _: loop_of_references(),
    "many objects": lambda _: many_objects(),
    "many signatures": lambda _: many_signatures(),
    "huge table": lambda _: pdf_of([CATALOG, PAGES]).replace(b"0 3\n", b"0 4294967295\n"),
    "cut short": lambda report: report[: len(report) * 6 // 10],
    "without its head": lambda report: report[100:],
    "locked": lambda _: pdf_of(
        [CATALOG, PAGES, ENTRY, b"<</Filter/Standard/V 1/R 2/O(a)/U(b)/P -4>>"],
        trailer=b"/Encrypt 4 0 R/ID[(a)(b)]",
    ),
}
CODES = {"pdf_unreadable", "pdf_takes_too_much", "pdf_not_ours"}


@pytest.mark.parametrize("kind", HARMFUL)
def test_a_harmful_pdf_is_told_in_a_code_soon_and_in_little_memory(kind, report):
    pdf = HARMFUL[kind](report)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    try:
        proof = examined(pdf)
    except RefusedError as error:
        assert error.code in CODES  # noqa: PT017 - either way of being told is right
    else:
        assert proof.standing is Standing.DISPROVED
    assert time.monotonic() - started < 60
    # The child itself cannot take more than it is allowed: that is tested below.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kilobytes"


def test_a_bomb_does_not_unfold():
    with pytest.raises(RefusedError, match="pdf_takes_too_much"):
        examined(bomb())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_ALLOWANCE", {"memory_bytes": 2**30, "seconds": 1, "answer_bytes": 2**20}),
        ("_ALLOWANCE", {"memory_bytes": 2**30, "seconds": 30, "answer_bytes": 100}),
        ("_WALL_SECONDS", 0.5),
    ],
    ids=["processor", "answer", "wall"],
)
def test_the_examiner_is_stopped_at_its_limits(name, value, report, monkeypatch):
    monkeypatch.setattr(f"inspection.evidence.examination.{name}", value)
    is_of_time = name == "_WALL_SECONDS" or value["seconds"] == 1
    pdf = many_objects(600_000) if is_of_time else report  # one that takes seconds, however quick
    with pytest.raises(RefusedError, match="pdf_takes_too_much"):
        examined(pdf)


def test_what_is_too_large_is_not_even_read(tmp_path):
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(LONGEST + 1)
    said = run("verify", path)
    assert (said.returncode, json.loads(said.stderr)["code"]) == (3, "pdf_too_large")


def test_what_is_no_pdf_is_refused(tmp_path):
    path = tmp_path / "notes.pdf"
    path.write_text("hello")
    said = run("verify", path)
    assert (said.returncode, json.loads(said.stderr)["code"]) == (3, "pdf_unreadable")
    assert "Traceback" not in said.stderr


def test_what_never_ends_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "report.pdf")
    said = run("verify", tmp_path / "report.pdf", timeout=60)
    assert (said.returncode, json.loads(said.stderr)["code"]) == (3, "input_unreadable")


def test_the_examiner_has_neither_environment_nor_rights(report, monkeypatch):
    monkeypatch.setenv("TINJAU_SECRET", "sentinel")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import os, json; from inspection.evidence import examiner;"
        "examiner.findings = lambda content, trust: {'refused': json.dumps("
        "[sorted(os.environ), readable('/etc/passwd')])};"
        "readable = lambda name: os.access(name, os.R_OK) and bool(opened(name));"
        "exec('''def opened(name):\n try:\n  return open(name).read()\n"
        " except OSError:\n  return False''');"
        "examiner.main()"
    )
    monkeypatch.setattr("inspection.evidence.child._START", code)
    with pytest.raises(RefusedError) as refused:
        examined(report)
    environment, reads = json.loads(refused.value.code)
    assert "TINJAU_SECRET" not in environment
    assert "PATH" not in environment
    assert reads is False
