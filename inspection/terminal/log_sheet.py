"""What an examination of the audit log found, as a person reads it and as a program does."""

from dataclasses import asdict
from typing import Any

from rich.console import Console

from inspection.evidence.audit_log import LogProof
from inspection.wording.catalogue import Wording

MOST_SHOWN = 20


def as_answer(proof: LogProof) -> dict[str, Any]:
    """Give the proof as one object for machines."""
    return asdict(proof)


def print_log(proof: LogProof, console: Console, words: Wording) -> None:
    """Print that the log holds and against what, or each thing that disproves it."""

    def say(line: str) -> None:
        # What stands in a log may be anybody's words: it is printed, never obeyed.
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    for flaw in proof.flaws[:MOST_SHOWN]:
        say(words.say(f"errors.{flaw.code}.message", file=flaw.file))
    if len(proof.flaws) > MOST_SHOWN:
        say(words.say("log.more", count=len(proof.flaws) - MOST_SHOWN))
    if not proof.flaws:
        say(words.say("log.intact", events=proof.end.seq, chain=proof.chain or "-"))
        if proof.head_day is None:
            say(words.say("log.no_head"))
        else:
            told = {"count": proof.heads, "seq": proof.covered, "day": proof.head_day}
            say(words.say("log.heads", **told))
            if proof.covered < proof.end.seq:
                say(words.say("log.uncovered", count=proof.end.seq - proof.covered))
    for place in proof.places:
        key = "log.place" if place.head_day else "log.place_unsigned"
        if proof.flaws and not place.head_day:
            key = "log.place_unproven"
        say(words.say(key, seq=place.seq, at=place.at, action=place.action, day=place.head_day))
