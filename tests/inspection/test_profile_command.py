"""The command that lists, checks and explains profiles."""

import json

import pytest

from inspection.profiles.reading import profile_names
from tests.inspection.conftest import run

WIDE = {"COLUMNS": "250"}
OFFICE = """
extends = "indonesia-province"
name = "office"
version = "2026-11-25"
[position]
limit_m = 0.5
[flight]
gsd_max_m = 0.1
[certainty]
"position.limit_m" = { sure = "text", source = "circular 7" }
"flight.gsd_max_m" = { sure = "unverified", source = "hearsay" }
"""


def test_without_a_name_it_lists_those_that_come_along():
    done = run("profile", "--language", "en", env=WIDE)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == list(profile_names())
    told = json.loads(run("profile", "--json").stdout)
    assert [one["name"] for one in told["profiles"]] == list(profile_names())


@pytest.mark.parametrize(
    ("language", "secondary", "own"),
    [("en", "secondary source", "own number"), ("id", "sumber sekunder", "angka sendiri")],
)
def test_it_shows_what_stands_behind_each_number(language, secondary, own):
    done = run("profile", "india-ibm-34a", "--language", language, env=WIDE)
    assert done.returncode == 0, done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.split()}
    assert "0.05" in lines["flight.gsd_max_m"]
    assert secondary in lines["flight.gsd_max_m"]
    assert own in lines["detection.growing"]
    assert "generic.toml" in done.stdout


def test_a_file_of_an_office_is_told_merged_and_without_what_nobody_verified(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(OFFICE)
    told = json.loads(run("profile", path, "--json").stdout)
    numbers = {one["name"]: (one["value"], one["sure"], one["source"]) for one in told["numbers"]}
    assert numbers["position.limit_m"] == (0.5, "text", "circular 7")
    assert numbers["clip.ring_m"][:2] == (100.0, "own")
    assert numbers["flight.gsd_max_m"][0] == 0.5
    assert [one["name"] for one in told["extends"]] == ["indonesia-province.toml", "generic.toml"]
    assert told["left_out"] == [{"name": "flight.gsd_max_m", "source": "hearsay"}]
    assert {rule["name"] for rule in told["accuracy"]} > {"Perka BIG 15/2014"}
    said = run("profile", path, "--language", "en", env=WIDE).stdout
    assert "nobody has verified it: flight.gsd_max_m (hearsay)" in said


@pytest.mark.parametrize("language", ["en", "id"])
def test_one_that_cannot_be_meant_is_refused_in_words(tmp_path, language):
    path = tmp_path / "office.toml"
    path.write_text(OFFICE.replace("limit_m = 0.5", "limt_m = 0.5", 1))
    done = run("profile", path, "--language", language)
    assert done.returncode == 3
    told = json.loads(done.stderr.splitlines()[-1])
    assert (told["code"], told["file"]) == ("profile_value_unknown", "office.toml")
    assert told["where"] == "position.limt_m"
    assert "position.limit_m" in told["message"]
