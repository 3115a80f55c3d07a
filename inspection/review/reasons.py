"""Why a finding may be rejected: codes, which are data and lie beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One of the reasons."""

    code: str
    needs_note: bool


@cache
def reasons() -> dict[str, Reason]:
    """All of them by code, in the order in which they are offered."""
    text = files("inspection.review").joinpath("reasons.toml").read_text("utf-8")
    return {
        code: Reason(code=code, needs_note=bool(told.get("note", False)))
        for code, told in tomllib.loads(text).items()
    }
