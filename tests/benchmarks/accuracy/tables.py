"""The tables, as Markdown."""

import math
from collections import Counter

from tests.benchmarks.accuracy.answers import NEW, OURS, Answer
from tests.benchmarks.accuracy.bootstrap import Difference
from tests.benchmarks.accuracy.certainty import Calibration, balanced_accuracy
from tests.benchmarks.accuracy.peers import PLAIN
from tests.benchmarks.accuracy.summary import Against, Summary


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(*names: str) -> list[str]:
    return [row(*names), "|" + "---|" * len(names)]


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1%}"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def defaults(summaries: list[Summary]) -> str:
    """Each method as it is, after the same post-filter."""
    lines = head(
        "method", "macro F1", "micro F1", "micro IoU", "precision", "recall", "mean AP",
        "flagged, unchanged (mean)", "(worst)", "silent on", "made up per ha", "CPU s", "peak MB",
    )  # fmt: skip
    lines += [
        row(
            one.method,
            _number(one.macro_f1),
            _number(one.micro_f1),
            _number(one.micro_iou),
            _number(one.precision),
            _number(one.recall),
            _number(one.average_precision),
            _share(one.flagged_mean),
            _share(one.flagged_worst),
            f"{one.quiet} of {one.unchanged}",
            f"{one.false_per_ha:.2f}",
            f"{one.seconds:.2f}",
            "-" if math.isnan(one.peak_mb) else f"{one.peak_mb:.0f}",
        )
        for one in summaries
    ]
    return "\n".join(lines)


def matched(summaries: list[Summary]) -> str:
    """Each method's score at the threshold that flags the same share of unchanged pairs."""
    lines = head("method", *(f"F1 (recall) at {one.share:.0%}" for one in summaries[0].matched))
    lines += [
        row(one.method, *(f"{at.f1:.3f} ({at.recall:.2f}), {at.way}" for at in one.matched))
        for one in summaries
        if one.method not in (*PLAIN, NEW)  # one score, two rows
    ]
    return "\n".join(lines)


def matched_pieces(summaries: list[Summary]) -> str:
    """The same as pieces, after the post-filter; ours by its findings."""
    kept = [one for one in summaries if one.method not in PLAIN]
    lines = head("method", *(f"F1 (recall) at {one.share:.0%}" for one in kept[0].matched_pieces))
    lines += [
        row(one.method, *(f"{at.f1:.3f} ({at.recall:.2f}), {at.way}" for at in one.matched_pieces))
        for one in kept
    ]
    return "\n".join(lines)


def objects(summaries: list[Summary]) -> str:
    """Places found by class of area, and the error of their areas."""
    lines = head(
        "method", *(f"{name} m2" for name in summaries[0].found), "median area error", "bias"
    )
    lines += [
        row(
            one.method,
            *(f"{found} of {count}" for found, count in one.found.values()),
            _share(one.area_error),
            _share(one.area_bias),
        )
        for one in summaries
    ]
    return "\n".join(lines)


def _difference(one: Difference | None) -> str:
    if one is None:
        return "-"
    mark = "**" if one.excludes_zero else ""
    return f"{mark}{one.mean:+.3f}{mark} ({one.low:+.3f} to {one.high:+.3f})"


def differences(rows: list[Against]) -> str:
    """Ours less each other; bold where the choice of pairs does not explain the sign."""
    lines = head("ours less", "F1 by pair", "AP by pair", "flagged share of unchanged pairs")
    lines += [
        row(
            one.method,
            _difference(one.f1),
            _difference(one.average_precision),
            _difference(one.flagged),
        )
        for one in rows
    ]
    return "\n".join(lines)


def by_pair(answers: list[Answer]) -> str:
    """F1 of every pair, or its flagged share where nothing changed, by method."""
    names = list(dict.fromkeys(one.method for one in answers if one.method not in PLAIN))
    lines = head("pair", "figure", "truth", *names)
    pairs = dict.fromkeys((one.domain, one.group, one.pair) for one in answers)
    for key in pairs:
        found = {one.method: one for one in answers if (one.domain, one.group, one.pair) == key}
        mine = found[OURS]
        if mine.is_unchanged:
            cells = [_share(found[name].counts.flagged_share) for name in names]
            lines.append(row(f"{key[1]}, {key[2]}", "flagged", "none", *cells))
            continue
        whole = mine.counts.tp + mine.counts.fn + mine.counts.fp + mine.counts.tn
        truth = _share((mine.counts.tp + mine.counts.fn) / whole)
        told = "recall (flagged)" if mine.is_partly_known else "F1"
        cells = [
            f"{found[name].counts.recall:.2f} ({_share(found[name].counts.flagged_share)})"
            if mine.is_partly_known
            else f"{found[name].counts.f1:.2f}"
            for name in names
        ]
        lines.append(row(f"{key[1]}, {key[2]}", told, truth, *cells))
    return "\n".join(lines)


def confidence(one: Calibration) -> str:
    """The reliability table."""
    lines = head("confidence said", "share true", "findings")
    lines += [row(f"{part.said:.2f}", f"{part.true:.2f}", part.count) for part in one.bins]
    lines.append("")
    lines.append(
        f"{one.count} findings; of {one.unknown} more the truth is not known. "
        f"Expected calibration error {one.expected_error:.3f}; of {one.sure} sure findings "
        f"{_share(one.sure_precision)} are true. Were every confidence exact, chance alone would "
        f"give an error of {one.by_chance.mean:.3f}, and one below {one.by_chance.high:.3f} "
        "nineteen times of twenty."
    )
    return "\n".join(lines)


def classes(table: Counter[tuple[str, str]]) -> str:
    """What the ground became, by what ours called it."""
    if not table:
        return "No true finding whose ground the truth tells."
    said = sorted({name for _, name in table})
    lines = head("became", *(f"called {name}" for name in said))
    lines += [
        row(true, *(table[true, name] for name in said))
        for true in sorted({one for one, _ in table})
    ]
    lines.append("")
    lines.append(f"Balanced accuracy {balanced_accuracy(table):.3f}.")
    return "\n".join(lines)
