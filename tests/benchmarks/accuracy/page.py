"""The page that is kept: dated tables under honest heads."""

from datetime import date

from tests.benchmarks.accuracy import tables
from tests.benchmarks.accuracy.answers import HEIGHTS, NEW, OURS, Answer
from tests.benchmarks.accuracy.certainty import calibration, confusion
from tests.benchmarks.accuracy.more_pairs import CONFIDENCE, more_pairs
from tests.benchmarks.accuracy.summary import Summary, against, summary
from tests.benchmarks.accuracy.synthetic_pairs import DOMAIN, FURTHER

HEADS = {
    "real": """\
## Real pairs

Labelled by others: {disturbed} small pairs (a mine of 630 x 410 pixels, SECOND of 149 x 149), cut
from figures. Their edges are soft, so a band of 3 pixels on each side of every edge is left out.
They were picked for figures and are clearer than the average; none is a drone's orthophoto; and
the sampling error of so few is about 0.05 in F1. They rank methods, and are no score on a public
benchmark. The satellite's alert tells one polygon alone: its recall is in the table by pair, and
it counts in no F1. The sizes of the figures' pixels are assumed (3 m and 1 m).

Unchanged: {unchanged} pairs. Farmland on four dates, where water and crops change and nothing is
disturbed; single orthophotos, relit by drawn light, moved, found again and laid back; overlapping
frames of one flight laid on one another as planes, where trees and houses lean. All lie on one
another before any method sees them.""",
    "synthetic": """\
## Drawn pairs

{disturbed} disturbed and {unchanged} unchanged pairs of 512 x 512 pixels, taken as 0.25 m, drawn
from fixed seeds out of photographs that nothing is trained on. The truth is exact to the pixel;
what plants do with the seasons is left out of it, and so is earth that was laid on earth: it was
disturbed, and its cover stayed. The same scripts draw what the network of change
is trained on: these pairs tell how well a method does what it was made for, not how far drawn
ground differs from real ground.""",
}

TOP = """\
# How accurate detection is

Measured on {day} by `make bench-accuracy`{mode}; [accuracy.json](accuracy.json) holds the figures
of every pair. All methods see the same pixels. Of every mask, ours too, holes and pieces below
100 m2 (6 pixels where those are coarse) are settled alike. The other methods are our own small
code with the thresholds that their authors use, {orfeo}. *Ours* is the product's own
detection, by {detector}. It counts what is new and what recovered, since the truth has both; a
report flags what is new, which is a row of its own. *Flagged* is a share of the ground that both
dates show; *made up* is a piece of which at most a tenth changed. Processor time is of one core.
"""

EQUAL = """
### At an equal share of false area

One threshold on the score for all pairs, no post-filter; F1 pooled over pixels. Of the raw score
and the one standardised by pair, the better for each method.
"""

AS_PIECES = """
### At an equal share of false area, as pieces

As a user would get it: one limit for all pairs, so that after the post-filter, which fills holes
and drops small pieces, unchanged pairs have on the average no more than this share flagged. Of the
peers it is a limit on the score, again raw or standardised; of ours it is one on its findings, by
their confidence or strength; of both the better for each method. Ours flags no more than it finds:
where that is less than the share, all of it counts.
"""

LESS = """
### Ours less the others

Mean over pairs with a 95 % interval by paired bootstrap; bold where it excludes zero.
"""

REGISTRATION = """\
## Registration

Movements up to 12 pixels, 1 degree and 1 %, compared over 9 x 9 points; every picture's pixels
count as 0.25 m. *Sheared*: the same scenes, the ground sheared and stretched unevenly besides, by
up to 0.5 % each way; a method that allows for no shear looks good without them. Of real dates
nobody knows the movement: there the later picture is moved once more by a known one, and the two
answers must differ by that. An answer that is wrong in the same way twice is not seen. *Verified*
is what the product says of itself.
"""


VOLUMES = """
## Volumes

Earth moved between two surfaces read as files: pits, heaps, benches, cut with its fill and thin
layers, drawn on rough ground, with cells of 0.25 to 1 m, errors that are independent, alike over
metres, or with holes, spikes and shrubs that grew; the later date stands off and leans. The truth
is the sum of what was drawn. *Depression* is a real one, as if it had been dug out level by level.
*Inside* should be 95 %: the truth lies within the limits stated with the volume. *All* is the net
of all pieces of a pair together; the limits are half as wide as the interval. None of these seeds
was looked at while the method was made.
"""


def page(  # noqa: PLR0913 - a table each, and what stands at the top
    answers: list[Answer],
    registration: str,
    volumes: str,
    *,
    day: date,
    detector: str,
    quick: bool,
    orfeo: bool,
) -> str:
    """Of all answers, with the tables of registration and of volumes as they are."""
    top = TOP.format(
        day=day.isoformat(),
        mode=" in its quick form, a part of the pairs" if quick else "",
        detector=detector,
        orfeo="and the Orfeo Toolbox" if orfeo else "without the Orfeo Toolbox, not installed here",
    )
    parts = [top]
    for domain, head in HEADS.items():
        here = [one for one in answers if one.domain == domain]
        if here:
            parts += _domain(head, here)
    drawn = [one for one in answers if one.domain in (DOMAIN, FURTHER)]
    further = {one.pair for one in drawn if one.domain == FURTHER}
    if further:
        parts.append(more_pairs(drawn, len(further)))
    parts += [REGISTRATION, registration, VOLUMES, volumes]
    return "\n".join(parts).rstrip() + "\n"


def summaries(answers: list[Answer]) -> list[Summary]:
    """Of one domain, by method."""
    names = dict.fromkeys(one.method for one in answers)
    return [summary([one for one in answers if one.method == name]) for name in names]


def _domain(head: str, answers: list[Answer]) -> list[str]:
    answers = [one for one in answers if one.method != HEIGHTS]
    all_of = summaries(answers)
    ours = [one for one in answers if one.method == OURS]
    others = [
        against(ours, [one for one in answers if one.method == each.method])
        for each in all_of
        if each.method not in (OURS, NEW)
    ]
    # Of drawn pairs there are more, which tell of these below.
    certain = [] if answers[0].domain == DOMAIN else _certainty(ours)
    return [
        head.format(disturbed=all_of[0].disturbed, unchanged=all_of[0].unchanged),
        "\n### As they are\n",
        tables.defaults(all_of),
        EQUAL,
        tables.matched(all_of),
        AS_PIECES,
        tables.matched_pieces(all_of),
        LESS,
        tables.differences(others),
        "\n### Places found\n\nA place is found where more than half of it is flagged.\n",
        tables.objects(all_of),
        *certain,
        "\n### Pair by pair\n",
        tables.by_pair(answers),
        "",
    ]


def _certainty(ours: list[Answer]) -> list[str]:
    findings = [finding for one in ours for finding in one.findings if not one.is_partly_known]
    return [
        CONFIDENCE,
        tables.confidence(calibration(findings)),
        "\n### Classes\n",
        tables.classes(confusion(findings)),
    ]
