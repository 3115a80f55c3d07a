"""The option that names a layer: NAME=FILE, or NAME@DATE=FILE where its day is known."""

from collections.abc import Iterable
from pathlib import Path

from geo.vector.text import iso_day
from inspection.errors import UsageError
from inspection.request import LayerFile

NAME_LENGTH = 80


def layer_files(words: Iterable[str]) -> tuple[LayerFile, ...]:
    """
    Layers as the command line names them.

    Raises
    ------
    UsageError
        ``layer_malformed``, ``layer_date_unreadable``, ``layer_repeated``.
    """
    layers = [_layer_file(word) for word in words]
    names = [layer.name for layer in layers]
    for name in names:
        if names.count(name) > 1:
            raise UsageError("layer_repeated", layer=name)
    return tuple(layers)


def _layer_file(word: str) -> LayerFile:
    called, _, path = word.partition("=")
    name, dated, day = called.partition("@")
    name = name.strip()
    # What does not print, or turns the words around it, would spoil every page it stands on.
    if not (name and path and name.isprintable() and len(name) <= NAME_LENGTH):
        raise UsageError("layer_malformed")
    date = iso_day(day.strip())
    if dated and date is None:
        raise UsageError("layer_date_unreadable", layer=name)
    return LayerFile(name=name, date=date, path=Path(path))
