"""The paper: archival, accessible, of the profile's size, light enough, and the same every time."""

import hashlib
import re
import shutil
import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
import typst

from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.proof import Pages
from inspection.language import Language
from inspection.report import issue as issuing
from inspection.report.issue import LIGHT_BYTES
from inspection.report.judge import folder_flaws, judged
from inspection.report.reprint import reprint
from inspection.report.seal import qr_drawing, verification_code
from inspection.schema import as_json
from tests.inspection.report.conftest import many, plain, poppler


def sealed_hash(inspection):
    return hashlib.sha256(canonical_bytes(as_json(inspection))).hexdigest()


def with_paper(inspection, paper):
    rules = {**inspection.parameters["report"], "paper_mm": list(paper)}
    return replace(inspection, parameters={**inspection.parameters, "report": rules})


def test_it_is_archival_and_accessible(english):
    content = english.pdf.read_bytes()
    assert b"<pdfaid:part>3</pdfaid:part>" in content
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    info = poppler("pdfinfo", english.pdf)
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Encrypted:\s+no", info)
    fonts = poppler("pdffonts", english.pdf).splitlines()[2:]
    assert fonts
    for line in fonts:  # embedded, subset, with the way back to text
        assert re.search(r"\byes yes yes\b", line), line
    assert "Figure" in poppler("pdfinfo", "-struct", english.pdf)


@pytest.mark.parametrize(
    ("paper", "points"), [((215.0, 330.0), (609, 935)), ((210.0, 297.0), (595, 842))]
)
def test_the_page_has_the_size_that_the_profile_asks_for(paper, points, told, printing):
    info = poppler("pdfinfo", printing(with_paper(told, paper)).pdf)
    width, height = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info).groups()
    assert (round(float(width)), round(float(height))) == points


def test_it_carries_the_document_and_prints_its_hash(english, told, tmp_path):
    whole = sealed_hash(told)
    poppler("pdfdetach", "-saveall", "-o", tmp_path, english.pdf)
    carried = tmp_path / "inspection.json"
    assert hashlib.sha256(carried.read_bytes()).hexdigest() == whole
    assert carried.read_bytes() == canonical_bytes(as_json(told))
    assert whole in english.text()
    assert f"sha256:{whole}" in poppler("pdfinfo", english.pdf)
    # On every page, the first digits of it.
    for page in poppler("pdftotext", "-layout", english.pdf, "-").split("\f")[:-1]:
        assert whole[:16] in page


def test_the_qr_says_what_the_seal_is(english, told, tmp_path):
    poppler("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", english.pdf, tmp_path / "page")
    picture = cv2.imread(str(next(tmp_path.glob("page*.png"))))
    read, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read == f"TINJAU {told.id} SHA256 {sealed_hash(told)}"
    assert plain(verification_code(sealed_hash(told))) in english.text()


def test_an_office_with_a_page_for_it_has_its_address_in_the_qr(tmp_path):
    (tmp_path / "qr.svg").write_bytes(qr_drawing("https://example.org/v/ABCD"))
    page = b'#set page(width: 80mm, height: 80mm)\n#image("qr.svg", width: 60mm)'
    (tmp_path / "page.typ").write_bytes(page)
    picture = typst.compile(tmp_path / "page.typ", format="png", ppi=150.0)
    read, *_ = cv2.QRCodeDetector().detectAndDecode(
        cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    )
    assert read == "https://example.org/v/ABCD"


def test_the_place_for_a_signature_is_where_the_box_is_drawn(english, tmp_path):
    stated = re.search(
        r"signature:(\d+),([\d.]+),([\d.]+),([\d.]+),([\d.]+)", poppler("pdfinfo", english.pdf)
    )
    page = int(stated[1])
    x, y, width, height = (float(stated[n]) for n in range(2, 6))
    assert "Reserved for an electronic signature" in english.pages()[page - 1]
    words = poppler("pdftotext", "-bbox", "-f", page, "-l", page, english.pdf, "-")
    spot = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Reserved<', words)
    left, top = (float(v) / 72 * 25.4 for v in spot.groups())
    assert x < left < x + width
    assert y < top < y + height
    # Its frame is drawn there: dark along the edges, white within.
    poppler(
        "pdftoppm",
        "-r",
        "254",
        "-f",
        page,
        "-l",
        page,
        "-gray",
        "-png",
        english.pdf,
        tmp_path / "box",
    )
    picture = cv2.imread(str(next(tmp_path.glob("box*.png"))), cv2.IMREAD_GRAYSCALE)
    edge = picture[round((y + height / 2) * 10), round(x * 10) - 4 : round(x * 10) + 5]
    assert edge.min() < 90
    inside = picture[
        round((y + height * 0.6) * 10), round((x + 5) * 10) : round((x + width - 5) * 10)
    ]
    assert inside.min() > 250


def test_the_same_document_gives_the_same_bytes(told, printing, english):
    again = printing(told)
    for name in ("report.pdf", "report.html", "report-light.pdf"):
        assert (again.folder / name).read_bytes() == (english.folder / name).read_bytes(), name


def test_the_pages_are_proven_by_setting_them_anew(told, english, indonesian, tmp_path):
    for printed in (english, indonesian):  # whatever language the document itself speaks
        for path in (printed.pdf, printed.light):
            content = path.read_bytes()
            assert reprint(content, told, room=tmp_path).pages is Pages.PROVEN
            signed = content + b"\n% signed later"
            assert reprint(signed, told, room=tmp_path).pages is Pages.PROVEN


