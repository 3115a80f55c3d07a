"""Tiles and strips: how an image is cut up in its file, and whether that can be true."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.errors import RefusedError
from geo.intake.header import require_size
from geo.intake.limits import Limits
from geo.intake.tiff import Directory, Integers, TiffFile, damaged

_COMPRESSIONS: Final = {
    1: "none",
    5: "LZW",
    7: "JPEG",
    8: "DEFLATE",
    32773: "PackBits",
    32946: "DEFLATE",
    34887: "LERC",
    34925: "LZMA",
    50000: "ZSTD",
    50001: "WebP",
}
_REFUSED_COMPRESSIONS: Final = {
    2: "CCITT",
    3: "CCITT",
    4: "CCITT",
    6: "old-style JPEG",
    34712: "JPEG 2000",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
# Black is zero, RGB, palette, mask, YCbCr. GDAL shows some of the others in wrong colours.
_PHOTOMETRICS: Final = frozenset({1, 2, 3, 4, 6})
_REFUSED_PHOTOMETRICS: Final = {
    0: "white is zero",
    5: "CMYK",
    8: "CIE L*a*b*",
    9: "ICC L*a*b*",
    10: "ITU L*a*b*",
    32803: "CFA",
    32844: "LogL",
    32845: "LogLuv",
    34892: "linear raw",
}
_TILE_TAGS: Final = frozenset({322, 324})
_SEPARATE_PLANES: Final = 2
_MAX_BITS: Final = 128
_SPLIT_ROWS: Final = 2000
_FIRST_PIXEL_BYTE: Final = 8
_SLACK_BYTES: Final = 2**20


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Size of one image and the blocks it is cut into."""

    rows: int
    columns: int
    bands: int
    bits: int
    compression: str
    block_rows: int
    block_columns: int
    is_tiled: bool
    planes: int
    """One where the bands are interleaved, else one for each band."""

    subfile: int
    """Bits of the tag NewSubfileType: 1 an overview, 4 a mask."""

    @property
    def blocks(self) -> int:
        """Tiles or strips, over all planes."""
        down = -(-self.rows // self.block_rows)
        across = -(-self.columns // self.block_columns)
        return down * across * self.planes

    @property
    def block_bytes(self) -> int:
        """Decoded size of one block."""
        bands = self.bands if self.planes == 1 else 1
        return self.block_rows * -(-self.block_columns * bands * self.bits // 8)

    @property
    def decoded_bytes(self) -> int:
        """Decoded size of the whole image."""
        return self.rows * -(-self.columns * self.bands * self.bits // 8)


def layout_of(tiff: TiffFile, directory: Directory, limits: Limits) -> Layout:
    """
    Read the size and the cut of one image, and refuse what no machine should decode.

    Raises
    ------
    RefusedError
        See `geo.intake.gate.inspect_header`.
    """

    def value(tag: int, default: int | None = None) -> int:
        entry = directory.entries.get(tag)
        if entry is None:
            if default is None:
                raise damaged(f"tag {tag}")
            return default
        return int(tiff.integers(entry, count=1)[0])

    rows, columns, bands = value(257), value(256), value(277, 1)
    if rows == 0 or columns == 0 or bands == 0:
        raise damaged("size")
    if bands > limits.max_bands:
        raise RefusedError("image_too_many_bands", bands=bands, limit=limits.max_bands)
    code = value(259, 1)
    if code not in _COMPRESSIONS:
        name = _REFUSED_COMPRESSIONS.get(code, str(code))
        raise RefusedError("image_compression_unknown", compression=name)
    if value(262, 1) not in _PHOTOMETRICS:
        found = _REFUSED_PHOTOMETRICS.get(value(262, 1), str(value(262, 1)))
        raise RefusedError("image_colours_unknown", found=found)
    is_tiled = not _TILE_TAGS.isdisjoint(directory.entries)
    layout = Layout(
        rows=rows,
        columns=columns,
        bands=bands,
        bits=_bits(tiff, directory, bands),
        compression=_COMPRESSIONS[code],
        block_rows=value(323) if is_tiled else min(value(278, rows), rows),
        block_columns=value(322) if is_tiled else columns,
        is_tiled=is_tiled,
        planes=bands if value(284, 1) == _SEPARATE_PLANES else 1,
        subfile=value(254, 0),
    )
    _require_bearable(layout, limits)
    return layout


def judged_blocks(tiff: TiffFile, directory: Directory, layout: Layout) -> int:
    """
    Check that every block lies inside the file, on bytes of its own.

    A block without bytes was never written: honest writers leave blank ground out.

    Returns
    -------
    int
        How many blocks were written.

    Raises
    ------
    RefusedError
        ``image_truncated``, ``image_blocks_overlap``, ``image_header_damaged``.
    """
    offset_tag, count_tag = (324, 325) if layout.is_tiled else (273, 279)
    offset_entry = directory.entries.get(offset_tag)
    count_entry = directory.entries.get(count_tag)
    if offset_entry is None:
        raise damaged(f"tag {offset_tag}")
    offsets = tiff.integers(offset_entry, count=layout.blocks)
    if count_entry is not None:
        counts = tiff.integers(count_entry, count=layout.blocks)
    elif layout.compression == "none" and layout.blocks == 1:
        counts = np.array([layout.decoded_bytes], dtype=np.uint64)  # old writers leave it out
    else:
        raise damaged(f"tag {count_tag}")
    written = counts > 0
    offsets, counts = offsets[written], counts[written]
    if offsets.size:
        _require_inside(tiff, offsets, counts, longest=4 * layout.block_bytes + _SLACK_BYTES)
        _require_apart(offsets, counts)
    return int(offsets.size)


def _bits(tiff: TiffFile, directory: Directory, bands: int) -> int:
    entry = directory.entries.get(258)
    if entry is None:
        return 1
    bits = int(tiff.integers(entry, count=min(entry.length, bands) or 1).max())
    if not 0 < bits <= _MAX_BITS:
        raise damaged("tag 258")
    return bits


def _require_bearable(layout: Layout, limits: Limits) -> None:
    if layout.block_rows == 0 or layout.block_columns == 0:
        raise damaged("block size")
    require_size(
        rows=layout.rows,
        columns=layout.columns,
        decoded_bytes=layout.decoded_bytes,
        limits=limits,
    )
    # GDAL reads one tall strip of plain pixels row by row; nothing needs to hold it whole.
    is_split = (
        layout.compression == "none" and layout.blocks == 1 and layout.rows > _SPLIT_ROWS
    ) and not layout.is_tiled
    if layout.block_bytes > limits.max_block_bytes and not is_split:
        raise RefusedError(
            "image_block_too_large",
            block_bytes=layout.block_bytes,
            limit_bytes=limits.max_block_bytes,
        )


def _require_inside(tiff: TiffFile, offsets: Integers, counts: Integers, *, longest: int) -> None:
    if int(offsets.min()) < _FIRST_PIXEL_BYTE:
        raise damaged("block offset")
    if int(counts.max()) > longest:
        raise damaged("block length")  # no compression makes its input so much longer
    # Neither addend can wrap around: the first is capped, the second was just compared.
    ends = np.minimum(offsets, np.uint64(2**60)) + counts
    tiff.require(int(ends.max()))


def _require_apart(offsets: Integers, counts: Integers) -> None:
    ends = offsets + counts
    if np.any(offsets[1:] < ends[:-1]):  # writers work in order: sort only when they did not
        # Blocks are apart just when, of starts and ends each in order, none starts too early.
        offsets, ends = np.sort(offsets), np.sort(ends)
        shared = int(np.count_nonzero(offsets[1:] < ends[:-1]))
        if shared:
            raise RefusedError("image_blocks_overlap", blocks=shared)
