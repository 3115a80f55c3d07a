"""The summary a person reads when an inspection is done."""

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspection.layer_notes import LayerNote
from inspection.model import Verdict
from inspection.pipeline import Outcome
from inspection.schema import as_json
from inspection.wording.catalogue import Wording

QUESTIONS = ("place", "observed", "comparable", "outside", "limits")
LEDGER = ("permit", "undisturbed", "standing", "new", "recovered", "not_observed")

SIGNS = {
    Verdict.PASS: ("✓", "green"),
    Verdict.FAIL: ("✗", "red"),
    Verdict.UNCERTAIN: ("?", "yellow"),
    Verdict.NOT_APPLICABLE: ("–", "dim"),  # noqa: RUF001 - a dash is meant
}
"""A sign and a word beside the colour, which alone carries nothing."""


def as_result(outcome: Outcome) -> dict[str, Any]:
    """Give the outcome as one object for machines: the document less its long parts."""
    document = as_json(outcome.inspection)
    brief = ("id", "created_at", "answers", "ledger_ha", "areas_ha", "registration", "warnings")
    return {
        **{name: document[name] for name in brief},
        "findings": len(document["findings"]),
        "folder": str(outcome.folder),
        "filed": asdict(outcome.filed) if outcome.filed else None,
    }


def print_summary(outcome: Outcome, console: Console, words: Wording) -> None:
    """Print the five answers, the hectares, and where the result lies."""
    inspection = outcome.inspection
    console.print()
    console.print(Text(f"{words.say('summary.title')} {inspection.id}", style="bold"))
    table = Table(show_header=False, box=None, pad_edge=False)
    for question in QUESTIONS:
        answer = getattr(inspection.answers, question)
        sign, style = SIGNS[answer.verdict]
        table.add_row(
            Text(sign, style=style),
            Text(words.say(f"summary.questions.{question}")),
            Text(words.say(f"summary.replies.{question}.{answer.reply}"), style=style),
            Text(answer.sentence),
        )
    console.print(table)
    console.print()
    hectares = Table(show_header=False, box=None, pad_edge=False)
    for part in LEDGER:
        value = getattr(inspection.ledger_ha, part)
        hectares.add_row(
            Text(words.say(f"summary.ledger.{part}")),
            Text(words.say("summary.hectares", value=value), justify="right"),
        )
    console.print(hectares)
    console.print(Text(words.say("summary.findings", count=len(inspection.findings))))
    for layer in inspection.layers:
        console.print(Text(_layer_line(layer, words)))
    for warning in inspection.warnings:
        console.print(Text(words.say("summary.warning", message=warning.message), style="yellow"))
    console.print(Text(words.say("summary.folder", folder=str(outcome.folder))))
    if outcome.filed is not None:
        console.print(
            Text(
                words.say(
                    "summary.filed",
                    permit=outcome.filed.permit_id,
                    sequence=outcome.filed.sequence,
                )
            )
        )


def _layer_line(layer: LayerNote, words: Wording) -> str:
    near = layer.nearest
    dated = words.say(
        f"layers.{'dated' if layer.date else 'undated'}", layer=layer.name, day=layer.date
    )
    overlap = words.say(
        "layers.overlap",
        permit=layer.permit_overlap_ha,
        share=layer.permit_overlap_share,
        disturbed=layer.disturbed_overlap_ha,
    )
    if near is None:
        return f"{dated} {overlap} {words.say('layers.none_near')}"
    nearest = words.say(
        f"layers.{'nearest' if near.feature else 'nearest_unnamed'}",
        distance=near.distance_m,
        uncertainty=near.uncertainty_m,
        finding=near.finding,
        feature=near.feature,
    )
    return f"{dated} {overlap} {nearest}"
