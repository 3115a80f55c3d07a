"""`tinjau check` as a person starts it: exit codes, output, languages."""

import json

import pytest

from tests.geo.intake.jpegs import exif, photo
from tests.inspection.conftest import run


def last(done):
    return json.loads(done.stderr.strip().splitlines()[-1])


def test_a_good_flight_ends_with_0_and_a_table(site):
    done = run("check", site.file("current.tif"), "--boundary", site.file("boundary.geojson"),
               "--language", "en")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("current.tif", "orthophoto", "boundary.geojson", "All 2 can be used."):
        assert words in done.stdout


def test_json_is_one_object_with_the_gap_in_it(site, tmp_path):
    gap = tmp_path / "gap.geojson"
    done = run("check", site.file("current.tif"), "--boundary", site.file("boundary.geojson"),
               "--json", "--gap", gap, "--profile", "indonesia-province")  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["schema"], told["refused"]) == ("tinjau.check/1", 0)
    image = next(one for one in told["files"] if one["file"] == "current.tif")
    assert set(image) == {
        "file", "kind", "size", "verdict", "what", "place", "coverage", "problems",
    }  # fmt: skip
    assert image["coverage"]["gap"]["type"] == "MultiPolygon"
    # The unseen part of the picture (60 by 80 pixels of 0.25 m) lies within the permit.
    assert image["coverage"]["gap_ha"] == pytest.approx(0.03, rel=0.03)
    for problem in image["problems"]:
        assert set(problem) == {
            "level", "code", "value", "limit", "where", "message", "hint", "retry",
        }  # fmt: skip
    drawn = json.loads(gap.read_text())
    (feature,) = drawn["features"]
    assert feature["geometry"] == image["coverage"]["gap"]
    again = run("check", site.file("current.tif"), "--gap", gap)
    assert (again.returncode, last(again)["code"]) == (2, "out_exists")


@pytest.mark.parametrize(("language", "word"), [("en", "cannot be used"), ("id", "tidak dapat")])
def test_one_bad_file_stops_no_other_and_is_named_last(site, tmp_path, language, word):
    bad = tmp_path / "bad.tif"
    bad.write_bytes(b"II*\0")
    done = run("check", bad, site.file("current.tif"), "nowhere.tif", "--language", language)
    assert done.returncode == 3
    assert (last(done)["code"], last(done)["file"]) == ("image_truncated", "bad.tif")
    assert word in done.stdout
    assert "current.tif" in done.stdout
    assert "input_missing" in done.stdout


def test_quiet_prints_nothing_but_the_error(tmp_path):
    done = run("check", photo(tmp_path / "a.jpg", notes=exif()), "--quiet", "--language", "en")
    assert (done.returncode, done.stdout) == (3, "")
    assert set(last(done)) == {"code", "message", "hint", "file", "where"}


def test_a_folder_without_any_input_says_so(tmp_path):
    (tmp_path / "notes.md").write_text("x")
    done = run("check", tmp_path, "--language", "en")
    assert done.returncode == 0
    assert "files_passed_over" in done.stdout


def test_check_without_files_is_a_wrong_call():
    done = run("check")
    assert (done.returncode, last(done)["code"]) == (2, "usage")


def test_names_that_command_a_terminal_are_shown_without_it(tmp_path):
    (tmp_path / "a\x1b[31mb.txt").write_text("x")
    done = run("check", tmp_path / "a\x1b[31mb.txt", "--language", "en")
    assert "\x1b" not in done.stdout + done.stderr


def test_a_gap_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    for name, code in (("missing/gap.geojson", "out_impossible"), ("dangling", "out_exists")):
        done = run("check", "nowhere.tif", "--gap", tmp_path / name)
        assert (done.returncode, last(done)["code"], done.stdout) == (2, code, "")


def test_a_folder_with_nothing_in_it_is_not_called_usable(tmp_path):
    done = run("check", tmp_path, "--language", "en")
    assert (done.returncode, "can be used" in done.stdout) == (0, False)
    assert "[nothing_to_check]" in done.stdout
