"""Whatever lies in a folder, or is missing, is said, and no file stops another."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspection.check import examination
from inspection.check.checked import Checked, Kind, Question
from inspection.check.processing import examine_processing
from tests.inspection.check.files import (
    STATISTICS,
    alone,
    asked,
    codes,
    image,
    outline,
    square,
)


def test_a_folder_is_looked_through_and_nothing_in_it_stops_the_rest(tmp_path: Path) -> None:
    home = tmp_path / "case"
    home.mkdir()
    image(home / "b.tif")
    (home / "a.tif").write_bytes(b"II*\0broken")
    (home / "b.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    (home / ".hidden.tif").write_bytes(b"x")
    (home / "README.md").write_text("notes")
    (home / "link.tif").symlink_to(home / "b.tif")
    (home / "deep").mkdir()
    outline(home / "deep" / "permit.geojson", square(50, 50, 150, 150))
    answer = asked(home)
    assert [one.file for one in answer.files] == [
        "case/a.tif",
        "case/b.tif",
        "case/deep/permit.geojson",
    ]
    assert [bool(one.refusals) for one in answer.files] == [True, False, False]
    assert codes(answer) == {
        "boundary_from_files", "sidecars_ignored", "files_passed_over", "links_passed_over",
    }  # fmt: skip
    assert answer.boundary == "case/deep/permit.geojson"
    assert answer.files[1].coverage is not None


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder with parts that do not open, seen by a user for whom closed is closed."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "case"
        for part in ("locked", "listed"):
            (home / part).mkdir(parents=True)
            (home / part / "stats.json").write_text(json.dumps(STATISTICS))
        (home / "stats.json").write_text(json.dumps(STATISTICS))
        (home / "open").mkdir()
        (home / "open" / "stats.json").write_text(json.dumps(STATISTICS))
        for folder, mode in ((name, 0o755), (home / "locked", 0), (home / "listed", 0o744)):
            Path(folder).chmod(mode)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        else:
            (home / "listed").chmod(0o400)
        try:
            yield home
        finally:
            if is_root:
                os.seteuid(0)
            for part in ("locked", "listed"):
                (home / part).chmod(0o700)


def test_a_folder_that_does_not_open_is_said(closed: Path) -> None:
    told = {one.file: codes(one) for one in asked(closed).files}
    assert told == {
        "case/listed/stats.json": {"input_unreadable"},
        "case/locked": {"input_unreadable"},
        "case/open/stats.json": set(),
        "case/stats.json": set(),
    }
    (alone_asked,) = asked(closed / "locked").files
    assert (alone_asked.file, codes(alone_asked)) == ("locked", {"input_unreadable"})
    (within,) = asked(closed / "locked" / "stats.json").files
    assert codes(within) == {"input_unreadable"}


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (MemoryError(), "out_of_memory"),
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (OSError(errno.EIO, "torn"), "input_unreadable"),
    ],
)
def test_what_the_machine_lacks_stops_one_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str
) -> None:
    for name in ("bad.json", "good.json"):
        (tmp_path / name).write_text(json.dumps(STATISTICS))

    def examine(path: Path, name: str, question: Question) -> Checked:
        if name == "bad.json":
            raise failure
        return examine_processing(path, name, question)

    monkeypatch.setattr(
        examination, "EXAMINATIONS", {**examination.EXAMINATIONS, Kind.PROCESSING: examine}
    )
    bad, good = asked(tmp_path / "bad.json", tmp_path / "good.json").files
    assert (codes(bad), codes(good)) == ({code}, set())
    assert bad.problems[0].retry is (code != "input_unreadable")


def test_points_side_by_side_have_no_box_and_are_answered(tmp_path: Path) -> None:
    rows = [f"{332900 + n} 9642000 0 {n} 5 gcp_list.tif\n" for n in (0, 10)]
    (tmp_path / "gcp_list.txt").write_text("EPSG:32750\n" + "".join(rows))
    (one,) = asked(tmp_path / "gcp_list.txt").files
    assert "control_points_too_few" in codes(one)


def test_a_path_too_long_to_be_walked_is_said(tmp_path: Path) -> None:
    # Made step by step from within, as no path may name it whole.
    home, begun = tmp_path / "case", Path.cwd()
    home.mkdir()
    try:
        os.chdir(home)
        for _ in range(20):
            os.mkdir("x" * 250)  # noqa: PTH102 - one step, not a path
            os.chdir("x" * 250)
    finally:
        os.chdir(begun)
    (one,) = asked(home).files
    assert one.file.startswith("case/xxx")
    assert codes(one) <= {"input_unreadable", "input_missing"}
    assert one.refusals


def test_links_pipes_and_devices_in_a_folder_are_told_not_followed(
    tmp_path: Path, good: Path
) -> None:
    home = tmp_path / "case"
    (home / "deep").mkdir(parents=True)
    (home / "a.tif").symlink_to(good)
    (home / "deep" / "around").symlink_to(home)
    os.mkfifo(home / "pipe")
    answer = asked(home)
    assert answer.files == ()
    (told,) = (problem for problem in answer.problems if problem.code != "nothing_to_check")
    assert (told.code, told.value, told.facts["first"]) == (
        "links_passed_over", 3, "case/a.tif",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"), [("a.tif", "input_unreadable"), ("loop/a.tif", "input_missing")]
)
def test_a_link_that_leads_round_is_said(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "a.tif").symlink_to(tmp_path / "a.tif")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (one,) = asked(tmp_path / name).files
    assert codes(one) == {code}


def test_two_boundaries_are_not_chosen_between(tmp_path: Path, good: Path, permit: Path) -> None:
    other = outline(tmp_path / "other.geojson", square(0, 0, 50, 50))
    answer = asked(good, permit, other)
    assert answer.boundary is None
    assert codes(answer) == {"coverage_not_measured"}
    assert alone(answer, "good.tif").coverage is None
    assert asked(good, permit, other, boundary=other).boundary == "other.geojson"


def test_a_bad_boundary_does_not_stop_the_image(tmp_path: Path, good: Path) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text("{")
    answer = asked(good, boundary=bad)
    assert [bool(one.refusals) for one in answer.files] == [True, False]


@pytest.mark.parametrize("name", ["good.tif", "folder", "nowhere.kml"])
def test_a_boundary_that_is_none_is_said(tmp_path: Path, good: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    outline(tmp_path / "folder" / "permit.geojson", square(50, 50, 150, 150))
    answer = asked(good, boundary=tmp_path / name)
    assert (answer.boundary, codes(answer)) == (None, {"boundary_of_no_use"})
    assert {one.file for one in answer.files} == {name, "good.tif"}


def test_a_folder_without_anything_is_no_success(tmp_path: Path) -> None:
    answer = asked(tmp_path)
    assert (answer.files, codes(answer)) == ((), {"nothing_to_check"})


@pytest.mark.parametrize("name", ["nowhere.tif", "x" * 300])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    (one,) = asked(tmp_path / name).files
    assert codes(one) == {"input_missing"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tif")
    (one,) = asked(tmp_path / "pipe.tif").files
    assert codes(one) == {"input_unreadable"}
