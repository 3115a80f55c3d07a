"""Every figure by pair, as JSON: a line an answer, so that two runs can be compared by line."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

import numpy as np

from tests.benchmarks.accuracy.answers import Answer
from tests.benchmarks.accuracy.page import summaries
from tests.benchmarks.accuracy.registration import Row
from tests.benchmarks.accuracy.volumes import Told

DIGITS = 4


def as_json(
    answers: list[Answer],
    registration: list[Row],
    volumes: list[Told],
    *,
    day: date,
    detector: str,
    quick: bool,
) -> str:
    """All of a run."""
    totals = [
        asdict(one)
        for domain in dict.fromkeys(one.domain for one in answers)
        for one in summaries([answer for answer in answers if answer.domain == domain])
    ]
    parts = {
        "measured_on": day.isoformat(),
        "detector": detector,
        "quick": quick,
        "summaries": totals,
        "answers": [_answer(one) for one in answers],
        "registration": [asdict(one) for one in registration],
        "volumes": [asdict(one) for one in volumes],
    }
    return "{\n" + ",\n".join(f"{json.dumps(k)}: {_lines(v)}" for k, v in parts.items()) + "\n}\n"


def _answer(one: Answer) -> dict[str, object]:
    left_out = ("score", "truth", "sheet", "places", "findings")
    errors = [place.area_error for place in one.places if place.area_error is not None]
    return {name: value for name, value in vars(one).items() if name not in left_out} | {
        "f1": one.counts.f1,
        "counts": asdict(one.counts),
        "places": len(one.places),
        "places_found": len(errors),
        "median_area_error": float(np.median(np.abs(errors))) if errors else None,
        "findings": len(one.findings),
    }


def _lines(value: object) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    return "[\n" + ",\n".join(json.dumps(_rounded(one)) for one in value) + "\n]"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_rounded(one) for one in value]
    return value
