"""Tables of pandas, which a process that makes one inspection has no use for."""

import sys
from typing import Final

_TABLES: Final = ("geopandas", "pandas", "pyarrow")


def forgo_frames() -> None:
    """
    Let pyogrio find none of the libraries that it takes along wherever they are installed.

    They take a third of a second and a hundred megabytes of whoever writes a GeoPackage. What is
    loaded already stays.
    """
    for name in _TABLES:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
