"""What an inspection says, said again in the language of whoever reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from inspection.document import Answers, Inspection
from inspection.language import Language, Said
from inspection.provenance import Warn
from inspection.wording.catalogue import Wording


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, and the language that it is in."""

    text: str
    language: Language


@dataclass(frozen=True, kw_only=True)
class FindingWords:
    """What is said of a finding."""

    reasons: list[Sentence]
    may_be_false_because: list[Sentence]


@dataclass(frozen=True, kw_only=True)
class Words:
    """The sentences of an inspection."""

    report_language: Language
    """In which the report itself is written."""

    answers: Mapping[str, Sentence]
    next_steps: list[Sentence]
    warnings: list[Sentence]
    findings: Mapping[str, FindingWords]
    """By the code of the finding; those that people added have a note and no sentences."""


def said_again(inspection: Inspection, wording: Wording) -> Words:
    """
    Say it again from what its sentences were made of; nothing is computed anew.

    A sentence that this version no longer has stays as the report says it, in its language.
    """
    teller = _Teller(wording=wording, stated=Language(inspection.language))
    answers = {one.name: getattr(inspection.answers, one.name) for one in fields(Answers)}
    return Words(
        report_language=teller.stated,
        answers={name: teller.sentence(one.said, one.sentence) for name, one in answers.items()},
        next_steps=[teller.sentence([one.said], one.sentence) for one in inspection.next_steps],
        warnings=[teller.warning(one) for one in inspection.warnings],
        findings={
            one.id: FindingWords(
                reasons=teller.every(one.reasons_said, one.reasons),
                may_be_false_because=teller.every(
                    one.may_be_false_because_said, one.may_be_false_because
                ),
            )
            for one in inspection.findings
        },
    )


@dataclass(frozen=True, kw_only=True)
class _Teller:
    wording: Wording
    stated: Language

    def sentence(self, said: Iterable[Said], sentence: str) -> Sentence:
        try:
            text = " ".join(self.wording.sentence(one) for one in said)
        except KeyError:
            return Sentence(text=sentence, language=self.stated)
        return Sentence(text=text, language=self.wording.language)

    def every(self, said: Sequence[Said], sentences: Sequence[str]) -> list[Sentence]:
        return [self.sentence([one], text) for one, text in zip(said, sentences, strict=True)]

    def warning(self, warned: Warn) -> Sentence:
        return self.sentence(
            [Said(key=f"warnings.{warned.code}", facts=warned.facts)], warned.message
        )
