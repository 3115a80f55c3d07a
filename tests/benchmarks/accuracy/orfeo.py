"""Orfeo Toolbox's change detection by MAD, where it is installed (Debian: otb-bin)."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import rasterio

from tests.benchmarks.accuracy.pairs import Pair
from tests.benchmarks.accuracy.peers import Flagged, otsu

PROGRAM = "otbcli_MultivariateAlterationDetector"
NAME = "Orfeo MAD + Otsu"


def is_installed() -> bool:
    """Whether it can be asked."""
    return shutil.which(PROGRAM) is not None


def orfeo_mad(pair: Pair) -> Flagged:
    """Length of its variates in their own deviations, flagged by Otsu."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, pixels in (("before", pair.before), ("after", pair.after)):
            filled = np.where(pair.seen[..., None], pixels, 0).transpose(2, 0, 1)
            bands, rows, columns = filled.shape
            with rasterio.open(
                folder / f"{part}.tif",
                "w",
                driver="GTiff",
                count=bands,
                height=rows,
                width=columns,
                dtype="uint8",
                transform=rasterio.Affine(1, 0, 10, 0, -1, 10),
            ) as target:
                target.write(filled)
        words = ["-in1", "before.tif", "-in2", "after.tif", "-out", "mad.tif", "float"]
        subprocess.run([PROGRAM, *words], cwd=folder, check=True, capture_output=True)
        with rasterio.open(folder / "mad.tif") as source:
            mads = source.read().astype(np.float32)
    known = mads[:, pair.seen]
    apart = (mads - known.mean(axis=1)[:, None, None]) / (known.std(axis=1)[:, None, None] + 1e-6)
    score = np.sqrt((apart**2).sum(axis=0)).astype(np.float32)
    return Flagged(score=score, mask=(score > otsu(score, pair.seen)) & pair.seen)
