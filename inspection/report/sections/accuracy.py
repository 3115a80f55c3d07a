"""Accuracy classes: what each rule that the profile names says of the placement."""

from inspection.report.brief import Brief
from inspection.report.content import Table, Text
from inspection.report.fonts import printable
from inspection.survey import AccuracyNote, AccuracyState


def accuracy_classes(brief: Brief) -> Table | Text:
    """List the class by each rule, never one without its rule, its year and its points."""
    notes = brief.inspection.position.accuracy
    if not notes:
        return Text(text=brief.say("accuracy.no_rule"), tone="note")
    return Table(
        caption=brief.say("accuracy.title"),
        head=[brief.say(f"accuracy.{name}") for name in ("rule", "measured", "class", "sure")],
        rows=[
            [
                brief.say("accuracy.named", rule=printable(one.rule), year=str(one.year)),
                _measured(one, brief),
                _class(one, brief),
                brief.say(f"sure.{one.sure}"),
            ]
            for one in notes
        ],
        widths=[1.8, 1.3, 2.2, 1],
    )


def _measured(one: AccuracyNote, brief: Brief) -> str:
    if one.value_m is None:
        return brief.say("accuracy.not_tested")
    return brief.say(f"accuracy.{one.measure}", value=one.value_m, points=one.check_points)


def _class(one: AccuracyNote, brief: Brief) -> str:
    if one.state is AccuracyState.NOT_TESTED:
        return brief.say("accuracy.not_tested")
    if one.state is AccuracyState.INDICATIVE:
        return brief.say(
            f"accuracy.indicative_{one.least_from}",
            points=one.check_points,
            least=one.least_check_points,
        )
    if one.accuracy_class is None:
        return brief.say("accuracy.beyond", points=one.check_points)
    name = printable(one.accuracy_class)
    if one.scale is None:
        return brief.say("accuracy.classed", name=name, points=one.check_points)
    return brief.say(
        "accuracy.classed_at",
        name=name,
        scale=one.scale,
        limit=one.ce90_limit_m,
        points=one.check_points,
    )
