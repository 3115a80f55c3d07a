"""What the header of an image says, before any pixel of it was decoded."""

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import RefusedError
from geo.intake.limits import Limits


class Container(StrEnum):
    """Kinds of file that an image may come in."""

    TIFF = "TIFF"
    JPEG = "JPEG"
    PNG = "PNG"

    @property
    def driver(self) -> str:
        """The one driver of GDAL that may open it."""
        return "GTiff" if self is Container.TIFF else str(self)


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the header of an accepted file says of the full image."""

    container: Container

    rows: int
    columns: int
    bands: int

    bits: int
    """Of the widest band, for one pixel."""

    compression: str

    block_rows: int
    block_columns: int

    is_tiled: bool
    is_big: bool

    directories: int
    """Images in the file: the full one, overviews, masks."""

    file_bytes: int

    decoded_bytes: int
    """Size of the full image in memory."""

    blocks: int
    """Tiles or strips of the full image."""

    missing_blocks: int
    """Of these, the ones that were never written."""

    @classmethod
    def of_one_picture(
        cls,
        container: Container,
        *,
        rows: int,
        columns: int,
        bands: int,
        bits: int,
        file_bytes: int,
    ) -> "Header":
        """Header of a picture that is compressed in one piece, row after row."""
        return cls(
            container=container,
            rows=rows,
            columns=columns,
            bands=bands,
            bits=bits,
            compression="JPEG" if container is Container.JPEG else "DEFLATE",
            block_rows=1,
            block_columns=columns,
            is_tiled=False,
            is_big=False,
            directories=1,
            file_bytes=file_bytes,
            decoded_bytes=rows * -(-columns * bands * bits // 8),
            blocks=rows,
            missing_blocks=0,
        )


def require_size(*, rows: int, columns: int, decoded_bytes: int, limits: Limits) -> None:
    """
    Refuse a picture that is larger than we can bear.

    Raises
    ------
    RefusedError
        ``image_too_large``.
    """
    if max(rows, columns) > limits.max_side_px or decoded_bytes > limits.max_decoded_bytes:
        raise RefusedError("image_too_large", rows=rows, columns=columns, limit=limits.max_side_px)


def require_bearable(header: Header, limits: Limits) -> None:
    """
    Refuse a picture that is larger than we can bear, or than its file can honestly hold.

    Raises
    ------
    RefusedError
        ``image_too_large``, ``image_expands_too_much``.
    """
    require_size(
        rows=header.rows,
        columns=header.columns,
        decoded_bytes=header.decoded_bytes,
        limits=limits,
    )
    allowed = max(limits.free_expansion_bytes, header.file_bytes * limits.max_expansion)
    if header.decoded_bytes > allowed:
        raise RefusedError(
            "image_expands_too_much",
            size_bytes=header.file_bytes,
            decoded_bytes=header.decoded_bytes,
        )
