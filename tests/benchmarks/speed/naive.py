"""The pipeline that most people write: whole images, a float difference, every shape of it."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import rasterio
import rasterio.features
import rasterio.mask

LIMIT = 40.0


def main() -> None:
    """Clip both dates, subtract, threshold, clean, outline, and write the clip."""
    ground, before, after = sys.argv[1:]
    shapes = [one["geometry"] for one in json.loads(Path(ground).read_text())["features"]]
    clips = []
    for path in (before, after):
        with rasterio.open(path) as source:
            clip, place = rasterio.mask.mask(source, shapes, crop=True)
            profile = source.profile | {"transform": place}
        clips.append(clip)
    rows, columns = (min(one.shape[axis] for one in clips) for axis in (1, 2))
    one, other = (clip[:3, :rows, :columns].astype(np.float32) for clip in clips)
    apart = np.abs(one - other).max(axis=0)
    changed = cv2.morphologyEx(
        (apart > LIMIT).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)
    )
    found = list(rasterio.features.shapes(changed, mask=changed > 0, transform=place))
    profile |= {"height": rows, "width": columns, "driver": "GTiff", "compress": "deflate"}
    profile |= {"photometric": None}
    with rasterio.open("naive.tif", "w", **profile) as target:
        target.write(clips[1][:, :rows, :columns])
    Path("naive.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
