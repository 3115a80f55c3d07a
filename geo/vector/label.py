"""Names and notes of features: short text that prints, whatever the file holds."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

LABEL_LENGTH: Final = 120
VALUE_LENGTH: Final = 200
MOST_PROPERTIES: Final = 64

LABELS: Final = (
    "name",
    "NAME",
    "Name",
    "nama",
    "NAMA",
    "Nama",
    "NAMOBJ",
    "namobj",
    "nama_usaha",
    "NAMA_USAHA",
    "kode_wiup",
    "KODE_WIUP",
    "id",
    "ID",
)
"""Properties that name a feature, the most telling first."""

_BETWEEN: Final = re.compile(r"[\W_]+")


def label_of(properties: Mapping[str, object], *, own: object = None) -> str | None:
    """First text among the properties that names the feature, else its own identifier."""
    for name in LABELS:
        value = properties.get(name)
        if isinstance(value, str) and (label := printable(value)):
            return label
    return printable(own) or None if isinstance(own, str) else None


def notes_of(properties: Mapping[str, object]) -> dict[str, str]:
    """The properties that are single values, as text, cut to a length that can be shown."""
    single = (
        (name, value)
        for name, value in properties.items()
        if isinstance(value, str | int | float | date) and not isinstance(value, bool)
    )
    told = ((printable(name), printable(str(value), length=VALUE_LENGTH)) for name, value in single)
    return dict(list(told)[:MOST_PROPERTIES])


def printable(text: str, *, length: int = LABEL_LENGTH) -> str:
    """The signs of a text that print, on one line."""
    words = " ".join(text[: length * 8].split())
    if not words.isprintable():
        # Signs that print nothing may turn the words around them; half a sign cannot be written.
        words = "".join(sign for sign in words if sign.isprintable())
    return words[:length].strip()


def plain_name(name: str) -> str:
    """
    A name without case, blanks and signs, as names of columns differ from file to file.

    Examples
    --------
    >>> plain_name("Day of Tanggal Terbit Oss ") == plain_name("day_of_tanggal_terbit_oss")
    True
    """
    return _BETWEEN.sub("_", name.casefold()).strip("_")
