"""Overlaps with the layers that were given: rivers, forest, settlements, other permits."""

from inspection.layer_notes import LayerNote
from inspection.report.brief import Brief
from inspection.report.content import Block, Pictures, Section, Table, Text
from inspection.report.fonts import printable


def layers(brief: Brief) -> Section:
    """Hold permit and disturbed ground against each layer."""
    given = brief.inspection.layers
    title = brief.say("layers.title")
    if not given:
        none = Text(text=brief.say("layers.none"))
        return Section(name="layers", title=title, blocks=[none])
    blocks: list[Block] = [
        Table(
            caption=brief.say("layers.overlap"),
            head=[
                brief.say(f"layers.{name}")
                for name in ("number", "layer", "date", "permit", "share", "disturbed")
            ],
            rows=[_overlap(number, one, brief) for number, one in enumerate(given, start=1)],
            widths=[0.4, 2, 1.4, 1.3, 0.9, 1.4],
            numbers=(3, 4, 5),
        ),
        Table(
            caption=brief.say("layers.nearest"),
            head=[
                brief.say(f"layers.{name}") for name in ("layer", "feature", "finding", "distance")
            ],
            rows=[_nearest(one, brief) for one in given],
            widths=[2, 2, 1, 1.6],
            numbers=(3,),
        ),
        Pictures.one("layers", alt=brief.say("layers.alt"), caption=brief.say("layers.caption")),
        Table(
            caption=brief.say("layers.features"),
            head=[
                brief.say(f"layers.{name}")
                for name in ("layer", "count", "used", "far", "unusable")
            ],
            rows=[_features(one, brief) for one in given],
            widths=[2, 0.9, 0.9, 0.9, 2.4],
            numbers=(1, 2, 3),
        ),
    ]
    blocks += [_meeting(one, brief) for one in given if one.overlaps]
    blocks.append(Text(text=brief.say("layers.caution"), tone="note"))
    return Section(name="layers", title=title, blocks=blocks)


def _overlap(number: int, one: LayerNote, brief: Brief) -> list[str]:
    unknown = brief.say("layers.unknown")
    return [
        brief.say("values.int", value=number),
        printable(one.name),
        brief.known(one.date, "day"),
        unknown if one.permit_overlap_ha is None else brief.known(one.permit_overlap_ha, "ha"),
        unknown
        if one.permit_overlap_share is None
        else brief.known(one.permit_overlap_share, "share"),
        unknown
        if one.disturbed_overlap_ha is None
        else brief.known(one.disturbed_overlap_ha, "ha"),
    ]


def _nearest(one: LayerNote, brief: Brief) -> list[str]:
    near, name = one.nearest, printable(one.name)
    if near is None:
        nothing = brief.say("layers.nothing_near")
        return [name, nothing, "–", "–"]  # noqa: RUF001 - a dash is meant
    distance = brief.say(
        "layers.distance_value", value=near.distance_m, uncertainty=near.uncertainty_m
    )
    return [name, brief.known(near.feature), near.finding, distance]


def _features(one: LayerNote, brief: Brief) -> list[str]:
    left_out = [
        brief.say("layers.left_out", count=count, why=brief.words.say(f"layers.unusable.{why}"))
        for why, count in one.unusable.items()
    ]
    counts = [brief.say("values.int", value=n) for n in (one.features, one.used, one.far)]
    return [printable(one.name), *counts, "; ".join(left_out) or brief.say("layers.all_usable")]


def _meeting(one: LayerNote, brief: Brief) -> Table:
    return Table(
        caption=brief.say(
            "layers.meeting", layer=one.name, shown=len(one.overlaps), count=one.overlapping
        ),
        head=[brief.say("layers.feature"), brief.say("layers.permit")],
        rows=[
            [brief.known(meets.feature), brief.known(meets.permit_overlap_ha, "ha")]
            for meets in one.overlaps
        ],
        widths=[3, 1],
        numbers=(1,),
        abreast=1 if len(one.overlaps) <= 4 else 2,  # noqa: PLR2004 - a short table stays whole
    )
