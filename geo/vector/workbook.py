"""What workbooks (XLSX) keep from those who read them as they stream, and how damage shows."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import range_boundaries

OF_OPENPYXL: Final = (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError)
"""What a damaged workbook meets openpyxl in."""


def merged_ranges(path: Path, sheet: Any) -> Iterator[tuple[int, int, int, int]]:  # noqa: ANN401
    """Ranges of merged cells (left, top, right, bottom), which a read-only sheet does not tell."""
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as file:  # noqa: SLF001
        for _, element in iterparse(file, forbid_dtd=True):
            if element.tag.rpartition("}")[2] == "mergeCell" and (held := element.get("ref")):
                left, top, right, bottom = range_boundaries(held)
                if None not in (left, top, right, bottom):
                    yield left, top, right, bottom
            element.clear()
