"""Ours alone on many more drawn pairs: what so few findings and places cannot tell."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from inspection.confidence import SURE
from tests.benchmarks.accuracy.answers import HEIGHTS, NEW, OURS, Answer, Finding
from tests.benchmarks.accuracy.bootstrap import interval
from tests.benchmarks.accuracy.certainty import (
    TRUE_SHARE,
    balanced_accuracy,
    calibration,
    confusion,
    expected_error,
)
from tests.benchmarks.accuracy.objects import CLASSES_M2, Place
from tests.benchmarks.accuracy.pixels import NONE
from tests.benchmarks.accuracy.tables import classes, confidence, head, row

type Figure = Callable[[list[Answer]], float]

TEXT = """\
## More drawn pairs, ours alone

The pairs above and {further} further ones from seeds of their own, {disturbed} disturbed and
{unchanged} unchanged in all: confidence, classes and places ask for more than the peers' pairs
give. A clearing is a place most of which was plants and became bare ground. Intervals hold 95 %,
by bootstrap over pairs; all pairs are drawn from the same few photographs, and what others would
give is not in them. An error of calibration is drawn upwards by the bootstrap as by chance; what
chance alone would give stands below its table.
"""

CONFIDENCE = """
### Confidence

A finding is true where more than half of it changed; where the truth is beyond doubt on less than
half of a finding, it does not count.
"""

WITH_HEIGHTS = """
### Classes, with heights

Two surface models of each of the same pairs, given to the product besides: trees of about 10 m,
buildings of 4 m, heaps as steep as loose earth lies, no pits, and errors of each date that are
independent (0.08 m), alike over metres (0.1 m) and, among crowns, larger (0.8 m). Heights only name
what was found.
"""


def more_pairs(answers: list[Answer], further: int) -> str:
    """Tables of what ours says of all drawn pairs, of which so many are further ones."""
    mine = [one for one in answers if one.method == OURS]
    new = [one for one in answers if one.method == NEW]
    with_heights = [one for one in answers if one.method == HEIGHTS]
    still = sum(one.is_unchanged for one in mine)
    said = findings_of(mine)
    parts = [
        TEXT.format(further=further, disturbed=len(mine) - still, unchanged=still),
        _table(mine, new, with_heights),
        CONFIDENCE,
        confidence(calibration(said)),
        "\n### Classes\n\nWhat is new and true, by what the truth says that most of it became.\n",
        classes(confusion(said)),
        WITH_HEIGHTS,
        classes(confusion(findings_of(with_heights))),
        "",
    ]
    return "\n".join(parts)


def findings_of(answers: list[Answer]) -> list[Finding]:
    """All that was said of all pairs."""
    return [finding for one in answers for finding in one.findings]


def _table(mine: list[Answer], new: list[Answer], with_heights: list[Answer]) -> str:
    lines = head("figure", "ours", "ours, new alone", "of")
    for name, figure, of in _figures(places_of(mine)):
        lines.append(row(name, _told(mine, figure), _told(new, figure), of))
    known = calibration(findings_of(mine))
    said = f"{known.count} findings"
    lines.append(
        row("calibration error", _told(mine, _calibration), _told(new, _calibration), said)
    )
    lines.append(row("true, of sure findings", _told(mine, _sure), "", f"{known.sure} findings"))
    for name, answers in (("", mine), (", with heights", with_heights)):
        count = sum(confusion(findings_of(answers)).values())
        told = _told(answers, _balanced)
        lines.append(row(f"classes, balanced accuracy{name}", told, "", f"{count} findings"))
    return "\n".join(lines)


def _figures(places: list[Place]) -> list[tuple[str, Figure, str]]:
    """Names and figures, and of how many each is."""
    ends = (*CLASSES_M2, np.inf)
    figures: list[tuple[str, Figure, str]] = [
        ("micro F1", _micro_f1, "disturbed pairs"),
        ("flagged, unchanged", _flagged, "unchanged pairs"),
    ]
    for low, high in [(ends[0], np.inf), *pairwise(ends)]:
        count = sum(low <= one.area_m2 < high for one in places)
        name = f"{low:g}-{high:g} m2" if np.isfinite(high) else f"over {low:g} m2"
        figures.append((f"found, {name}", _found(low, high), f"{count} places"))
    count = sum(one.is_clearing for one in places)
    figures.append((f"found, clearings over {ends[0]:g} m2", _found_clearings, f"{count} places"))
    return [
        *figures,
        ("median error of area", _area_error, "places found"),
        ("median bias of area", _area_bias, "places found"),
    ]


def places_of(answers: list[Answer]) -> list[Place]:
    """All changed places of all pairs."""
    return [place for one in answers for place in one.places]


def _told(answers: list[Answer], figure: Figure) -> str:
    found = interval(answers, figure)
    if math.isnan(found.value):
        return "-"
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def _micro_f1(answers: list[Answer]) -> float:
    return sum((one.counts for one in answers if not one.is_unchanged), NONE).f1


def _flagged(answers: list[Answer]) -> float:
    shares = [one.counts.flagged_share for one in answers if one.is_unchanged]
    return float(np.mean(shares)) if shares else float("nan")


def _found(low: float, high: float) -> Figure:
    def share(answers: list[Answer]) -> float:
        found = [one.found for one in places_of(answers) if low <= one.area_m2 < high]
        return float(np.mean(found)) if found else float("nan")

    return share


def _found_clearings(answers: list[Answer]) -> float:
    found = [one.found for one in places_of(answers) if one.is_clearing]
    return float(np.mean(found)) if found else float("nan")


def _errors(answers: list[Answer]) -> list[float]:
    return [one.area_error for one in places_of(answers) if one.area_error is not None]


def _area_error(answers: list[Answer]) -> float:
    return float(np.median(np.abs(_errors(answers)))) if _errors(answers) else float("nan")


def _area_bias(answers: list[Answer]) -> float:
    return float(np.median(_errors(answers))) if _errors(answers) else float("nan")


def _calibration(answers: list[Answer]) -> float:
    return expected_error(findings_of(answers))


def _sure(answers: list[Answer]) -> float:
    true = [
        one.true_share > TRUE_SHARE
        for one in findings_of(answers)
        if one.true_share is not None and one.confidence >= SURE
    ]
    return float(np.mean(true)) if true else float("nan")


def _balanced(answers: list[Answer]) -> float:
    return balanced_accuracy(confusion(findings_of(answers)))
