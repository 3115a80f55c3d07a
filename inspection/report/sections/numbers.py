"""The numbers that decided, each with what stands behind it."""

from collections.abc import Iterator

from inspection.language import Json
from inspection.provenance import NumberNote
from inspection.report.brief import Brief, flat
from inspection.report.content import Block, Bullets, Table
from inspection.report.fonts import printable

RULES = "accuracy.rule"


def numbers(brief: Brief) -> list[Block]:
    """List every number with its certainty, and below them the sources of these."""
    note = brief.inspection.profile
    behind = {one.name: one for one in note.numbers}
    sources: dict[str, int] = {}
    rows: list[list[str]] = []
    for name, value in flat(brief.inspection.parameters):
        if name == RULES:
            rows += _limits(value, sources, brief)
            continue
        if value is None:  # a rule that the profile leaves unset has decided nothing
            continue
        entry = _entry(name, behind)
        rows.append([name, _value(value, brief), _sure(entry, sources, brief)])
    table = Table(
        caption=brief.say("numbers.title"),
        head=[brief.say(f"numbers.{name}") for name in ("name", "value", "sure")],
        rows=rows,
        widths=[2.0, 0.9, 1.1],
        abreast=2,
    )
    stated = [brief.say("numbers.source", number=n, source=text) for text, n in sources.items()]
    blocks: list[Block] = [table, Bullets(title=brief.say("numbers.sources"), items=stated)]
    if note.left_out:
        items = [
            brief.say("numbers.unverified", name=one.name, source=one.source)
            for one in note.left_out
        ]
        blocks.append(Bullets(title=brief.say("numbers.left_out"), items=items))
    return blocks


def _entry(name: str, behind: dict[str, NumberNote]) -> NumberNote | None:
    """Give what stands behind a number: its own entry, else that of the table it stands in."""
    while name:
        if name in behind:
            return behind[name]
        name = name.rpartition(".")[0]
    return None


def _sure(entry: NumberNote | None, sources: dict[str, int], brief: Brief) -> str:
    if entry is None:
        return brief.say("sure.calibrated")
    number = sources.setdefault(entry.source, len(sources) + 1)
    return brief.say("numbers.rated", sure=brief.say(f"sure.{entry.sure}"), number=number)


def _limits(rules: Json, sources: dict[str, int], brief: Brief) -> Iterator[list[str]]:
    """Rows of the class limits of each accuracy rule: one a scale, its classes side by side."""
    for rule in rules if isinstance(rules, list) else []:
        if not isinstance(rule, dict):
            continue
        number = sources.setdefault(str(rule["source"]), len(sources) + 1)
        name = printable(str(rule["name"]))
        least = rule["least_check_points"]
        if least is not None:
            asked = brief.say("numbers.points", rule=name)
            yield [asked, _value(least, brief), _rated(str(rule["sure"]), number, brief)]
        scales: dict[tuple[Json, Json], list[str]] = {}
        for one in rule["limits"] if isinstance(rule["limits"], list) else []:
            if isinstance(one, dict):
                limit = brief.say("numbers.limit", name=one["name"], value=one["limit_m"])
                scales.setdefault((one["scale"], one["sure"]), []).append(limit)
        for (scale, sure), limits in scales.items():
            at = brief.say("numbers.scale", rule=name, scale=scale)
            yield [at, "; ".join(limits), _rated(str(sure), number, brief)]


def _rated(sure: str, number: int, brief: Brief) -> str:
    return brief.say("numbers.rated", sure=brief.say(f"sure.{sure}"), number=number)


def _value(value: Json, brief: Brief) -> str:
    if isinstance(value, list):
        return "; ".join(_value(one, brief) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return brief.say("values.number", value=value)
    return brief.known(value) if value else "–"  # noqa: RUF001 - a dash is meant
