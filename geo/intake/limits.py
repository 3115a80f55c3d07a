"""What one image may cost this machine before it is turned away."""

from dataclasses import dataclass

_MEBIBYTE = 2**20
_GIBIBYTE = 2**30


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    Protective limits of the intake; no result depends on them, so they have defaults.

    An honest orthophoto stays far below each of them: refusing one by mistake sends an
    inspector back into the field.
    """

    max_directories: int = 64
    """Image directories in one file: overviews and their masks; an honest file has 20."""

    max_tags: int = 256
    """Tags in one directory."""

    max_tag_bytes: int = 32 * _MEBIBYTE
    """Longest value of a tag that is not a list of blocks: a colour profile, a note."""

    max_side_px: int = 1_000_000
    """Longest side; 10 km at 1 cm."""

    max_bands: int = 16

    max_blocks: int = 2_000_000
    """Tiles or strips, over all directories."""

    max_block_bytes: int = 256 * _MEBIBYTE
    """Decoded size of one tile or strip, which a reader must hold whole."""

    max_decoded_bytes: int = 512 * _GIBIBYTE
    """Decoded size of the full image; 10 GB of JPEG are about half of it."""

    max_expansion: int = 20_000
    """Decoded bytes for each byte of the file; blank ground in ZSTD reaches 15 000."""

    free_expansion_bytes: int = 256 * _MEBIBYTE
    """Decoded size up to which no expansion is absurd."""

    memory_bytes: int = 3 * _GIBIBYTE // 2
    """Address space of the child that decodes."""

    probe_seconds: float = 20.0
    """Time to describe an image, on the wall and on the processor."""

    normalise_seconds: float = 60.0
    """Time to begin and end a working file, on the wall and on the processor."""

    normalise_seconds_per_megapixel: float = 1.0
    """Further time for each million pixels asked for; about 0.05 is needed."""


DEFAULT_LIMITS = Limits()
