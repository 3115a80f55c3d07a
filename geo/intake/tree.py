"""A tree of JSON taken apart in the child: bounded, each name once, less what must not be kept."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final, Never

from geo.vector.label import plain_name, printable
from geo.vector.nesting import MOST_DEPTH, depth_of
from geo.vector.unfit import Reason, Unfit

_LONGEST_KEY: Final = 40


def tree_file(source: Path, working: Path, *, unwanted: frozenset[str]) -> dict[str, Any]:
    """
    Write the tree that a file holds into a file of our own, without the unwanted branches.

    Parameters
    ----------
    source, working
        The upload, and the file to write: ``root``, and under ``dropped`` how often each
        unwanted name held something.
    unwanted
        Names, as `geo.vector.label.plain_name` gives them, that are left out at any depth.
        What they held is written nowhere.
    """
    try:
        root, dropped = _pruned(source.read_bytes(), unwanted)
        text = json.dumps({"root": root, "dropped": dropped}, allow_nan=False)
    except Unfit as unfit:
        return {"reason": unfit.reason, "where": unfit.where, "facts": unfit.facts}
    except (ValueError, RecursionError):
        return {"reason": Reason.UNREADABLE, "where": None, "facts": {}}
    working.write_text(text, "ascii")
    return {}


def _pruned(content: bytes, unwanted: frozenset[str]) -> tuple[Any, dict[str, int]]:
    if depth_of(content) > MOST_DEPTH:
        raise Unfit(Reason.UNREADABLE, where=f"depth > {MOST_DEPTH}")
    dropped = Counter[str]()

    def branch(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, value in pairs:
            if name in kept:
                # One of the two would be lost, and nobody could say which was meant.
                raise Unfit(Reason.UNREADABLE, where=f"{printable(name)[:_LONGEST_KEY]}, twice")
            if (plain := plain_name(name)) in unwanted:
                dropped[plain] += value not in (None, "", [], {})
            else:
                kept[name] = value
        return kept

    root = json.loads(
        content.decode("utf-8-sig"), object_pairs_hook=branch, parse_constant=_no_number
    )
    return root, dict(dropped)


def _no_number(_name: str) -> Never:
    raise Unfit(Reason.UNREADABLE)
