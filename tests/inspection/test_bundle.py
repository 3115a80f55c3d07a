"""A bundle is proven as the folder in it is, and one that is no bundle is refused."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from geo.errors import RefusedError
from inspection.evidence.bundle import unpacked
from tests.inspection.conftest import run


@pytest.fixture
def folder(inspected, tmp_path: Path) -> Path:
    copy = tmp_path / "report-1"
    shutil.copytree(inspected.folder, copy)
    return copy


def packed(folder: Path, target: Path, *, under: str, how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(target, "w", how) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, under + path.relative_to(folder).as_posix())
    return target


@pytest.mark.parametrize("under", ["report-1/", ""])
@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bundle_is_proven_as_its_folder_is(folder, tmp_path, under, how) -> None:
    bundle = packed(folder, tmp_path / "report.zip", under=under, how=how)
    done = run("verify", bundle, "--json")
    assert (done.returncode, json.loads(done.stdout)["flaws"]) == (0, [])


def test_what_was_changed_in_a_bundle_is_named(folder, tmp_path) -> None:
    (folder / "findings.geojson").write_text("{}")
    (folder / "note.txt").write_text("hello")
    done = run("verify", packed(folder, tmp_path / "report.zip", under="report-1/"), "--json")
    told = [(one["code"], one["file"]) for one in json.loads(done.stdout)["flaws"]]
    assert told == [("evidence_extra", "note.txt"), ("evidence_changed", "findings.geojson")]
    assert done.returncode == 5


def test_what_lies_beside_the_folder_in_a_bundle_is_no_part_of_it(folder, tmp_path) -> None:
    bundle = packed(folder, tmp_path / "report.zip", under="report-1/")
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("other/note.txt", "hello")
    done = run("verify", bundle, "--json")
    flaws = json.loads(done.stdout)["flaws"]
    assert (done.returncode, [one["code"] for one in flaws]) == (5, ["evidence_missing"])


def cut(bundle: Path) -> None:
    bundle.write_bytes(bundle.read_bytes()[:-30])


def flipped(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(bytes(content))


def leading_out(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("../outside.txt", "hello")


def through_a_file(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("report-1/manifest.json/inside.txt", "hello")


def bomb(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report-1/manifest.json", bytes(64 << 20))


@pytest.mark.parametrize("spoil", [cut, flipped, leading_out, through_a_file, bomb])
def test_what_cannot_be_unpacked_is_refused_and_leaves_nothing(
    folder, tmp_path, spoil, monkeypatch
) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(desk))
    bundle = packed(folder, tmp_path / "report.zip", under="report-1/")
    spoil(bundle)
    with pytest.raises(RefusedError) as refused, unpacked(bundle):
        pass
    assert refused.value.code == "bundle_unreadable"
    assert not any(desk.iterdir())
    assert not (tmp_path / "outside.txt").exists()
