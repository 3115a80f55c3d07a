"""What new rules would change: the published answers held against those under the new ones."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspection.batch.checking import Planned
from inspection.batch.store import WHOLE, Folder
from inspection.batch.told import QUESTIONS, in_words
from inspection.objects.store import ObjectStore
from inspection.wording.catalogue import Wording

MOST_SHOWN: Final = 200
HECTARES: Final = ("new", "standing", "not_observed")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One answer of one row, before and after."""

    row: int
    permit: str
    question: str
    before: str | None
    """None where nothing is published of it."""

    after: str | None
    """None where it could not be inspected under the new rules."""

    value_before: float | None
    value_after: float | None
    code: str = ""

    @property
    def is_other(self) -> bool:
        """Whether the answer itself would be another."""
        return self.before is not None and self.before != self.after


def changes(
    planned: Sequence[Planned],
    *,
    trial: Folder,
    published: Mapping[str, Path],
    objects: ObjectStore | None,
    words: Wording,
) -> Iterator[Change]:
    """
    Give every answer and the hectares of every row under both rules.

    Parameters
    ----------
    planned
        The rows under the new rules.
    trial
        Where they were run.
    published
        Results that stand, by their subject.
    objects
        Where the records keep the documents that they have published.
    """
    for one in planned:
        if one.asked is None:
            continue
        ended = trial.ended(one.asked)
        whole = ended is not None and ended.state in WHOLE
        after = _read(trial.result(one.asked)) if whole else {}
        before = _before(one, published.get(one.asked.subject), objects)
        code = in_words(ended.problem, words)["code"] if ended else ""
        permit = str((after or before).get("permit", {}).get("id") or one.asked.label)
        for question in QUESTIONS:
            was, will = (each.get("answers", {}).get(question, {}) for each in (before, after))
            yield Change(
                row=one.line.number,
                permit=permit,
                question=question,
                before=was.get("verdict"),
                after=will.get("verdict"),
                value_before=was.get("value"),
                value_after=will.get("value"),
                code=code,
            )
        for part in HECTARES:
            was, will = (each.get("ledger_ha", {}).get(part) for each in (before, after))
            yield Change(
                row=one.line.number,
                permit=permit,
                question=f"{part}_ha",
                before=None,
                after=None,
                value_before=was,
                value_after=will,
                code=code,
            )


def _read(result: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((result / "inspection.json").read_bytes())
    return {**document, "permit": document["permit"] or {}}


def _before(one: Planned, result: Path | None, objects: ObjectStore | None) -> dict[str, Any]:
    if result is not None:
        return _read(result)
    if one.published is None or objects is None:
        return {}
    document: dict[str, Any] = json.loads(b"".join(objects.stream(one.published)))
    return {**document, "permit": document["permit"] or {}}


def changes_csv(found: Sequence[Change]) -> bytes:
    """All of them as a table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        (
            "row",
            "permit",
            "question",
            "before",
            "after",
            "value_before",
            "value_after",
            "changes",
            "code",
        )
    )
    for one in found:
        values = (one.value_before, one.value_after)
        is_other = one.is_other or (one.question.endswith("_ha") and values[0] != values[1])
        writer.writerow(
            (
                one.row,
                one.permit,
                one.question,
                one.before,
                one.after,
                *values,
                "yes" if is_other else "no",
                one.code,
            )
        )
    return text.getvalue().encode()


def as_answer(found: Sequence[Change]) -> dict[str, Any]:
    """For programs: what would be answered otherwise."""
    return {
        "rows": len({one.row for one in found}),
        "published": len({one.row for one in found if one.before is not None}),
        "changes": [asdict(one) for one in found if one.is_other],
    }


def print_changes(found: Sequence[Change], console: Console, words: Wording) -> None:
    """Show whose answers would be others."""
    others = [one for one in found if one.is_other]
    known = {one.row for one in found if one.before is not None}
    console.print(
        Text(
            words.say(
                "batch.what_if",
                answers=len(others),
                rows=len({one.row for one in others}),
                published=len(known),
            ),
            style="bold",
        )
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    for one in others[:MOST_SHOWN]:
        after = (
            words.say(f"summary.verdicts.{one.after}")
            if one.after
            else f"{words.say('batch.states.failed')} ({one.code})"
        )
        table.add_row(
            str(one.row),
            Text(one.permit),
            words.say(f"summary.questions.{one.question}"),
            words.say(f"summary.verdicts.{one.before}"),
            "→",
            after,
        )
    console.print(table)
