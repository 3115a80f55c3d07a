"""A network in a file is believed only if it is the one meant and says what a detector must."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from geo.detector import COVERS
from geo.errors import RefusedError
from geo.network import Network
from inspection.detectors.choice import COMES_ALONG
from tests.geo.networks import difference, meant, written

OURS = COMES_ALONG.parent / "change.onnx"


def pictures(seed: int, rows: int = 96, columns: int = 160) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 255, (3, rows, columns)).astype(np.float32)


def refused(path: Path, sha256: str) -> RefusedError:
    with pytest.raises(RefusedError) as error:
        Network(path, sha256=sha256, name="one", version="1")
    return error.value


@pytest.mark.parametrize("pool", [1, 2, 4])
def test_a_network_is_asked_and_its_answer_is_brought_to_half_the_pixels(
    pool: int, tmp_path: Path
) -> None:
    before, after = pictures(1), pictures(2)
    said = difference(tmp_path, weight=0.1, bias=-3.0, pool=pool).scores(before, after)
    known = meant(before, after, weight=0.1, bias=-3.0)
    assert said.covers is None
    assert said.change.shape == (48, 80)
    if pool <= 2:
        assert said.change == pytest.approx(known, abs=1e-4)
    else:
        blocks = known.reshape(24, 2, 40, 2).mean(axis=(1, 3))
        assert said.change.mean() == pytest.approx(blocks.mean(), abs=0.02)


def test_covers_are_probabilities_of_the_kinds_of_ground(tmp_path: Path) -> None:
    green, red = np.zeros((2, 3, 64, 64), np.float32)
    green[1], red[0] = 200, 200
    said = difference(tmp_path, cover=True).scores(green, red)
    assert said.covers is not None
    for cover, name in zip(said.covers, ("vegetation", "bare"), strict=True):
        assert cover.shape == (len(COVERS), 16, 16)
        assert cover.sum(axis=0) == pytest.approx(np.ones((16, 16)), abs=1e-5)
        assert (cover.argmax(axis=0) == list(COVERS).index(name)).all()


@pytest.mark.parametrize(
    ("how", "what", "found"),
    [
        ({"inputs": ("first", "second")}, "inputs", "first, second"),
        ({"change": "score"}, "outputs", "score"),
        ({"layers": 2}, "shape", "1, 2, 64, 80"),
        ({"pool": 3}, "shape", "1, 1, 42, 53"),
        ({"divided_by_zero": True, "bias": 1.0}, "numbers", "-"),
    ],
)
def test_a_network_that_says_something_else_is_refused(how, what, found, tmp_path: Path) -> None:
    path = tmp_path / "odd.onnx"
    error = refused(path, written(path, **how))
    assert (error.code, error.where) == ("detector_unfit", "odd.onnx")
    assert (error.facts["what"], error.facts["found"]) == (what, found)


def test_another_file_than_the_one_meant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.onnx"
    found = written(path)
    error = refused(path, "0" * 64)
    assert (error.code, error.facts) == ("detector_changed", {"meant": "0" * 64, "found": found})


def test_a_file_that_is_not_there_or_no_network_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.onnx", "0" * 64).code == "detector_missing"
    torn = tmp_path / "torn.onnx"
    torn.write_bytes(OURS.read_bytes()[:100_000])
    assert refused(torn, hashlib.sha256(torn.read_bytes()).hexdigest()).code == (
        "detector_unreadable"
    )


def test_the_network_that_comes_along_says_the_same_on_any_number_of_threads() -> None:
    sha256 = hashlib.sha256(OURS.read_bytes()).hexdigest()
    before, after = pictures(3), pictures(4)
    answers = [
        Network(OURS, sha256=sha256, name="ours", version="1", threads=threads).scores(*pair)
        for threads in (1, 2, 3)
        for pair in [(before, after)] * 2
    ]
    for one in answers[1:]:
        assert np.array_equal(one.change, answers[0].change)
        assert np.array_equal(one.covers, answers[0].covers)


def test_the_network_that_comes_along_does_not_mind_which_date_is_first() -> None:
    network = Network(
        OURS, sha256=hashlib.sha256(OURS.read_bytes()).hexdigest(), name="ours", version="1"
    )
    one, two = network.scores(pictures(3), pictures(4)), network.scores(pictures(4), pictures(3))
    assert one.change == pytest.approx(two.change, abs=1e-3)
    assert one.covers is not None
    assert two.covers is not None
    assert one.covers[0] == pytest.approx(two.covers[1], abs=1e-4)
