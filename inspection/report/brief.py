"""What every section is written from: the document, its words, and the shapes on its maps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import TypeAdapter

from inspection.document import Answer, Finding, Inspection
from inspection.language import Json, Said
from inspection.profiles.profile import ReportRules
from inspection.provenance import Warn
from inspection.report.content import Mark
from inspection.report.fonts import printable
from inspection.report.scene import Scene
from inspection.wording.catalogue import Wording


@dataclass(frozen=True, kw_only=True, eq=False)
class Brief:
    """One inspection, to be told in one language."""

    inspection: Inspection
    words: Wording
    scene: Scene
    sealed: bytes
    """inspection.json, byte for byte."""

    sha256: str
    """Its hash."""

    embedded: bool = True
    """Whether the paper carries inspection.json with it."""

    paged: bool = True
    """Whether the main findings have pages; a light paper may lack the room."""

    rows: int | None = None
    """Findings that the table lists at most; None for all."""

    @cached_property
    def rules(self) -> ReportRules:
        """How the profile that decided wants the report printed."""
        stated = self.inspection.parameters.get("report", {})
        return TypeAdapter(ReportRules).validate_python(stated)

    @property
    def main(self) -> Sequence[Finding]:
        """Findings that are given a page each: the gravest."""
        return self.inspection.findings[: self.rules.main_findings if self.paged else 0]

    def say(self, key: str, **facts: object) -> str:
        """Fill a sentence of the report's part of the catalogue."""
        return self.words.say(f"report.{key}", **{k: _safe(v) for k, v in facts.items()})

    def told(self, said: Said | Sequence[Said]) -> str:
        """Say what the inspection said, in this report's language."""
        every = [said] if isinstance(said, Said) else said
        return " ".join(self.words.sentence(_safe_said(one)) for one in every)

    def warning(self, warned: Warn) -> str:
        """Say what the inspection warned of."""
        facts = {k: _safe(v) for k, v in warned.facts.items()}
        return self.words.say(f"warnings.{warned.code}", **facts)

    def known(self, value: object, key: str = "") -> str:
        """Print a value in the form of that key, or say that it is not stated."""
        if value is None or value == "":
            return self.say("values.not_stated")
        return self.say(f"values.{key}", value=value) if key else printable(str(value))

    def epoch(self, epoch: str) -> str:
        """Since when ground lies open, as far as this inspection can tell."""
        compared = self.inspection.ledger_ha.new is not None
        return self.say(f"epochs.{epoch if compared else 'undated'}")

    def reply(self, question: str, answer: Answer) -> Mark:
        """Mark of an answer, in words that reply to its question."""
        word = self.words.say(f"summary.replies.{question}.{answer.reply}")
        return Mark(verdict=str(answer.verdict), word=word)

    def verdict(self, verdict: str) -> Mark:
        """Mark of a verdict."""
        return Mark(verdict=str(verdict), word=self.words.say(f"summary.verdicts.{verdict}"))


def _safe(fact: object) -> object:
    return printable(fact) if isinstance(fact, str) else fact


def _safe_said(said: Said) -> Said:
    facts = {k: printable(v) if isinstance(v, str) else v for k, v in said.facts.items()}
    return Said(key=said.key, facts=facts)


def flat(values: Mapping[str, Json], at: str = "") -> Iterator[tuple[str, Json]]:
    """Give the values of nested tables under dotted names."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{at}{name}.")
        else:
            yield f"{at}{name}", value
