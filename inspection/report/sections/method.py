"""How it was done: the steps, the numbers that decided, and how accurate that proved to be."""

from inspection.report.brief import Brief
from inspection.report.content import Block, Bullets, Section, Table, Text
from inspection.report.fonts import printable
from inspection.report.sections.numbers import numbers

STEPS = ("place", "clip", "register", "detect", "locate", "ledger", "volume")


def method(brief: Brief) -> Section:
    """Describe the method so that another expert can judge it."""
    return Section(
        name="method",
        title=brief.say("method.title"),
        new_page=True,
        blocks=[
            Bullets(
                title=brief.say("method.steps"),
                items=[brief.say(f"method.{step}") for step in STEPS],
                numbered=True,
            ),
            *_scored(brief),
            *_tested(brief),
            Bullets(
                title=brief.say("method.limits"),
                items=[brief.say(f"method.{name}") for name in ("smallest", "border", "light")],
            ),
            *numbers(brief),
        ],
    )


def _scored(brief: Brief) -> list[Block]:
    """What said how far ground changed where two dates were compared, and what it is."""
    detector = brief.inspection.detector
    is_compared = brief.inspection.coverage.compared_share is not None
    if detector is None:
        by_evidence = Text(text=brief.say("method.by_evidence"), tone="plain")
        return [by_evidence] if is_compared else []
    told = brief.say(
        "method.by_detector" if is_compared else "method.of_one_date",
        name=printable(detector.name),
        version=printable(detector.version),
        sha256=detector.sha256,
    )
    return [Text(text=told, tone="plain")]


def _tested(brief: Brief) -> list[Block]:
    tested = brief.inspection.tested
    if not tested.figures:
        return [Text(text=brief.say("method.untested"), tone="note")]
    return [
        Table(
            caption=brief.say("method.tested", day=tested.date),
            head=[brief.say("method.test"), brief.say("method.outcome")],
            rows=[
                [
                    brief.say(f"tested.{one.code}"),
                    brief.known(one.value, "share" if one.unit == "share" else "number"),
                ]
                for one in tested.figures
            ],
            widths=[4, 1],
            numbers=(1,),
        ),
        Text(text=brief.say("method.tuned"), tone="note"),
    ]
