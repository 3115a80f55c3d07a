"""The ledger of the permit's ground, and what earlier reports said of it."""

from collections.abc import Mapping

from inspection.report.brief import Brief
from inspection.report.content import Block, Pictures, Section, Table, Text

PARTS = ("undisturbed", "standing", "new", "recovered", "not_observed")


def ledger(brief: Brief) -> Section:
    """Print the parts of the permit's ground, which add up, and their history."""
    inspection = brief.inspection
    counted, record = inspection.ledger_ha, inspection.record
    values = {part: getattr(counted, part) for part in PARTS}
    rows = [
        [
            brief.words.say(f"summary.ledger.{part}"),
            brief.say("values.not_compared") if value is None else brief.known(value, "ha"),
            ""
            if value is None
            else brief.say("values.share", value=value / counted.permit if counted.permit else 0.0),
        ]
        for part, value in values.items()
    ]
    whole = brief.words.say("summary.ledger.permit")
    rows.append([whole, brief.known(counted.permit, "ha"), brief.say("values.share", value=1.0)])
    blocks: list[Block] = [
        Table(
            head=[brief.say(f"ledger.{name}") for name in ("part", "area", "share")],
            rows=rows,
            widths=[3, 1.4, 1],
            numbers=(1, 2),
        ),
        Text(text=brief.say("ledger.adds_up"), tone="quiet"),
        *(
            Text(
                text=brief.say(
                    "ledger.left_out", reason=brief.say(f"gaps.{one.reason}"), area=one.area_ha
                ),
                tone="note",
            )
            for one in inspection.left_out
        ),
        Pictures.one("ledger", alt=brief.say("ledger.alt"), caption=brief.say("ledger.caption")),
    ]
    if record.history:
        blocks.append(_history(brief))
    else:
        key = "ledger.first" if record.version else "ledger.no_record"
        blocks.append(Text(text=brief.say(key)))
    return Section(name="ledger", title=brief.say("ledger.title"), blocks=blocks)


def _history(brief: Brief) -> Table:
    rows = [
        [
            brief.say("values.int", value=past.version),
            brief.known(past.captured_at, "day"),
            *(_area(past.ledger_ha, part, brief) for part in PARTS),
            past.sha256[:12],
        ]
        for past in brief.inspection.record.history
    ]
    return Table(
        caption=brief.say("ledger.history"),
        head=[
            brief.say("ledger.version"),
            brief.say("ledger.flown"),
            *(brief.say(f"ledger.{part}") for part in PARTS),
            brief.say("ledger.hash"),
        ],
        rows=rows,
        widths=[0.5, 1.6, 1.2, 1.1, 1.1, 1.1, 1.1, 1.3],
        numbers=(2, 3, 4, 5, 6),
    )


def _area(ledger_ha: Mapping[str, float | None], part: str, brief: Brief) -> str:
    value = ledger_ha.get(part)
    return brief.say("values.not_compared") if value is None else brief.known(value, "hectares")
