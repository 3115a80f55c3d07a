"""Ours and the ways that others go: each a list of commands, run as whole processes."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.benchmarks.speed.scene import Scene

PYTHON = sys.executable
HERE = "tests.benchmarks.speed"


@dataclass(frozen=True)
class Way:
    """One way to do a job."""

    name: str
    commands: Callable[[Scene], list[list[str]]]
    out: tuple[str, ...] = ()
    needs: str | None = None
    """A program that must be installed."""

    @property
    def is_there(self) -> bool:
        """Whether it can be run on this machine."""
        return self.needs is None or shutil.which(self.needs) is not None


def _gdal(scene: Scene, source: str, out: str) -> list[list[str]]:
    """Tuned: a lossless passing file that packs fast, room to warp in, averaged overviews."""
    cutline = ["-cutline", str(scene.ground), "-crop_to_cutline"]
    passing = ["TILED=YES", "COMPRESS=ZSTD", "ZSTD_LEVEL=1", "PREDICTOR=2", "BIGTIFF=YES"]
    final = ["COMPRESS=JPEG", "QUALITY=85", "OVERVIEW_RESAMPLING=AVERAGE", "BIGTIFF=YES"]
    two = ["NUM_THREADS=2"]
    alpha = ["-dstalpha"] if source.endswith("jpeg.tif") else []
    return [
        ["gdalwarp", "-q", "-overwrite", *cutline, *alpha, "-multi", "-wo", "NUM_THREADS=2",
         "-wm", "1024", *_options(passing + two), source, "passing.tif"],
        ["gdal_translate", "-q", "-of", "COG", "-b", "1", "-b", "2", "-b", "3", "-mask", "4",
         *_options(final + two), "passing.tif", out],
    ]  # fmt: skip


def _options(words: list[str]) -> list[str]:
    return [part for word in words for part in ("-co", word)]


def module(name: str, *words: object) -> list[str]:
    """Run one of the modules here."""
    return [PYTHON, "-m", f"{HERE}.{name}", *map(str, words)]


def _inspected(scene: Scene) -> list[list[str]]:
    return [module("stepped", scene.boundary, scene.before, scene.after)]


CLIPPED = "ours: clip"
INSPECTED = "ours: whole inspection"
GDAL_ONE, GDAL_PAIR = "gdalwarp + COG, one", "gdalwarp + COG, pair"
DECODED_ONE, DECODED = "decode only, one", "decode only, pair"
NAIVE, OTB = "rasterio + numpy, pair", "OTB MAD of the analysis level"
OURS_MAP = "ours: registration + change map"

WAYS = (
    Way(CLIPPED, lambda s: [module("clipped", s.boundary, s.after)], ("ours/after.tif",)),
    Way(
        GDAL_ONE,
        lambda s: _gdal(s, str(s.after), "after.tif"),
        ("after.tif",),
        needs="gdalwarp",
    ),
    Way(DECODED_ONE, lambda s: [module("decoded", s.after)]),
    Way(INSPECTED, _inspected, ("inspected/current.tif", "inspected/baseline.tif")),
    Way(
        GDAL_PAIR,
        lambda s: _gdal(s, str(s.before), "before.tif") + _gdal(s, str(s.after), "after.tif"),
        ("before.tif", "after.tif"),
        needs="gdalwarp",
    ),
    Way(DECODED, lambda s: [module("decoded", s.before, s.after)]),
    Way(NAIVE, lambda s: [module("naive", s.ground, s.before, s.after)], ("naive.tif",)),
    Way(
        OTB,
        lambda _: [
            module("levels", "inspected/baseline.tif", "inspected/current.tif"),
            ["otbcli_MultivariateAlterationDetector", "-in1", "baseline.tif", "-in2", "current.tif",
             "-out", "mad.tif", "float"],
        ],
        ("mad.tif",),
        needs="otbcli_MultivariateAlterationDetector",
    ),
)  # fmt: skip

RATIOS = (
    (CLIPPED, GDAL_ONE, 0.25),
    (CLIPPED, DECODED_ONE, None),
    (INSPECTED, GDAL_PAIR, 0.35),
    (INSPECTED, DECODED, 3.5),
    (INSPECTED, NAIVE, 0.40),
    (OURS_MAP, OTB, 1.5),
)
"""Ours over theirs, and the bar."""

OURS = (INSPECTED, DECODED)
"""What is run on a pair that is only to be large: others take hours, or too much memory."""

QUICK = (CLIPPED, GDAL_ONE, DECODED_ONE, INSPECTED, GDAL_PAIR, DECODED)


def ways(*, names: tuple[str, ...] | None) -> tuple[list[Way], list[str]]:
    """Those of some names to run, or all; and names of those that are not installed."""
    asked = [replace(one) for one in WAYS if names is None or one.name in names]
    return [one for one in asked if one.is_there], [one.name for one in asked if not one.is_there]
