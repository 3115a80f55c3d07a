"""What an inspection warned of, in the language of who asks: the reason, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from inspection.document import Inspection
from inspection.provenance import Warn
from inspection.wording.catalogue import Wording


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One warning."""

    code: str
    message: str
    hint: str | None
    """What to do; None where nothing can be done about it, or the document says too little."""


def warned_of(inspection: Inspection, words: Wording) -> Iterator[Warned]:
    """Word the warnings about flights and boundary."""
    for one in (*inspection.warnings, *inspection.boundary.warnings):
        message = _said(f"warnings.{one.code}", one, words) or one.message
        yield Warned(code=one.code, message=message, hint=_said(f"hints.{one.code}", one, words))


def _said(key: str, warn: Warn, words: Wording) -> str | None:
    """A sentence, where this version has one and the document states what it asks for."""
    try:
        return words.say(key, **warn.facts)
    except KeyError:
        return None
