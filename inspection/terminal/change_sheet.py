"""What an import does to the record, permit by permit, as a person reads it and a program does."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from inspection.records.importing import Change, PermitChange, Plan
from inspection.records.taking_in import Taken
from inspection.terminal.held import as_text
from inspection.wording.catalogue import Wording

MOST_PRINTED: Final = 40
"""Lines that a terminal shows; all are in --json."""


def as_answer(taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """Give what each file does as objects for machines."""
    return [
        {
            "file": one.plan.file.sha256,
            "import_id": str(one.file.id) if one.file else None,
            "was_taken": one.plan.was_taken,
            **_counts(one.plan),
            "permits": [_permit(change) for change in _telling(one.plan)],
        }
        for one in taken
    ]


def print_changes(
    taken: Sequence[Taken], console: Console, words: Wording, *, dry_run: bool
) -> None:
    """Print what changes; of a dry run and where nothing was taken in, that nothing did."""
    for one in taken:
        name = one.plan.file.name
        if one.plan.was_taken:
            console.print(Text(words.say("import.was_taken", file=name), style="bold"))
            continue
        said = words.say("import.changes", file=name, **_counts(one.plan))
        console.print(Text(said, style="bold"))
        lines = [line for change in _telling(one.plan) for line in _lines(change, words)]
        for line in lines[:MOST_PRINTED]:
            console.print(Text(f"  {line}"))
        if len(lines) > MOST_PRINTED:
            console.print(Text(words.say("import.more", count=len(lines) - MOST_PRINTED)))
    key = "import.done" if any(_telling(one.plan) for one in taken) else "import.none_taken"
    if dry_run:
        key = "import.nothing_done"
    console.print(Text(words.say(key), style="bold"))


def _telling(plan: Plan) -> list[PermitChange]:
    return [one for one in plan.permits if one.is_unclear or not one.is_empty]


def _counts(plan: Plan) -> dict[str, int]:
    told = _telling(plan)
    return {
        "new": sum(one.permit_id is None for one in told if not one.is_unclear),
        "changed": sum(one.permit_id is not None for one in told if not one.is_unclear),
        "unclear": sum(one.is_unclear for one in told),
    }


def _permit(one: PermitChange) -> dict[str, Any]:
    return {
        "reference": one.brought.reference,
        "permit_id": str(one.permit_id) if one.permit_id else None,
        "is_unclear": one.is_unclear,
        "candidates": [str(candidate) for candidate in one.candidates],
        "names": [list(name) for name in one.new_names],
        "changes": [_change(change) for change in one.changes],
        "boundary": one.sequence,
        "steps": [step.told for step in one.new_steps],
    }


def _change(change: Change) -> dict[str, Any]:
    said = change.said
    return {
        "field": said.field,
        "value": said.value,
        "where": said.where,
        "before": list(change.before),
        "differs_from": [list(other) for other in change.differs_from],
    }


def _lines(one: PermitChange, words: Wording) -> Iterator[str]:
    name = one.brought.reference
    if one.is_unclear:
        key = "import.unclear" if one.candidates else "import.twice"
        yield words.say(key, permit=name)
        return
    if one.permit_id is None:
        yield words.say("import.new", permit=name, count=len(one.changes))
    else:
        for change in one.changes:
            before = "; ".join(as_text(one, words) for one in change.before) or "-"
            field, value = change.said.field, as_text(change.said.value, words)
            yield words.say("import.value", permit=name, field=field, before=before, value=value)
    if one.new_steps:
        yield words.say("import.new_steps", permit=name, count=len(one.new_steps))
    if one.sequence is not None:
        yield words.say("import.boundary", permit=name, sequence=one.sequence)
