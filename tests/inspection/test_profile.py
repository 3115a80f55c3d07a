"""Profiles: dated files of numbers, checked before anything is decided by them."""

import hashlib
import tomllib
from pathlib import Path

import pytest

import inspection.profiles
from geo.errors import RefusedError
from inspection.language import Language
from inspection.profiles.certainty import leaves
from inspection.profiles.profile import read_profile
from inspection.profiles.reading import profile_names

FOLDER = Path(inspection.profiles.__path__[0])
GENERIC = (FOLDER / "generic.toml").read_text("utf-8")


GENERIC_OWN = "default of this product"
"""What stands behind parts of the defaults that a profile on top of them may all say itself."""

SHIPPED = ["generic", "india-ibm-34a", "indonesia-province"]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_profiles_that_come_along_are_whole_and_dated(name):
    assert name in profile_names()
    profile = read_profile(name)
    content = (FOLDER / f"{name}.toml").read_bytes()
    assert profile.name == name
    assert profile.version == tomllib.loads(content.decode())["version"]
    assert profile.origin.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_profile_says_of_itself_is_said_in_both_languages(name):
    profile = read_profile(name)
    said = {profile.title, profile.authority, profile.source}
    said |= {one.source for one in profile.certainty.values()}
    said |= {one.source for one in profile.left_out} | {one.source for one in profile.accuracy.rule}
    for text in said:
        # It is written in one of them, and translated into the other.
        every = {profile.said(text, language) for language in Language}
        assert len(every) == len(Language), text
        assert text in every
    known = set().union(*profile.translations.values())
    own = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["translations"]
    assert set().union(*own.values()) <= said | {GENERIC_OWN}, "nothing that is said no more"
    assert known >= said


