"""Decode every pixel of some files and do nothing with them: the floor."""

import sys

import rasterio
from rasterio.windows import Window

ROWS = 512


def main() -> None:
    """Read each in strips of whole blocks."""
    for path in sys.argv[1:]:
        with rasterio.Env(GDAL_CACHEMAX=64 << 20), rasterio.open(path) as source:
            for row in range(0, source.height, ROWS):
                source.read(window=Window(0, row, source.width, min(ROWS, source.height - row)))


if __name__ == "__main__":
    main()
