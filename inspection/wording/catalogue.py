"""Sentences by key, filled with facts."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from inspection.language import Json, Language, Said

PARTS = ("", "report")
"""Files of the catalogue: what every command says, and what only the report does."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Wording:
    """The sentences of one language."""

    language: Language
    table: Mapping[str, Any]

    def say(self, key: str, **facts: object) -> str:
        """
        Fill the sentence at a dotted key.

        Raises
        ------
        KeyError
            If the catalogue has no such sentence, or the sentence asks for a fact not given.
        """
        from inspection.wording.printing import Printer  # noqa: PLC0415 - help prints no number

        printer = Printer(self.language, self.table)
        return printer.vformat(self._sentence(key), (), facts)

    def said(self, key: str, **facts: object) -> Said:
        """Give the sentence as its key and the facts that it asks for, to be said later."""
        asked = {name for _, name, _, _ in string.Formatter().parse(self._sentence(key)) if name}
        return Said(key=key, facts={name: _plain(facts[name]) for name in sorted(asked)})

    def sentence(self, said: Said) -> str:
        """Fill the sentence that somebody said, perhaps in another language."""
        return self.say(said.key, **said.facts)

    def _sentence(self, key: str) -> str:
        found: Any = self.table
        for part in key.split("."):
            if not isinstance(found, Mapping):
                raise KeyError(key)
            found = found[part]
        if not isinstance(found, str):
            raise KeyError(key)
        return found


FACT_DIGITS = 9


def _plain(fact: Any) -> Json:  # noqa: ANN401 - whatever a sentence prints
    """Give a fact as JSON carries it."""
    if fact is None or isinstance(fact, str | int):
        return fact
    if isinstance(fact, date):
        return fact.isoformat()
    return round(float(fact), FACT_DIGITS)


@cache
def wording(language: Language) -> Wording:
    """Sentences of a language, read once."""
    import tomllib  # noqa: PLC0415 - help says none of them
    from importlib.resources import files  # noqa: PLC0415

    table: dict[str, Any] = {}
    for part in PARTS:
        name = f"{part}.{language}.toml" if part else f"{language}.toml"
        text = files("inspection.wording").joinpath(name).read_text("utf-8")
        table |= tomllib.loads(text)
    return Wording(language=language, table=table)
