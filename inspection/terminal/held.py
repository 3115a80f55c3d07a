"""What a field holds, as a person reads it: text, a number, or positions in each order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from inspection.exchange.permits.imported import Candidate
from inspection.wording.catalogue import Wording

MOST_POSITIONS: Final = 3


def as_text(held: object, words: Wording) -> str:
    """One value, of a file or of the record."""
    if held is None:
        return "-"
    if isinstance(held, bool | int | float):
        return words.say("import.number", value=held)
    if isinstance(held, list | tuple):
        return " / ".join(_order(_plain(one), words) for one in held)
    return str(held)


def _plain(one: object) -> Mapping[str, Any]:
    if isinstance(one, Candidate):
        return asdict(one)
    if isinstance(one, Mapping):
        return one
    raise TypeError("positions have an order each")


def _order(one: Mapping[str, Any], words: Wording) -> str:
    places: Sequence[Mapping[str, float]] = one["positions"]
    is_latitude_first = str(one["order"]).startswith("latitude")
    names = ("latitude", "longitude") if is_latitude_first else ("longitude", "latitude")
    told = [" ".join(f"{place[name]:g}" for name in names) for place in places[:MOST_POSITIONS]]
    if len(places) > MOST_POSITIONS:
        told.append("…")
    key = "latitude_first" if is_latitude_first else "longitude_first"
    return words.say(f"import.{key}", positions="; ".join(told))
