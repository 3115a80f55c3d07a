"""Confidence says how often findings as strong proved true, and no more than was measured."""

import tomllib

import pytest
from shapely import box

from geo.detector import Identity
from geo.disturbance import Disturbance, Epoch, GroundClass
from inspection.confidence import LIKELY, SURE, Band, Proof, band
from inspection.detectors.choice import COMES_ALONG

FINE_M, COARSE_M = 0.25, 3.0


def shipped() -> Identity:
    said = tomllib.loads(COMES_ALONG.read_text("utf-8"))
    return Identity(name=said["name"], version=said["version"], sha256=said["sha256"])


def disturbance(strength: float, *, epoch: Epoch = Epoch.NEW, sturdy: bool = True) -> Disturbance:
    return Disturbance(
        shape=box(0, 0, 20, 20),
        ground_class=GroundClass.BARE_GROUND,
        epoch=epoch,
        strength=strength,
        sturdy=sturdy,
        evidence={},
    )


def said(strength: float, detector: Identity | None, **more: object) -> float:
    proof = Proof(**{"detector": detector, "pixel_m": FINE_M, "verified": True, **more})
    return proof.confidence(disturbance(strength))


@pytest.mark.parametrize("detector", [None, shipped()])
@pytest.mark.parametrize("pixel_m", [FINE_M, COARSE_M])
def test_the_stronger_a_finding_the_surer_it_is(detector, pixel_m: float) -> None:
    told = [said(step / 50, detector, pixel_m=pixel_m) for step in range(51)]
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1, "measured, and nothing is ever certain"


def test_the_network_that_comes_along_has_its_own_measurement() -> None:
    """Other weights must be measured anew: theirs would not be found by their fingerprint."""
    other = Identity(name="other", version="1", sha256="0" * 64)
    assert said(0.9, shipped()) > SURE
    assert said(0.9, other) < LIKELY
    assert said(0.3, other) == 0.3


def test_coarse_pixels_and_flights_not_proven_to_fit_are_less_sure() -> None:
    assert said(0.8, shipped(), pixel_m=COARSE_M) < 0.5 < said(0.8, shipped())
    assert said(0.8, shipped(), verified=False) == pytest.approx(0.9 * said(0.8, shipped()))


@pytest.mark.parametrize("detector", [None, shipped()])
@pytest.mark.parametrize("pixel_m", [FINE_M, COARSE_M])
def test_standing_ground_was_measured_by_itself(detector, pixel_m: float) -> None:
    proof = Proof(detector=detector, pixel_m=pixel_m, verified=None)
    told = [proof.confidence(disturbance(step / 50, epoch=Epoch.STANDING)) for step in range(51)]
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1
    changed = Proof(detector=detector, pixel_m=pixel_m, verified=True)
    assert abs(told[25] - changed.confidence(disturbance(0.5))) > 0.1
    fragile = disturbance(0.8, epoch=Epoch.STANDING, sturdy=False)
    assert proof.confidence(fragile) == pytest.approx(0.7 * told[40])


def test_standing_ground_of_a_detector_nobody_tested_is_to_be_checked() -> None:
    other = Identity(name="other", version="1", sha256="0" * 64)
    proof = Proof(detector=other, pixel_m=FINE_M, verified=None)
    assert proof.confidence(disturbance(0.99, epoch=Epoch.STANDING)) < LIKELY


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(0.95, Band.SURE), (0.949, Band.LIKELY), (0.7, Band.LIKELY), (0.699, Band.CHECK)],
)
def test_bands_are_words_for_confidence(confidence: float, word: Band) -> None:
    assert band(confidence) is word
