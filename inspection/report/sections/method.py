"""How it was done: the steps, the numbers that decided, and how accurate that proved to be."""

from inspection.model import Json
from inspection.report.brief import Brief, flat
from inspection.report.content import Block, Bullets, Section, Table, Text

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
            *_tested(brief),
            Bullets(
                title=brief.say("method.limits"),
                items=[brief.say(f"method.{name}") for name in ("smallest", "border", "light")],
            ),
            Table(
                caption=brief.say("method.parameters"),
                head=[brief.say("method.parameter"), brief.say("method.value")],
                rows=[
                    [name, _value(value, brief)]
                    for name, value in flat(brief.inspection.parameters)
                ],
                widths=[2, 1.6],
                abreast=2,
            ),
        ],
    )


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


def _value(value: Json, brief: Brief) -> str:
    if isinstance(value, dict):
        return ", ".join(_value(one, brief) for one in value.values())
    if isinstance(value, list):
        return "; ".join(_value(one, brief) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return brief.say("values.number", value=value)
    return brief.known(value) if value else "–"  # noqa: RUF001 - a dash is meant
