"""Photographs to train on: read once, with the cover that their colours tell."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from cover import Cover
from numpy.typing import NDArray

HELD_OUT: Final = (
    "agung_02", "brighton_14", "brighton_15", "brighton_16", "brighton_17", "caliterra_06",
    "caliterra_07", "caliterra_08", "neon_2019_yell_2_541000", "neon_soap_061", "oam_04", "oam_05",
)  # fmt: skip
"""Never trained on: synthetic pairs of the benchmark are made of these alone."""

_STEP: Final = 1.3
_DARK: Final = 45.0
_EMPTY: Final = (6, 249)


@dataclass(frozen=True)
class Photo:
    """An overhead photograph."""

    name: str
    gsd_m: float
    rgb: NDArray[np.uint8]
    """(rows, columns, 3)"""
    cover: NDArray[np.uint8]
    """(rows, columns), `cover.Cover`"""
    valid: NDArray[np.bool_]
    levels: dict[float, NDArray[np.uint8]] = field(default_factory=dict)
    """The picture shrunk by these factors, each pixel the mean of what it covers."""

    def level(self, scale: float) -> tuple[float, NDArray[np.uint8]]:
        """The picture shrunk by the largest factor that is not more than this one."""
        factor = max(1.0, _STEP ** np.floor(np.log(max(scale, 1.0)) / np.log(_STEP)))
        if factor not in self.levels:
            size = [round(length / factor) for length in self.rgb.shape[1::-1]]
            self.levels[factor] = cv2.resize(self.rgb, size, interpolation=cv2.INTER_AREA)
        return float(factor), self.levels[factor]


def load(folder: Path, *, held_out: bool) -> list[Photo]:
    """All photographs of the index that are, or are not, held out."""
    with (folder / "index.csv").open(newline="") as listed:
        rows = list(csv.DictReader(listed))
    chosen = [row for row in rows if row["file"].startswith(HELD_OUT) is held_out]
    return [_read(folder / row["file"], float(row["gsd_m"]), row["tags"]) for row in chosen]


def _read(path: Path, gsd_m: float, tags: str) -> Photo:
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise SystemExit(f"{path.name} cannot be read")
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    empty = (rgb.max(axis=2) < _EMPTY[0]) | (rgb.min(axis=2) > _EMPTY[1])
    least = max(64, round(rgb.shape[0] * rgb.shape[1] * 1e-4))
    valid = ~_large(empty, least)
    if "dark" in tags and "black where" not in tags:
        rgb = _brightened(rgb, valid)
    return Photo(path.stem, gsd_m, rgb, _covers(rgb, built="roofs" in tags), valid)


def _large(mask: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    keep = np.zeros(count, bool)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= least
    return keep[labels]


def _brightened(rgb: NDArray[np.uint8], valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    top = np.percentile(rgb[valid], 99)
    return np.clip(rgb * (225.0 / max(top, 1.0)), 0, 255).astype(np.uint8)


def _covers(rgb: NDArray[np.uint8], *, built: bool) -> NDArray[np.uint8]:
    """What colours tell surely; the rest stays unknown."""
    seen = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), 1.5)
    red, green, blue = seen[..., 0], seen[..., 1], seen[..., 2]
    light = seen.mean(axis=2)
    leaf = (2 * green - red - blue) / (2 * green + red + blue + 1)
    rough = cv2.GaussianBlur(np.abs(rgb[..., 1] - green), (0, 0), 6)
    cover = np.full(rgb.shape[:2], Cover.UNKNOWN, np.uint8)
    cover[(leaf < 0.015) & (light > 70)] = Cover.HARD if built else Cover.BARE
    plants = leaf > 0.05
    cover[plants & (rough < 7)] = Cover.LOW
    cover[plants & (rough > 9)] = Cover.TREE
    cover[light < _DARK] = Cover.SHADOW
    return cover
