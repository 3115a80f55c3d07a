"""The permit's limits: each with what was measured and how it came out."""

from inspection.document import LimitCheck
from inspection.report.brief import Brief
from inspection.report.content import Cell, Section, Table, Text


def limits(brief: Brief) -> Section:
    """Hold every limit of the permit against the measurement."""
    checks = brief.inspection.limits
    title = brief.say("limits.title")
    if not checks:
        none = Text(text=brief.words.say("answers.limits.none"), tone="note")
        return Section(name="limits", title=title, blocks=[none])
    return Section(
        name="limits",
        title=title,
        blocks=[
            Table(
                head=[
                    brief.say(f"limits.{name}")
                    for name in ("limit", "measured", "allowed", "result", "code")
                ],
                rows=[_row(check, brief) for check in checks],
                widths=[1.8, 1.8, 1.6, 1.2, 1.6],
            ),
            *(Text(text=brief.told(check.said)) for check in checks),
        ],
    )


def _row(check: LimitCheck, brief: Brief) -> list[Cell]:
    if check.unit == "ha":
        measured = brief.say("answers.ha_pm", value=check.value, uncertainty=check.uncertainty)
        allowed = brief.known(check.limit, "ha2")
    else:
        measured = brief.known(check.value, "date")
        first, _, last = str(check.limit).partition("/")
        allowed = brief.say(
            "limits.term",
            first="…" if first == ".." else brief.known(first, "date"),
            last="…" if last == ".." else brief.known(last, "date"),
        )
    return [
        brief.say(f"limits.names.{check.code}"),
        measured,
        allowed,
        brief.verdict(check.verdict),
        f"{check.code}: {check.verdict}",
    ]
