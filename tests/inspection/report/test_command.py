"""`tinjau report` and `tinjau verify` on real reports, as a person starts them."""

import ast
import json
import shutil
from pathlib import Path

import pytest

import inspection.report
from tests.inspection import paper
from tests.inspection.conftest import run
from tests.inspection.report.conftest import plain, poppler

SECTIONS = Path(inspection.report.__path__[0]) / "sections"


@pytest.fixture(scope="module")
def reprinted(inspected, tmp_path_factory):
    out = tmp_path_factory.mktemp("reprinted") / "indonesian"
    done = run("report", inspected.folder, "--language", "id", "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "inspection": inspected.document["id"],
        "files": ["report-light.pdf", "report.html", "report.pdf"],
    }
    return out


def test_the_other_language_comes_from_the_same_sealed_data(reprinted, inspected):
    text = plain(poppler("pdftotext", "-layout", reprinted / "report.pdf", "-"))
    assert plain("Lima jawaban") in text
    told = json.loads(run("verify", reprinted / "report.pdf", "--json").stdout)
    assert (told["standing"], told["pages"], told["flaws"]) == ("not_signed", "proven", [])
    own = json.loads(run("verify", inspected.folder / "report.pdf", "--json").stdout)
    assert told["report_sha256"] == own["report_sha256"]


def test_a_signed_report_keeps_its_pages_proven(reprinted, tmp_path):
    holder = paper.holder()
    (tmp_path / "key.p12").write_bytes(holder.p12())
    (tmp_path / "known.pem").write_bytes(holder.pem())
    signed = tmp_path / "signed.pdf"
    done = run(
        "sign",
        reprinted / "report.pdf",
        "--key",
        tmp_path / "key.p12",
        "--out",
        signed,
        stdin=paper.PASSPHRASE + "\n",
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(run("verify", signed, "--trust", tmp_path / "known.pem", "--json").stdout)
    assert (told["standing"], told["pages"]) == ("issuer_known", "proven")
    # The visible signature lies in the box on the page for people, not over its words.
    info = poppler("pdfinfo", reprinted / "report.pdf")
    page = info.split("signature:")[1].split(",")[0]
    words = poppler("pdftotext", "-f", page, "-l", page, "-layout", signed, "-")
    assert "Uji Coba Tinjau" in words
    assert "Diisi oleh petugas" in words


def test_a_report_with_other_pages_is_disproved(reprinted, tmp_path):
    content = (reprinted / "report.pdf").read_bytes()
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(content.replace(b"/MediaBox", b"/MediaBot", 1))
    done = run("verify", forged)
    assert (done.returncode, json.loads(done.stderr)["code"]) == (5, "pages_changed")


def test_a_report_in_a_folder_is_held_to_its_document(inspected, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(inspected.folder, folder)
    assert run("verify", folder).returncode == 0
    page = folder / "report.html"
    page.write_text(page.read_text("utf-8") + "<p>0.0000 ha</p>", "utf-8")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    content = page.read_bytes()
    for entry in manifest["outputs"]:
        if entry["path"] == "report.html":
            entry.update(sha256=paper.hashlib.sha256(content).hexdigest(), size=len(content))
    (folder / "manifest.json").write_bytes(paper.canonical_bytes(manifest))
    done = run("verify", folder)
    told = json.loads(done.stderr)
    assert (done.returncode, told["code"], told["file"]) == (5, "evidence_disagrees", "report.html")


def test_what_cannot_be_printed_is_refused_and_leaves_nothing(inspected, tmp_path):
    spoiled = tmp_path / "spoiled"
    shutil.copytree(inspected.folder, spoiled)
    (spoiled / "findings.geojson").write_text("{}")
    for folder, out, code in (
        (spoiled, tmp_path / "a", "report_not_intact"),
        (tmp_path / "nowhere", tmp_path / "b", "input_missing"),
        (inspected.folder / "report.pdf", tmp_path / "c", "input_missing"),
        (inspected.folder, spoiled, "out_exists"),
    ):
        done = run("report", folder, "--out", out)
        assert json.loads(done.stderr)["code"] == code, done.stderr
        assert done.returncode in (2, 3, 5)
        assert out == spoiled or not out.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["spoiled"]


@pytest.mark.parametrize("module", sorted(SECTIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_section_rounds_nothing_by_itself(module):
    tree = ast.parse(module.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("round", "format"), "the catalogue rounds"
        if isinstance(node, ast.FormattedValue):
            assert node.format_spec is None, "the catalogue rounds"
