"""Give the analysis level of two of our pictures to a program that reads no overviews."""

import sys
from pathlib import Path

import rasterio
from rasterio.enums import Resampling

FACTOR = 4


def main() -> None:
    """Write each as a plain file of the same name here."""
    sizes = []
    for path in sys.argv[1:]:
        with rasterio.open(path) as source:
            sizes.append((source.height // FACTOR, source.width // FACTOR))
    rows, columns = map(min, zip(*sizes, strict=True))
    for path in sys.argv[1:]:
        with rasterio.open(path) as source:
            whole = (source.count, source.height // FACTOR, source.width // FACTOR)
            pixels = source.read(out_shape=whole, resampling=Resampling.average)
            profile = {"driver": "GTiff", "count": 3, "height": rows, "width": columns}
            profile |= {"dtype": "uint8", "crs": source.crs, "transform": source.transform}
        with rasterio.open(Path(path).name, "w", **profile) as target:
            target.write(pixels[:, :rows, :columns])


if __name__ == "__main__":
    main()
