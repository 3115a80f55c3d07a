"""How accurate detection proved to be: figures of a dated file, measured by the benchmark."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from pydantic import TypeAdapter


@dataclass(frozen=True, kw_only=True)
class TestedFigure:
    """One figure of how detection did on ground whose truth is known."""

    code: str
    value: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class Tested:
    """How accurate detection proved to be, and when that was tested."""

    date: str
    figures: list[TestedFigure]


def tested() -> Tested:
    """Read the figures that belong to this version."""
    table = tomllib.loads(files("inspection").joinpath("tested.toml").read_text("utf-8"))
    return TypeAdapter(Tested).validate_python(table)
