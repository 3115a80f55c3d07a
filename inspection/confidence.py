"""Confidence: how often findings as strong as this one proved true where the truth is known."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import numpy as np
from pydantic import TypeAdapter

from geo.detector import Identity
from geo.disturbance import Disturbance, Epoch

FRAGILE: Final = 0.7
"""What standing ground that does not stay at every limit keeps of its strength."""

UNVERIFIED: Final = 0.9
"""What a finding keeps where two flights are not proven to lie on each other."""

UNTESTED: Final = 0.69
"""Most that is said of a detector whose findings nobody has compared with the truth."""

SURE: Final = 0.95
LIKELY: Final = 0.7


class Band(StrEnum):
    """What a confidence asks of a reviewer."""

    SURE = "sure"
    LIKELY = "likely"
    CHECK = "check"


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Share of true findings by their strength, of one detector."""

    detector: str
    """SHA-256 of its file; empty where colour and structure alone decided."""

    finest_m: float
    """Pixels above this size are meant."""

    of_what: Literal["change", "standing"] = "change"
    """Whether it was measured on ground that changed, or on ground that stands disturbed."""

    strength: list[float]
    true: list[float]

    def of(self, strength: float) -> float:
        """Share that proved true of findings of this strength."""
        return float(np.interp(strength, self.strength, self.true))


@dataclass(frozen=True, kw_only=True)
class Proof:
    """By what the changes of one inspection were found."""

    detector: Identity | None
    pixel_m: float
    verified: bool | None
    """Whether two flights are proven to lie on each other; None where there is one."""

    def confidence(self, disturbance: Disturbance) -> float:
        """How surely a disturbance is one, 0-1."""
        stands = disturbance.epoch is Epoch.STANDING
        known = self._reliability("standing" if stands else "change")
        said = known.of(disturbance.strength) if known else min(disturbance.strength, UNTESTED)
        if stands:
            return said * (1.0 if disturbance.sturdy else FRAGILE)
        return said * (UNVERIFIED if self.verified is False else 1.0)

    def _reliability(self, of_what: str) -> Reliability | None:
        sha256 = self.detector.sha256 if self.detector else ""
        fitting = [
            one
            for one in _measured()
            if (one.detector, one.of_what) == (sha256, of_what) and self.pixel_m > one.finest_m
        ]
        return max(fitting, key=lambda one: one.finest_m, default=None)


def band(confidence: float) -> Band:
    """Put a confidence into the word for it."""
    if confidence >= SURE:
        return Band.SURE
    return Band.LIKELY if confidence >= LIKELY else Band.CHECK


@cache
def _measured() -> list[Reliability]:
    table = files("inspection.detectors").joinpath("reliability.toml").read_text("utf-8")
    return TypeAdapter(list[Reliability]).validate_python(tomllib.loads(table)["reliability"])
