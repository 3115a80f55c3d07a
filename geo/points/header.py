"""The first line of a table of control points: which column is which, by many names."""

import re
from collections.abc import Mapping, Sequence

_CALLED: Mapping[str, str] = {
    "name": "name id point pointname pointid label gcp gcplabel gcpname marker markerlabel "
    "titik namatitik nama no nomor",
    "role": "role type peran jenis",
    "crs": "crs epsg srs sistem sistemkoordinat",
    "x": "x easting east e lon long longitude bujur timur mapx xlongitude xeasting absis",
    "y": "y northing north n lat latitude lintang utara mapy ylatitude ynorthing ordinat",
    "column": "column col px pixelx xpixel pixelcolumn imagex ximage u sample kolom kolompiksel",
    "row": "row line py pixely ypixel pixelrow imagey yimage v baris barispiksel",
    "image": "image imagename filename file photo camera cameralabel foto citra berkas",
    "enabled": "enable enabled aktif",
}
"""What each column is called, in small letters without signs, blanks and units."""

_COLUMN_OF = {word: column for column, words in _CALLED.items() for word in words.split()}

_UNITS = re.compile(r"\((?:m|deg|px|°|pixels?)\)", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")

COMPULSORY = ("x", "y", "column", "row")


def columns_of(fields: Sequence[str]) -> Mapping[str, int] | None:
    """
    Where each known column of a table stands; None where the line names none of places.

    The first column of a name counts: tables of errors and estimates follow the measured ones.

    Examples
    --------
    >>> columns_of(["Titik", "Bujur", "Lintang", "Pixel_X", "Pixel_Y"])
    {'name': 0, 'x': 1, 'y': 2, 'column': 3, 'row': 4}
    """
    found: dict[str, int] = {}
    for place, field in enumerate(fields):
        word = _SIGNS.sub("", _UNITS.sub("", field)).casefold()
        column = _COLUMN_OF.get(word)
        if column is not None:
            found.setdefault(column, place)
    return (
        found if any({a, b} <= found.keys() for a, b in (("x", "y"), ("column", "row"))) else None
    )
