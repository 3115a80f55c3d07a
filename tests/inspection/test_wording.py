"""The catalogues say the same things in both languages, and numbers follow the reader's locale."""

import string
import tomllib
from pathlib import Path

import pytest

import inspection.wording
from geo.disturbance import Epoch, GroundClass
from inspection.language import Language
from inspection.model import Verdict
from inspection.terminal.summary import QUESTIONS
from inspection.wording.catalogue import wording

FOLDER = Path(inspection.wording.__path__[0])


def sentences(table, at=""):
    for key, value in table.items():
        name = f"{at}.{key}" if at else key
        if isinstance(value, dict):
            yield from sentences(value, name)
        else:
            yield name, value


def catalogue(language):
    names = (f"{language}.toml", f"report.{language}.toml")
    tables = [tomllib.loads((FOLDER / name).read_text("utf-8")) for name in names]
    return {key: text for table in tables for key, text in sentences(table)}


def fields(text):
    return {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_sentences_with_the_same_facts():
    english, indonesian = (catalogue(language) for language in ("en", "id"))
    assert english.keys() == indonesian.keys()
    for key, text in english.items():
        assert fields(text) == fields(indonesian[key]), key


@pytest.mark.parametrize("language", list(Language))
def test_every_class_and_epoch_has_its_reason(language):
    words = wording(language)
    for epoch in Epoch:
        for ground_class in GroundClass:
            assert words.say(f"reasons.{epoch}.{ground_class}")
    for verdict in Verdict:
        assert words.say(f"summary.verdicts.{verdict}")
        for question in QUESTIONS:
            assert words.say(f"summary.replies.{question}.{verdict}")


@pytest.mark.parametrize(
    ("language", "hectares", "share", "day"),
    [
        (Language.ENGLISH, "1,234.5679 ha", "98.8%", "3 October 2026"),
        (Language.INDONESIAN, "1.234,5679 ha", "98,8%", "3 Oktober 2026"),
    ],
)
def test_numbers_and_dates_are_printed_as_the_reader_writes_them(language, hectares, share, day):
    words = wording(language)
    assert words.say("summary.hectares", value=1234.56789) == hectares
    assert share in words.say("answers.observed.fail", share=0.98765, missing=1.0, limit=0.95)
    assert day in words.say("limits.valid_dates.pass", day="2026-10-03")


def test_no_sentence_accuses():
    forbidden = ("peti", "ilegal", "illegal", "violation", "pelanggaran", "melanggar")
    for language in Language:
        for key, text in catalogue(language).items():
            for word in forbidden:
                assert word not in text.lower().split(), key


def test_a_fact_is_data_and_never_a_template():
    said = wording(Language.ENGLISH).say("summary.folder", folder="{value.__class__} %s")
    assert said == "The result lies in {value.__class__} %s"
