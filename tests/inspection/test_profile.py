"""Profiles: dated files of numbers, checked before anything is decided by them."""

import hashlib
import tomllib
from pathlib import Path

import pytest

import inspection.profiles
from geo.errors import RefusedError
from inspection.profiles.profile import profile_names, read_profile

FOLDER = Path(inspection.profiles.__path__[0])
GENERIC = (FOLDER / "generic.toml").read_text("utf-8")


@pytest.mark.parametrize("name", ["generic", "indonesia-province"])
def test_the_profiles_that_come_along_are_whole_and_dated(name):
    assert name in profile_names()
    profile = read_profile(name)
    content = (FOLDER / f"{name}.toml").read_bytes()
    assert profile.name == name
    assert profile.version == tomllib.loads(content.decode())["version"]
    assert profile.origin.sha256 == hashlib.sha256(content).hexdigest()


def test_an_office_may_bring_its_own(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(GENERIC.replace("ring_m = 100.0", "ring_m = 250.0"))
    assert read_profile(str(path)).clip.ring_m == 250.0


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (("ring_m = 100.0", "ring_m = -1.0"), "profile_value", "clip.ring_m"),
        (("ring_m = 100.0", 'ring_m = "wide"'), "profile_value", "clip.ring_m"),
        (("ring_m = 100.0", ""), "profile_value", "clip.ring_m"),
        (("ring_m = 100.0", "ring_m = 100.0\nrung_m = 1.0"), "profile_value", "clip.rung_m"),
        (("least_observed_share = 0.95", "least_observed_share = 95"), "profile_value", "coverage"),
        (("[clip]", "[clip"), "profile_unreadable", None),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused_with_its_place(tmp_path, change, code, where):
    path = tmp_path / "office.toml"
    path.write_text(GENERIC.replace(*change))
    with pytest.raises(RefusedError) as caught:
        read_profile(str(path))
    assert caught.value.code == code
    assert where is None or caught.value.where.startswith(where)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RefusedError) as caught:
        read_profile("nowhere")
    assert caught.value.code == "profile_unknown"
    assert "generic" in caught.value.facts["known"]