def test_an_office_may_bring_its_own(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(GENERIC.replace("ring_m = 100.0", "ring_m = 250.0"))
    assert read_profile(str(path)).clip.ring_m == 250.0


def refused(tmp_path, text, name="office.toml"):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(RefusedError) as caught:
        read_profile(str(path))
    return caught.value


@pytest.mark.parametrize(
    ("change", "code", "where", "facts"),
    [
        (("ring_m = 100.0", "ring_m = -1.0"), "profile_value", "clip.ring_m", ("-1.0", "≥ 0")),
        (("ring_m = 100.0", 'ring_m = "wide"'), "profile_value", "clip.ring_m", ("wide", "number")),
        (("ring_m = 100.0", 'ring_m = "100"'), "profile_value", "clip.ring_m", ("100", "number")),
        (("ring_m = 100.0", "ring_m = inf"), "profile_value", "clip.ring_m", None),
        (("ring_m = 100.0", ""), "profile_value_missing", "clip.ring_m", None),
        (
            ("ring_m = 100.0", "ring_m = 100.0\nrung_m = 1.0"),
            "profile_value_unknown",
            "clip.rung_m",
            "clip.ring_m",
        ),
        (("[layers]", "[leyers]"), "profile_value_unknown", "leyers", "layers"),
        (("false_share =", "fals_share ="), "profile_value_unknown", None, "detection.false_share"),
        (("year = 2023", "yaer = 2023"), "profile_value_unknown", None, "accuracy.rule.0.year"),
        (('name = "generic"', 'name = "generic"\norigin = 1'), "profile_value_unknown", None, None),
        (("_share = 0.95", "_share = 95"), "profile_value", None, ("95", "≤ 1")),
        (("tile_px = 768", "tile_px = 10.5"), "profile_value", "detection.tile_px", None),
        (("2026-11-21", "1"), "profile_value", "version", ("1", "YYYY-MM-DD")),
        (("2026-11-21", "2026-13-21"), "profile_value", "version", ("2026-13-21", "YYYY-MM-DD")),
        (("[clip]", "[clip"), "profile_unreadable", None, None),
        (('measure = "rmse"', 'measure = "rms"'), "profile_value", None, ("rms", "'ce90', 'rmse'")),
        (('clip = { sure = "own"', "clip = { sure = 1"), "profile_value", "certainty.clip.sure", None),  # noqa: E501
        (("[certainty]", "[clip.x]\ny = 1\n[certainty]"), "profile_value_unknown", "clip.x", None),
    ],
)  # fmt: skip
def test_a_profile_that_cannot_be_meant_is_refused_with_its_place(
    tmp_path, change, code, where, facts
):
    assert change[0] in GENERIC
    error = refused(tmp_path, GENERIC.replace(*change, 1))
    assert error.code == code
    assert where is None or error.where == where
    if isinstance(facts, tuple):
        assert (error.facts["value"], error.facts["allowed"]) == facts
    elif facts:
        assert error.facts["nearest"] == facts


def test_what_a_file_holds_is_not_repeated_where_it_is_long_or_strange(tmp_path):
    error = refused(
        tmp_path, GENERIC.replace("ring_m = 100.0", f'ring_m = "\\u001b[31m{"x" * 99}"')
    )
    assert error.facts["value"] == "…"
    error = refused(tmp_path, GENERIC.replace("ring_m = 100.0", '"\\u202eevil" = 1'))
    assert error.where == "…"


def test_a_profile_says_only_what_differs_from_the_one_it_extends(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(
        'extends = "indonesia-province"\nname = "office"\nversion = "2026-11-25"\n'
        "[clip]\nring_m = 250.0\n[flight]\ngsd_max_m = 0.1\n"
    )
    office, province = read_profile(str(path)), read_profile("indonesia-province")
    assert (office.name, office.clip.ring_m, office.flight.gsd_max_m) == ("office", 250.0, 0.1)
    assert office.flight.max_agl_m == province.flight.max_agl_m
    assert (office.accuracy, office.detection) == (province.accuracy, province.detection)
    assert [one.name for one in office.parents] == ["indonesia-province.toml", "generic.toml"]
    hashes = [
        hashlib.sha256((FOLDER / one.name).read_bytes()).hexdigest() for one in office.parents
    ]
    assert [one.sha256 for one in office.parents] == hashes
    # What the office set is the office's own, whatever stood behind the number it replaced.
    assert office.certainty["clip"].sure == "own"
    assert office.certainty["flight.gsd_max_m"].source == "office"
    assert office.certainty["flight.max_agl_m"].sure == "text"


def test_a_file_extends_a_file_beside_it(tmp_path):
    (tmp_path / "parent.toml").write_text(GENERIC.replace("ring_m = 100.0", "ring_m = 70.0"))
    (tmp_path / "child.toml").write_text('extends = "parent.toml"\nname = "child"\n')
    assert read_profile(str(tmp_path / "child.toml")).clip.ring_m == 70.0


def test_a_chain_that_comes_back_to_itself_is_refused(tmp_path):
    (tmp_path / "other.toml").write_text('extends = "office.toml"\n')
    assert refused(tmp_path, 'extends = "other.toml"\n').code == "profile_extends_itself"
    error = refused(tmp_path, 'extends = "self.toml"\n', "self.toml")
    assert (error.code, error.where) == ("profile_extends_itself", "extends")


def test_an_unknown_parent_is_named_as_such(tmp_path):
    for parent in ("nowhere", "nowhere.toml", "../generic"):
        error = refused(tmp_path, f'extends = "{parent}"\n')
        assert (error.code, error.where) == ("profile_unknown", "extends")
    assert refused(tmp_path, "extends = 3\n").code == "profile_value"


def test_a_number_that_nobody_verified_does_not_decide(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(
        'extends = "generic"\nname = "office"\n[position]\nlimit_m = 0.1\n'
        '[certainty]\n"position.limit_m" = { sure = "unverified", source = "hearsay" }\n'
    )
    office = read_profile(str(path))
    assert office.position.limit_m == read_profile("generic").position.limit_m
    assert [(one.name, one.source) for one in office.left_out] == [("position.limit_m", "hearsay")]
    alone = GENERIC.replace(
        '"position.limit_m" = { sure = "own"', '"position.limit_m" = { sure = "unverified"'
    )
    error = refused(tmp_path, alone)
    assert (error.code, error.where) == ("profile_value_missing", "position.limit_m")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_that_comes_along_says_how_sure_it_is_and_none_is_unverified(name):
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    for leaf in leaves(table):
        parts = leaf.split(".")
        above = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
        assert any(at in table["certainty"] for at in above), f"{leaf} says nothing"
    known = {leaf.rsplit(".", n)[0] for leaf in leaves(table) for n in range(3)}
    assert set(table["certainty"]) <= known, "an entry for what is not there"
    sure = [one["sure"] for one in table["certainty"].values()]
    for rule in table.get("accuracy", {}).get("rule", []):
        sure += [rule["sure"], *(limit["sure"] for limit in rule.get("limits", []))]
    assert set(sure) <= {"text", "derived", "secondary", "own"}


def test_the_indian_rule_asks_for_fine_pixels_and_a_ring_of_a_hundred_metres():
    india = read_profile("india-ibm-34a")
    assert (india.flight.gsd_max_m, india.clip.ring_m) == (0.05, 100.0)
    assert india.control_points.density_per_km2 is None
    assert {india.certainty[name].sure for name in ("clip", "flight.gsd_max_m")} == {"secondary"}


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RefusedError) as caught:
        read_profile("nowhere")
    assert caught.value.code == "profile_unknown"
    assert "generic" in caught.value.facts["known"]
