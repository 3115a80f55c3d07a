"""What is said: in which language, and of what, so that it can be said again in another."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None


class Language(StrEnum):
    """Languages a report is worded in."""

    INDONESIAN = "id"
    ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a sentence was made of."""

    key: str
    """Of the sentence, in the catalogue."""

    facts: Mapping[str, Json]