def test_the_report_of_an_inspection_proves_its_own_pages(inspected):
    document = (inspected.folder / "inspection.json").read_bytes()
    for name in ("report.pdf", "report-light.pdf"):
        assert judged((inspected.folder / name).read_bytes(), document).pages is Pages.PROVEN


def test_the_three_reports_of_a_folder_say_what_its_document_says(inspected, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(inspected.folder, folder)
    assert folder_flaws(folder) == []
    page = folder / "report.html"
    page.write_text(page.read_text("utf-8").replace("findings", "Findings", 1), "utf-8")
    light = folder / "report-light.pdf"
    light.write_bytes(light.read_bytes().replace(b"/MediaBox", b"/MediaBot", 1))
    named = [(flaw.code, flaw.file) for flaw in folder_flaws(folder)]
    assert named == [
        ("evidence_disagrees", "report.html"),
        ("evidence_disagrees", "report-light.pdf"),
    ]


def test_a_page_that_says_something_else_is_noticed(told, english, printing, tmp_path):
    # The pages of a report with another number, around the data of the honest one.
    forged = replace(told, ledger_ha=replace(told.ledger_ha, new=told.ledger_ha.new / 10))
    content = printing(forged).pdf.read_bytes()
    assert reprint(content, told, room=tmp_path).pages is Pages.CHANGED
    content = english.pdf.read_bytes()
    pictures = re.compile(rb"\xff\xd8\xff\xfe.*?\xff\xd9", re.DOTALL)
    inside = [m.span() for m in pictures.finditer(content)]
    outside = [at for at in range(2000, len(content), 40_000) if not within(at, inside)]
    assert len(outside) > 3
    for at in outside[:4]:
        changed = bytearray(content)
        changed[at] ^= 1
        assert reprint(bytes(changed), told, room=tmp_path).pages is Pages.CHANGED


def within(at, spans):
    return any(start <= at < end for start, end in spans)


def test_another_version_does_not_judge_the_pages(told, english, tmp_path):
    for part, value in (("typst", "0.1"), ("printing", "0" * 12), ("tinjau", "0.0.1")):
        older = replace(told, software={**told.software, part: value})
        assert reprint(english.pdf.read_bytes(), older, room=tmp_path).pages is Pages.NOT_COMPARED


def test_the_pages_are_judged_by_a_child_that_harmful_data_cannot_use(told, english):
    document = canonical_bytes(as_json(told))
    assert judged(english.pdf.read_bytes(), document).pages is Pages.PROVEN
    # Data that nothing can be printed from did not print these pages.
    odd = replace(told, position=replace(told.position, method="no such word"))
    assert judged(english.pdf.read_bytes(), canonical_bytes(as_json(odd))).pages is Pages.CHANGED


def test_the_light_paper_stays_light_whatever_was_found(told, printing, english, tmp_path):
    assert english.light.stat().st_size <= LIGHT_BYTES
    heavy = printing(many(told, 300, corners=900))
    assert len(canonical_bytes(as_json(heavy.inspection))) > 2 * LIGHT_BYTES
    assert heavy.light.stat().st_size <= LIGHT_BYTES
    text = heavy.text("report-light.pdf")
    assert "F300" in text
    assert plain("the document is not embedded in it") in text
    assert sealed_hash(heavy.inspection) in text
    content = heavy.light.read_bytes()
    assert reprint(content, heavy.inspection, room=tmp_path).pages is Pages.PROVEN


def test_the_light_paper_lists_what_it_has_room_for_and_counts_the_rest(told, printing, tmp_path):
    crowd = printing(many(told, 1500, corners=12))
    assert crowd.light.stat().st_size <= LIGHT_BYTES
    text = crowd.text("report-light.pdf")
    listed = len(set(re.findall(r"F\d{3,4}(?=veg)", text)))
    assert 20 <= listed < 1500
    assert plain(f"{1500 - listed:,} more findings are listed in the full report.") in text
    assert "F1500" in crowd.text()
    content = crowd.light.read_bytes()
    assert reprint(content, crowd.inspection, room=tmp_path).pages is Pages.PROVEN


def test_the_full_paper_of_many_findings_proves_itself_too(told, printing, tmp_path):
    printed = printing(many(told, 40), Language.INDONESIAN)
    content = printed.pdf.read_bytes()
    assert reprint(content, printed.inspection, room=tmp_path).pages is Pages.PROVEN


def test_the_paper_is_set_while_the_lighter_one_is_drawn_and_neither_disturbs_the_other(
    english, told, inspected, tmp_path, monkeypatch
):
    is_lighter_set, setting, apart = threading.Event(), issuing.typeset, []

    def waiting(report, *, desk, attached):
        if threading.current_thread() is threading.main_thread():
            is_lighter_set.set()
        else:
            apart.append(attached == canonical_bytes(as_json(told)))
        assert is_lighter_set.wait(60)  # one after the other, it would never be
        return setting(report, desk=desk, attached=attached)

    monkeypatch.setattr(issuing, "typeset", waiting)
    issuing.issue(told, pictures=inspected.folder, out=tmp_path, language=Language.ENGLISH)
    assert apart == [True]
    for name in ("report.pdf", "report-light.pdf", "report.html"):
        assert (tmp_path / name).read_bytes() == (english.pdf.parent / name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 3
