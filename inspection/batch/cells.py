"""Cells of a table that are no files: numbers, layers, languages; what is none of them says so."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import RefusedError
from inspection.batch.asked import LayerGiven
from inspection.batch.sources import given_in
from inspection.errors import UsageError
from inspection.language import Language
from inspection.objects.store import ObjectStore
from inspection.terminal.layer_option import layer_files


def count(cells: Mapping[str, str], name: str) -> int | None:
    """A number that counts from 1."""
    cell = cells.get(name)
    if cell is None:
        return None
    if not cell.isdecimal() or int(cell) < 1:
        raise RefusedError("batch_cell_unreadable", column=name)
    return int(cell)


def metres(cells: Mapping[str, str], name: str) -> float | None:
    """A length; a decimal comma is as good."""
    cell = cells.get(name)
    if cell is None:
        return None
    try:
        value = float(cell.replace(",", "."))
    except ValueError as error:
        raise RefusedError("batch_cell_unreadable", column=name) from error
    if not 0 <= value < math.inf:
        raise RefusedError("batch_cell_unreadable", column=name)
    return value


def moment(cells: Mapping[str, str], name: str) -> datetime | None:
    """A day or a time; one without zone counts as UTC."""
    cell = cells.get(name)
    if cell is None:
        return None
    try:
        value = datetime.fromisoformat(cell)
    except ValueError as error:
        raise RefusedError("batch_cell_time", column=name, found=cell) from error
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def layers(
    cells: Mapping[str, str], beside: Path, objects: ObjectStore | None
) -> tuple[LayerGiven, ...]:
    """The layers that a row names, as ``NAME=FILE; NAME@DAY=FILE``."""
    words = [word.strip() for word in cells.get("layers", "").split(";") if word.strip()]
    try:
        named = layer_files(words)
    except UsageError as error:
        raise _as_refusal(error) from error
    return tuple(
        LayerGiven(
            name=one.name,
            date=one.date,
            file=given_in(str(one.path), beside=beside, column="layers", objects=objects),
        )
        for one in named
    )


def _as_refusal(error: UsageError) -> RefusedError:
    told = RefusedError(error.code)
    told.facts |= error.facts
    return told


def language(cells: Mapping[str, str]) -> Language | None:
    """The language that a row asks for."""
    named = cells.get("language")
    if named is None:
        return None
    if named.casefold() not in list(Language):
        raise RefusedError("batch_language_unknown", found=named)
    return Language(named.casefold())
