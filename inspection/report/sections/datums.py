"""Datums, as the section on position tells them: which were changed into which, and by what."""

from inspection.report.brief import Brief
from inspection.report.content import Block, Table, Text
from inspection.report.sections.sources import role_of
from inspection.survey import DatumOperation

HEAD = ("used_for", "operation", "accuracy", "distance", "outcome")


def stated_datum(brief: Brief) -> str:
    """Datum that is measured on, with what is known of its realization and epoch."""
    system, datum = brief.inspection.position.system, brief.inspection.position.datum
    return brief.say(
        "datums.value",
        datum=system.datum,
        ellipsoid=system.ellipsoid,
        realization=brief.known(datum.realization if datum else None),
        # A year with its tenth, as geodesists write it in every language.
        epoch=brief.known(str(datum.epoch) if datum and datum.epoch else None),
    )


def datums(brief: Brief) -> list[Block]:
    """Say whether boundary and picture are on one datum, and list every change that was needed."""
    datum = brief.inspection.position.datum
    if datum is None:
        return []
    if not datum.operations:
        return [Text(text=brief.told(datum.said)), Text(text=brief.say("datums.none"))]
    return [
        Text(text=brief.told(datum.said)),
        Table(
            caption=brief.say("datums.title"),
            head=[brief.say(f"datums.{name}") for name in HEAD],
            rows=[_row(one, brief) for one in datum.operations],
            widths=[1.1, 2.6, 0.8, 0.8, 1.3],
            numbers=(2, 3),
        ),
    ]


def _row(one: DatumOperation, brief: Brief) -> list[str]:
    outcome = brief.say("datums.applied" if one.applied else "datums.kept")
    if one.better_missing:
        outcome = brief.say("datums.better_missing", outcome=outcome)
    shown = (
        brief.say("datums.display") if one.used_for == "display" else role_of(one.used_for, brief)
    )
    return [
        shown,
        brief.say("datums.way", name=one.name, source=one.source, target=one.target),
        brief.known(one.accuracy_m, "metres"),
        brief.known(one.distance_m, "metres"),
        outcome,
    ]
