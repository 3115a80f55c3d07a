"""A place before anything happens to it: its picture and its cover."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cover import Cover
from noise import Field, Random, fractal, soft, strip
from numpy.typing import NDArray
from photos import Photo
from textures import drawn

_NATURAL: Final = (Cover.TREE, Cover.TREE, Cover.LOW, Cover.LOW, Cover.BARE, Cover.WATER)
_TRIES: Final = 12


@dataclass
class Scene:
    """A square piece of ground."""

    rgb: Field
    """(side, side, 3), 0-255"""
    cover: NDArray[np.uint8]
    """(side, side)"""
    relaid: NDArray[np.bool_] | None = None
    """(side, side); where ground was laid that is of the cover that was there."""

    @property
    def side(self) -> int:
        """Pixels a side."""
        return int(self.cover.shape[0])


class Places:
    """Gives scenes, and patches of one cover, out of photographs and drawings."""

    def __init__(self, photos: list[Photo]) -> None:
        self.photos = photos
        self._weights = np.array([np.sqrt(photo.cover.size) for photo in photos])
        # Twenty frames of one flight show one place: they count as few.
        places = [photo.name.split("_")[0] for photo in photos]
        self._weights /= np.array([places.count(place) ** 0.5 for place in places])
        self._weights /= self._weights.sum()

    def scene(self, rng: Random, side: int) -> Scene:
        """A photograph, or several kinds of ground side by side."""
        chance = rng.random()
        if chance < 0.5:
            return self.crop(rng, side)
        return self._composed(rng, side)

    def crop(self, rng: Random, side: int) -> Scene:
        """Part of a photograph, turned, mirrored, at a scale of its own."""
        for _ in range(_TRIES):
            photo = self.photos[rng.choice(len(self.photos), p=self._weights)]
            rows, columns = photo.cover.shape
            most = min(rows, columns) / side / 1.05
            if most < 0.5:
                continue
            finest = max(0.5, 0.1 / photo.gsd_m)
            scale = float(np.exp(rng.uniform(np.log(min(finest, most)), np.log(most))))
            angle = rng.uniform(0, 360) if most > 1.5 * scale else 90.0 * rng.integers(4)
            half = side * scale * (0.71 if angle % 90 else 0.5)
            if 2 * half >= min(rows, columns):
                half, angle = side * scale / 2, 90.0 * rng.integers(4)
            centre = (rng.uniform(half, columns - half), rng.uniform(half, rows - half))
            matrix = cv2.getRotationMatrix2D(centre, angle, 1 / scale)
            matrix[:, 2] += side / 2 - np.array(centre)
            # Averaged over what a pixel covers, as an overview is.
            level, sharp = photo.level(scale)
            matrix[:, :2] *= level
            rgb = cv2.warpAffine(sharp, matrix, (side, side), flags=cv2.INTER_LINEAR)
            plain = cv2.getRotationMatrix2D(centre, angle, 1 / scale)
            plain[:, 2] += side / 2 - np.array(centre)
            near = {"flags": cv2.INTER_NEAREST, "borderValue": 0}
            cover = cv2.warpAffine(photo.cover, plain, (side, side), **near)
            valid = cv2.warpAffine(photo.valid.astype(np.uint8), plain, (side, side), **near)
            if valid.mean() < 0.97:
                continue
            if rng.random() < 0.5:
                rgb, cover = rgb[:, ::-1], cover[:, ::-1]
            return Scene(np.ascontiguousarray(rgb, np.float32), np.ascontiguousarray(cover))
        return self._composed(rng, side)

    def patch(self, rng: Random, side: int, kind: Cover) -> Field:
        """Ground of one cover, (side, side, 3): photographed where there is some, or drawn."""
        if kind in (Cover.TREE, Cover.LOW, Cover.BARE) and rng.random() < 0.65:
            for _ in range(4):
                seen = self.crop(rng, side)
                fits = seen.cover == kind
                if fits.mean() > 0.45:
                    return _filled(seen.rgb, fits)
        return drawn(rng, side, kind)

    def _composed(self, rng: Random, side: int) -> Scene:
        count = int(rng.integers(1, 5))
        kinds = [_NATURAL[rng.integers(len(_NATURAL))] for _ in range(count)]
        fields = [fractal(rng, side, rng.uniform(0.4, 1.5) * side, 0.45) for _ in kinds]
        chosen = np.argmax(np.stack(fields), axis=0)
        rgb = np.zeros((side, side, 3), np.float32)
        cover = np.zeros((side, side), np.uint8)
        edge, whole = rng.uniform(0.4, 2.0), np.zeros((side, side, 1), np.float32)
        for number, kind in enumerate(kinds):
            where = chosen == number
            cover[where] = kind
            weight = soft(where, edge)[..., None]
            rgb += weight * self.patch(rng, side, kind)
            whole += weight
        rgb /= np.maximum(whole, 1e-3)
        if rng.random() < 0.35:
            way = strip(rng, side, rng.uniform(3, 18))
            weight = soft(way, 0.8)[..., None]
            rgb = weight * drawn(rng, side, Cover.ROAD) + (1 - weight) * rgb
            cover[way] = Cover.ROAD
        return Scene(np.clip(rgb, 0, 255), cover)


def _filled(rgb: Field, fits: NDArray[np.bool_]) -> Field:
    """The picture with what does not fit painted over from what does, mirrored about."""
    out = rgb.copy()
    hole = ~fits
    for turned, known in (
        (rgb[:, ::-1], fits[:, ::-1]),
        (rgb[::-1], fits[::-1]),
        (rgb[::-1, ::-1], fits[::-1, ::-1]),
    ):
        take = hole & known
        out[take] = turned[take]
        hole &= ~known
    if hole.any():
        known = rgb[fits]
        out[hole] = known[np.resize(np.arange(len(known)), int(hole.sum()))]
    return out
