"""How accurate detection proved to be: figures of a dated file, measured by the benchmark."""

import tomllib
from importlib.resources import files

from pydantic import TypeAdapter

from inspection.provenance import Tested


def tested() -> Tested:
    """Read the figures that belong to this version."""
    table = tomllib.loads(files("inspection").joinpath("tested.toml").read_text("utf-8"))
    return TypeAdapter(Tested).validate_python(table)
