"""Evidence: any change to a sealed folder is noticed and named."""

import json
import shutil

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import RefusedError
from geo.intake.digest import sha256_of
from inspection.evidence.canonical import canonical_bytes, from_canonical, read_canonical
from inspection.evidence.verify import require_result, verify
from inspection.settings import Settings
from inspection.wiring import result_proof
from tests.inspection.conftest import run


@pytest.fixture
def folder(inspected, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(inspected.folder, copy)
    return copy


def names(folder):
    return [(flaw.code, flaw.file) for flaw in verify(folder).flaws]


def test_an_untouched_folder_is_intact(folder, inspected):
    proof = verify(folder)
    assert proof.flaws == ()
    assert proof.inspection == inspected.document["id"]
    assert proof.report_sha256 == sha256_of(folder / "inspection.json")
    assert (run("verify", folder).returncode, run("verify", folder, "--quiet").stdout) == (0, "")


def test_one_changed_byte_in_any_file_is_named(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) == 13
    for path in files:
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle] ^= 1
        original = path.read_bytes()
        path.write_bytes(bytes(content))
        named = names(folder)
        if path.name == "manifest.json":
            # What it misnames or misstates is named in its stead.
            assert named
        else:
            assert named == [("evidence_changed", path.relative_to(folder).as_posix())]
        path.write_bytes(original)
    assert names(folder) == []


def test_a_missing_and_an_added_file_are_named(folder):
    (folder / "change.tif").unlink()
    (folder / "stac" / "note.txt").write_text("hello")
    assert names(folder) == [
        ("evidence_missing", "change.tif"),
        ("evidence_extra", "stac/note.txt"),
    ]


def test_a_link_in_place_of_a_file_is_a_change(folder, tmp_path):
    moved = tmp_path / "elsewhere.tif"
    (folder / "current.tif").rename(moved)
    (folder / "current.tif").symlink_to(moved)
    assert names(folder) == [("evidence_changed", "current.tif")]


def test_without_a_manifest_nothing_is_proven(folder):
    (folder / "manifest.json").unlink()
    assert names(folder) == [("evidence_missing", "manifest.json")]
    require_result(folder)


def test_a_folder_that_is_no_result_is_refused_with_where_one_lies(folder, tmp_path):
    require_result(folder)
    outer = tmp_path / "outer"
    outer.mkdir()
    with pytest.raises(RefusedError, match="result_absent"):
        result_proof(outer, None, Settings())
    shutil.copytree(folder, outer / "TJ-1")
    with pytest.raises(RefusedError, match="result_below") as refused:
        result_proof(outer, None, Settings())
    assert refused.value.where == "TJ-1"
    shutil.copytree(folder, outer / "TJ-2")
    with pytest.raises(RefusedError, match="result_absent"):
        result_proof(outer, None, Settings())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace(b'"size":', b'"size": '),
        lambda _: b"[]",
        lambda _: b"{}",
        lambda _: b"\xff",
        lambda text: text.replace(b'"path":"change.tif"', b'"path":"../../change.tif"'),
    ],
    ids=["spaces", "list", "empty", "no text", "path that leaves"],
)
def test_a_manifest_that_was_rewritten_is_named(folder, spoil):
    path = folder / "manifest.json"
    path.write_bytes(spoil(path.read_bytes()))
    assert names(folder) == [("evidence_changed", "manifest.json")]


def reseal(folder, name):
    """What a forger does: correct the hash in the manifest too."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for entry in manifest["outputs"]:
        if entry["path"] == name:
            entry["sha256"] = sha256_of(folder / name)
            entry["size"] = (folder / name).stat().st_size
    (folder / "manifest.json").write_bytes(canonical_bytes(manifest))


@pytest.mark.parametrize(
    ("forge", "file"),
    [
        (lambda d: d["ledger_ha"].update(new=0.0), "inspection.json"),
        (lambda d: d["findings"][0].update(area_m2=1.0), "findings.geojson"),
        (lambda d: d["findings"].pop(), "findings.geojson"),
        (lambda d: d["findings"][0]["vertices"][0][0][0].__setitem__(0, 115.0), "findings.geojson"),
        (lambda d: d.update(id="TJ-20261121-000000000000"), "inspection.json"),
        (lambda d: d["flights"]["current"].update(sha256="0" * 64), "inspection.json"),
        (lambda d: d["parameters"]["clip"].update(ring_m=1.0), "inspection.json"),
        (lambda d: d.pop("ledger_ha"), "inspection.json"),
    ],
    ids=["ledger", "area", "finding gone", "vertex", "id", "input", "parameter", "part gone"],
)
def test_a_forged_number_contradicts_the_other_files(folder, forge, file):
    path = folder / "inspection.json"
    document = json.loads(path.read_bytes())
    forge(document)
    path.write_bytes(canonical_bytes(document))
    assert names(folder) == [("evidence_changed", "inspection.json")]
    reseal(folder, "inspection.json")
    assert names(folder) == [("evidence_disagrees", file)]


def test_the_command_line_disproves_with_5_and_names_the_file(folder):
    path = folder / "inspection.json"
    path.write_bytes(path.read_bytes().replace(b'"confidence":0', b'"confidence":1', 1))
    done = run("verify", folder, "--language", "en", "--json")
    assert done.returncode == 5
    assert json.loads(done.stdout)["flaws"] == [
        {"code": "evidence_changed", "file": "inspection.json"}
    ]
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert (told["code"], told["file"]) == ("evidence_changed", "inspection.json")


def test_verifying_what_is_not_there_is_refused(tmp_path):
    done = run("verify", tmp_path / "nothing")
    assert done.returncode == 3


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e15, 1e15)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_form_survives_reading(document):
    content = canonical_bytes(document)
    assert canonical_bytes(json.loads(content)) == content


TRICKY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["\ue000", "\U00010000", "\x7f", "\u2028", "\x1f", '"', "\\", "/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(document=TRICKY, spoil=st.integers(0, 10**6), by=st.integers(1, 255))
def test_the_quick_way_takes_what_the_standard_takes_and_nothing_else(document, spoil, by):
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    changed = bytearray(written.encode("utf-8", "surrogatepass"))
    changed[spoil % len(changed)] ^= by
    for content in (written.encode("utf-8", "surrogatepass"), bytes(changed)):
        try:
            expected = rfc8785.dumps(json.loads(content)) == content
        except (ValueError, RecursionError, rfc8785.CanonicalizationError):
            expected = False
        try:
            from_canonical(content)
            found = True
        except RefusedError:
            found = False
        assert found == expected, content


def test_the_canonical_form_is_that_of_the_standard(tmp_path):
    # The example of RFC 8785, section 3.2.2, in its own words.
    numbers = [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001]
    document = {
        "numbers": numbers,
        "string": '€$\x0f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical_bytes(document).decode() == expected
    path = tmp_path / "d.json"
    path.write_text(expected.replace(":[null", ": [null"))
    with pytest.raises(RefusedError, match="document_not_canonical"):
        read_canonical(path)
