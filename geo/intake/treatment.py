"""How the pixels of one image become a picture of 8 bits: without its collar, and scaled."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.intake.bands import Bytes, Recipe
from geo.intake.collar import Collar, Hollow
from geo.intake.collar_search import CollarSearch, Verdict
from geo.intake.pixels import Flags, delivered_pixels
from geo.intake.rim import hollow_values, rim_values
from geo.intake.scaling import ReadWindow, Scaling, scaling_of

_LOSSY: Final = ("JPEG", "WEBP")
_CHUNK: Final = 2048
_STRIP_ROWS: Final = 512
_STRIP_PIXELS: Final = 32 * 2**20
_BRIGHTEST: Final = 255


@dataclass(frozen=True, kw_only=True, eq=False)
class Treatment:
    """What is done to every window of one image."""

    collars: tuple[Collar, ...]

    doubted: Mapping[str, float]
    """Share of the image that may be a collar or ground, and stays ground, by its colour."""

    scaling: Scaling | None
    """None where the numbers are 8 bits as they are."""

    @classmethod
    def of(cls, source: DatasetReader, recipe: Recipe) -> "Treatment":
        """Look for collars, and choose how to scale what is not one."""
        read = partial(delivered_pixels, source, recipe)
        size = {"rows": source.height, "columns": source.width}
        lossy = recipe.is_bytes and _is_lossy(source)
        rim = rim_values(read, whole=recipe.says_empty, **size)
        # Where it is None, its file marks what is empty around the ground.
        values = () if rim is None else hollow_values(recipe, rim, is_lossy=lossy)
        scaling = scaling_of(recipe, read, hollow=values, **size)
        hollows = [_hollow(value, scaling, is_lossy=lossy) for value in values]
        verdicts = _verdicts(source, read, [one for one in hollows if one is not None])
        collars = tuple(one.collar for _, one in verdicts if one.collar is not None)
        found = tuple(collar.hollow.value for collar in collars)
        if scaling is not None and found != values:
            scaling = scaling_of(recipe, read, hollow=found, **size)
        doubted = {one.colour: said.doubted_share for one, said in verdicts if said.doubted_share}
        return cls(collars=collars, doubted=doubted, scaling=scaling)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is done at all."""
        return not self.collars and self.scaling is None

    @property
    def margin(self) -> int:
        """Pixels around a window that are needed to treat it."""
        return max((collar.margin for collar in self.collars), default=0)


def seen_pixels(
    source: DatasetReader, recipe: Recipe, treatment: Treatment, window: Window
) -> tuple[Bytes, Flags, int]:
    """
    Read one window as a picture.

    Returns
    -------
    picture
        (3, rows, columns); zero where not valid.
    valid
        (rows, columns); whether the ground was seen.
    collar_pixels
        How many pixels are not valid only because they belong to a collar.

    Raises
    ------
    RefusedError
        ``image_corrupt``.
    """
    wider = _widened(source, window, treatment.margin)
    picture, valid = delivered_pixels(source, recipe, wider)
    collar_pixels = 0
    if treatment.collars:
        covered = np.zeros_like(valid)
        for collar in treatment.collars:
            covered |= collar.covered(picture, valid, row=wider.row_off, column=wider.col_off)
        top, left = window.row_off - wider.row_off, window.col_off - wider.col_off
        inside = np.s_[top : top + window.height, left : left + window.width]
        picture, covered, valid = picture[:, *inside], covered[inside], (valid & ~covered)[inside]
        collar_pixels = int(np.count_nonzero(covered))
    shown = picture if treatment.scaling is None else treatment.scaling.of(picture)
    if not valid.all():
        shown = shown * valid
    if len(shown) == 1:
        shown = np.repeat(shown, 3, axis=0)
    return shown, valid, collar_pixels


def notes(treatment: Treatment) -> dict[str, Any]:
    """What the child says of it."""
    return {
        "collars": [collar.hollow.colour for collar in treatment.collars],
        "doubted": dict(treatment.doubted),
        "scaling": asdict(treatment.scaling) if treatment.scaling else None,
    }


def chunks(
    source: DatasetReader, part: Window, *, is_plain: bool, multiple: int = 1
) -> Iterator[Window]:
    """
    Cut a part of an image so that few blocks of it are decoded twice and memory stays small.

    A strip is decoded whole whatever is asked of it, so strips are read at full width. Less at
    once where the pixels are not plainly copied. `multiple` is what all sides but those of the
    last window are multiples of.
    """
    height, width = _CHUNK, _CHUNK
    if source.block_shapes[0][1] == source.width > _CHUNK:
        pixels = _STRIP_PIXELS // (1 if is_plain else 8)
        height = _STRIP_ROWS
        width = max(pixels // _STRIP_ROWS // _STRIP_ROWS * _STRIP_ROWS, _CHUNK)
    height, width = (max(side // multiple, 1) * multiple for side in (height, width))
    for row in range(0, part.height, height):
        for column in range(0, part.width, width):
            yield Window(
                column, row, min(width, part.width - column), min(height, part.height - row)
            )


def _is_lossy(source: DatasetReader) -> bool:
    stated = source.tags(ns="IMAGE_STRUCTURE").get("COMPRESSION", "").upper()
    return any(name in stated for name in _LOSSY)


def _hollow(value: float, scaling: Scaling | None, *, is_lossy: bool) -> Hollow | None:
    """None where the value is darker and brighter than some of the ground."""
    darkest, brightest = (0.0, 255.0) if scaling is None else (scaling.lowest, scaling.highest)
    if darkest < value < brightest or darkest >= brightest:
        return None
    return Hollow(
        value=value,
        is_white=value >= brightest,
        level=(brightest - darkest) / _BRIGHTEST,
        is_lossy=is_lossy,
    )


def _verdicts(
    source: DatasetReader, read: ReadWindow, hollows: list[Hollow]
) -> list[tuple[Hollow, Verdict]]:
    rows, columns = source.height, source.width
    searches = [CollarSearch(hollow=one, rows=rows, columns=columns) for one in hollows]
    if not searches:
        return []
    whole = Window(0, 0, columns, rows)
    for window in chunks(source, whole, is_plain=False, multiple=searches[0].cell):
        try:
            picture, valid = read(window)
        except RefusedError:
            continue  # no collar there that we know of; it may never be asked for
        for search in searches:
            search.look(picture, valid, row=window.row_off, column=window.col_off)
    return [(search.hollow, search.verdict()) for search in searches]


def _widened(source: DatasetReader, window: Window, margin: int) -> Window:
    top, left = max(window.row_off - margin, 0), max(window.col_off - margin, 0)
    bottom = min(window.row_off + window.height + margin, source.height)
    right = min(window.col_off + window.width + margin, source.width)
    return Window(left, top, right - left, bottom - top)
