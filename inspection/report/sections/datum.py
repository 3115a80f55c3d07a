"""The datum: what became of it between the inputs, the site and the degrees stated."""

from inspection.report.brief import Brief
from inspection.report.content import Block, Table, Text
from inspection.report.fonts import printable
from inspection.survey import DatumOperation

LAYER = "layer:"


def datum_changes(brief: Brief) -> list[Block]:
    """State every change of datum with its operation, and what is left in doubt."""
    note = brief.inspection.position.datum
    epoch = (
        brief.say("datum.epoch_not_stated")
        if note.realization_epoch is None
        else brief.say("datum.epoch", epoch=note.realization_epoch)
    )
    said = brief.say(
        f"datum.states.{note.state}", datum=note.placed_in, uncertainty=note.uncertainty_m
    )
    blocks: list[Block] = [Text(text=f"{said} {epoch}", tone="plain")]
    if note.operations:
        blocks.append(
            Table(
                caption=brief.say("datum.title"),
                head=[
                    brief.say(f"datum.{name}")
                    for name in ("used_for", "from", "to", "operation", "accuracy")
                ],
                rows=[_row(one, brief) for one in note.operations],
                widths=[1.3, 1.5, 1.5, 1.8, 0.9],
                numbers=(4,),
            )
        )
    return blocks


def _row(one: DatumOperation, brief: Brief) -> list[str]:
    accuracy = "nominal" if one.nominal else "accuracy_not_stated"
    return [
        _used_for(one.used_for, brief),
        printable(one.source),
        printable(one.target),
        brief.say("datum.equal") if one.name is None else printable(one.name),
        brief.say(f"datum.{accuracy}")
        if one.accuracy_m is None
        else brief.say("values.metres3", value=one.accuracy_m),
    ]


def _used_for(used_for: str, brief: Brief) -> str:
    if used_for.startswith(LAYER):
        return brief.say("roles.layer", name=used_for.removeprefix(LAYER))
    if used_for == "degrees":
        return brief.say("datum.degrees")
    return brief.say(f"roles.{used_for}")
