"""What a scrub found, as a person reads it and as a program does."""

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from inspection.objects.scrub import Scrubbing
from inspection.wording.catalogue import Wording

TROUBLES = ("damaged", "missing", "unreadable", "foreign")


def as_answer(found: Scrubbing) -> dict[str, Any]:
    """Give what was found as one object for machines."""
    return asdict(found)


def print_scrub(found: Scrubbing, console: Console, words: Wording) -> None:
    """Print how much was read, and each thing that is wrong."""
    told = {"read": found.read, "objects": found.objects, "bytes": found.read_bytes}
    console.print(Text(words.say("scrub.read", **told)))
    if found.swept:
        console.print(Text(words.say("scrub.swept", count=found.swept)))
    for trouble in TROUBLES:
        for name in getattr(found, trouble):
            console.print(Text(words.say(f"scrub.{trouble}", name=name)), soft_wrap=True)
    if not any(getattr(found, trouble) for trouble in TROUBLES):
        console.print(Text(words.say("scrub.intact")))
