"""Which detector scores: the one that comes along, an office's own, or the evidence alone."""

import hashlib
import json
import shutil
import tomllib

import pytest

from geo.errors import RefusedError
from inspection.detectors.choice import COMES_ALONG, OwnDetector, chosen
from inspection.detectors.own import own_detector
from inspection.errors import UsageError
from inspection.settings import Settings
from tests.geo.networks import written
from tests.inspection.conftest import run

MOST_BYTES = 5_000_000


def test_the_network_that_comes_along_is_the_one_described_and_small():
    said = tomllib.loads(COMES_ALONG.read_text())
    content = (COMES_ALONG.parent / said["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == said["sha256"]
    assert len(content) <= MOST_BYTES
    identity = chosen("network", None).detector.identity
    assert (identity.name, identity.version) == (said["name"], said["version"])
    card = (COMES_ALONG.parent / "CARD.md").read_text()
    assert said["sha256"] in card
    assert said["version"] in card


def test_without_the_network_the_evidence_decides_and_that_is_said(tmp_path):
    assert chosen("classical", None).detector is None
    home = tmp_path / "detectors"
    shutil.copytree(COMES_ALONG.parent, home, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert chosen("network", None, home=home / "change.toml").detector is not None
    network = home / "change.onnx"
    network.write_bytes(network.read_bytes()[:-1] + b"\0\0")
    for gone in (None, network, home / "change.toml"):
        if gone is not None:
            gone.unlink()
        fallen_back = chosen("network", None, home=home / "change.toml")
        assert fallen_back.detector is None
        assert fallen_back.warnings == ("detector_unavailable",)


def test_an_offices_own_detector_is_used_or_refused_never_passed_over(tmp_path):
    path = tmp_path / "own.onnx"
    sha256 = written(path)
    own = OwnDetector(path=path, sha256=sha256.upper())
    for kind in ("classical", "network"):
        assert chosen(kind, own).detector.identity.sha256 == sha256
    path.write_bytes(b"something else")
    with pytest.raises(RefusedError) as refused:
        chosen("network", own)
    assert refused.value.code == "detector_changed"


def test_file_and_fingerprint_of_an_own_detector_go_together(tmp_path):
    assert own_detector(Settings()) is None
    for given, missing in (
        ({"detector": tmp_path / "own.onnx"}, "TINJAU_DETECTOR_SHA256"),
        ({"detector_sha256": "0" * 64}, "TINJAU_DETECTOR"),
    ):
        with pytest.raises(UsageError) as refused:
            own_detector(Settings(**given))
        assert (refused.value.code, refused.value.where) == ("detector_settings", missing)


def inspect(site, out, *more, **setting):
    words = ["inspect", "--boundary", site.folder / "boundary.geojson"]
    words += ["--current", site.folder / "current.tif", "--baseline", site.file("baseline.tif")]
    return run(*words, "--out", out, *more, env={**setting})


def test_an_inspection_states_which_detector_scored(site, tmp_path):
    """One that sees no change anywhere leaves nothing new, and its name is in the document."""
    path = tmp_path / "blind.onnx"
    setting = {
        "TINJAU_DETECTOR": str(path),
        "TINJAU_DETECTOR_SHA256": written(path, weight=0.0, bias=-20.0),
    }
    done = inspect(site, tmp_path / "out", "--quiet", **setting)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    assert document["detector"]["name"] == "blind"
    assert document["detector"]["sha256"] == setting["TINJAU_DETECTOR_SHA256"]
    assert {one["epoch"] for one in document["findings"]} == {"standing"}
    assert setting["TINJAU_DETECTOR_SHA256"] in (tmp_path / "out" / "report.html").read_text()


def test_an_inspection_with_another_detector_than_the_one_meant_is_refused(site, tmp_path):
    path = tmp_path / "own.onnx"
    written(path)
    setting = {"TINJAU_DETECTOR": str(path), "TINJAU_DETECTOR_SHA256": "0" * 64}
    done = inspect(site, tmp_path / "out", **setting)
    assert done.returncode == 3
    (refusal,) = done.stderr.splitlines()
    assert json.loads(refusal)["code"] == "detector_changed", "said before any work is done"
    assert not (tmp_path / "out").exists()
