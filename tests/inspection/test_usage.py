"""What is wrong with a command, in each language and in no other."""

import re
import tomllib
from importlib.resources import files

import pytest
from typer.exceptions import TyperException

from inspection.__main__ import app
from inspection.language import Language
from inspection.terminal.usage import usage_sentence
from inspection.wording.catalogue import wording

BATCH = ("batch", "a.csv", "--out", "x")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (("inspect", "--boundry", "x"), "no_option_near"),
        (("inspect", "--nonsense"), "no_option"),
        (("nonsense",), "no_command"),
        (("user",), "missing_command"),
        (("inspect",), "missing"),
        (("verify",), "missing"),
        (("verify", "a", "b", "c"), "extra"),
        (("batch", "--out"), "needs_value"),
        ((*BATCH, "--quiet=1"), "takes_no_value"),
        ((*BATCH, "--workers", "0"), "at_least"),
        ((*BATCH, "--workers", "65"), "at_most"),
        ((*BATCH, "--workers", "two"), "whole_number"),
        ((*BATCH, "--language", "fr"), "choice"),
        ((*BATCH, "--created-at", "today"), "time"),
    ],
)
def test_what_the_library_says_is_said_in_our_words(said, key) -> None:
    with pytest.raises(TyperException) as raised:
        app(list(said), standalone_mode=False)
    for language in Language:
        text = files("inspection.wording").joinpath(f"{language}.toml").read_text("utf-8")
        sentence = re.escape(tomllib.loads(text)["usage"][key])
        told = usage_sentence(raised.value.format_message(), wording(language))
        assert re.fullmatch(re.sub(r"\\{\w+\\}", ".+", sentence), told), told


def test_what_it_never_said_before_is_said_to_be_wrong_all_the_same() -> None:
    words = wording(Language.INDONESIAN)
    assert usage_sentence("Something new happened.", words) == words.say("usage.other")
    assert usage_sentence("Invalid value for '--x': what?", words) == words.say(
        "usage.value", name="--x"
    )
