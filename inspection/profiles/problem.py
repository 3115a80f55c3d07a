"""What is wrong in a profile, so that whoever wrote it can put it right."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from geo.errors import RefusedError

PLAIN = re.compile(r"[A-Za-z0-9_.:/ -]{1,40}")
"""What is repeated of a file; anything else is not shown."""

BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}

KINDS = {
    "float": "number",
    "int": "whole number",
    "string": "string",
    "tuple": "array",
    "dataclass": "table",
    "dict": "table",
    "bool": "true, false",
}
"""By how pydantic's names of errors begin; the words are TOML's own."""


NOT_IN_FILE = {"in_file": False}
"""Marks what a profile knows of its files, and no file says of itself."""


def problem_of(error: ValidationError, *, at: tuple[str, ...] = ()) -> RefusedError:
    """Say the first thing that is wrong: where, what stands there, what may stand there."""
    first = error.errors(include_url=False)[0]
    # A name that is not known is told as itself, and not as the key that it is to pydantic.
    names = [str(part) for part in (*at, *first["loc"]) if part != "[key]"]
    where = _shown(".".join(names)) if names else None
    kind, facts = first["type"], first.get("ctx", {})
    if kind.startswith("missing"):
        return RefusedError("profile_value_missing", where=where)
    if kind.startswith("unexpected"):
        return RefusedError("profile_value_unknown", where=where, nearest="-")
    return RefusedError(
        "profile_value", where=where, value=_shown(first["input"]), allowed=_allowed(kind, facts)
    )


def _allowed(kind: str, facts: Mapping[str, Any]) -> str:
    bounds = [f"{sign} {facts[name]:g}" for name, sign in BOUNDS.items() if name in facts]
    if bounds:
        return " ".join(bounds)
    if kind == "value_error":
        return str(facts["error"])
    if "expected" in facts:
        return str(facts["expected"]).replace(" or ", ", ")
    if "min_length" in facts:
        return f"≥ {facts['min_length']}"
    if kind in ("too_long", "too_short", "missing_positional_only_argument"):
        return "array"
    return next((word for start, word in KINDS.items() if kind.startswith(start)), "finite number")


def _shown(value: object) -> str:
    text = str(value)
    return text if PLAIN.fullmatch(text) else "…"


def require_known(table: Mapping[str, Any], kind: type, at: str = "") -> None:
    """
    Require that a table has no value but those of a dataclass, however deep, and all finite.

    Raises
    ------
    RefusedError
        ``profile_value_unknown`` with the place and the nearest name that is known,
        ``profile_value``.
    """
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.metadata != NOT_IN_FILE]
    for name, value in table.items():
        if name not in names:
            nearest = get_close_matches(name, names, n=1, cutoff=0.0)
            raise RefusedError(
                "profile_value_unknown", where=_shown(f"{at}{name}"), nearest=f"{at}{nearest[0]}"
            )
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, float) and not math.isfinite(one):
                raise RefusedError(
                    "profile_value", where=f"{at}{name}", value=str(one), allowed="finite number"
                )
        for inner, number, inside in _tables(value, hints[name]):
            require_known(inner, inside, f"{at}{name}{number}.")


def _tables(value: object, hint: Any) -> Iterator[tuple[Mapping[str, Any], str, type]]:  # noqa: ANN401
    """Tables within a value whose keys a dataclass names."""
    kinds = [one for one in (hint, *get_args(hint)) if is_dataclass(one) and isinstance(one, type)]
    if not kinds:
        return
    if isinstance(value, dict) and get_origin(hint) is dict:
        for name, one in value.items():
            if isinstance(one, dict):
                yield one, f".{_shown(name)}", kinds[0]
    elif isinstance(value, dict):
        yield value, "", kinds[0]
    elif isinstance(value, list):
        for number, one in enumerate(value):
            if isinstance(one, dict):
                yield one, f".{number}", kinds[0]
