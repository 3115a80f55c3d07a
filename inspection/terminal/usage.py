"""A command that was not understood, told in the language of whoever typed it."""

import re
from typing import Final

from inspection.wording.catalogue import Wording

_NAME: Final = r"'(?P<name>[^']+)'"
_VALUE: Final = rf"^Invalid value for {_NAME}: "
_SAID: Final = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"^No such option: (?P<name>\S+) \(Possible options: (?P<near>.+)\)$", "no_option_near"),
        (r"^No such option: (?P<name>\S+)", "no_option"),
        (rf"^No such command {_NAME}", "no_command"),
        (r"^Missing command", "missing_command"),
        (rf"^Missing (?:option|argument|parameter) {_NAME}", "missing"),
        (r"^Got unexpected extra arguments?\S* \((?P<names>.*)\)$", "extra"),
        (rf"^Option {_NAME} requires", "needs_value"),
        (rf"^Option {_NAME} does not take a value", "takes_no_value"),
        (rf"{_VALUE}Input should be greater than or equal to (?P<limit>\S+)$", "at_least"),
        (rf"{_VALUE}Input should be less than or equal to (?P<limit>\S+)$", "at_most"),
        (rf"{_VALUE}Input should be a valid integer", "whole_number"),
        (rf"{_VALUE}Input should be a valid number", "number"),
        (rf"{_VALUE}.*'(?P<value>[^']*)' is not one of (?P<known>.+?)\.?$", "choice"),
        (rf"{_VALUE}.*does not match the formats?", "time"),
        (rf"{_VALUE}", "value"),
    )
)
"""What the library that reads commands says, the likelier form first, and our sentence for it."""


def usage_sentence(said: str, words: Wording) -> str:
    """
    Say in words what is wrong with a command.

    What the library says is read by its form, as it has no codes of its own; where the form is
    none that is known here, the sentence says only that something is.
    """
    for pattern, key in _SAID:
        if found := pattern.match(said.strip()):
            return words.say(f"usage.{key}", **found.groupdict())
    return words.say("usage.other")
