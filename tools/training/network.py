"""The network: what changed between two pictures, and what ground each of them shows."""

from itertools import pairwise

import torch
from cover import TAUGHT
from torch import Tensor, nn
from torch.nn import functional

STEM = 4
"""Pixels a side that the first layer takes together."""

MULTIPLE = 32
"""Both sides of a picture must be a multiple of this."""

MIDDLE, SPREAD = 115.0, 60.0
"""Grey that the first layer takes for zero, and how many levels it takes for one."""

WIDTHS = (32, 56, 96, 128)
"""Channels at 4, 8, 16 and 32 pixels."""


class Block(nn.Module):
    """Two convolutions with a way past them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False)
        self.third = nn.Conv2d(width, width, 1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape."""
        y = functional.relu(self.norms[0](self.first(x)))
        return functional.relu(x + self.norms[1](self.third(self.second(y))))


def _joined(before: int, after: int, *, stride: int = 1) -> nn.Sequential:
    size = 3 if stride > 1 else 1
    return nn.Sequential(
        nn.Conv2d(before, after, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class Gathered(nn.Module):
    """Colours about 0, of about one deviation; what lies in a square of `STEM` pixels together."""

    def forward(self, picture: Tensor) -> Tensor:
        """Give (n, 3 * STEM**2, rows / STEM, columns / STEM)."""
        return functional.pixel_unshuffle((picture - MIDDLE) / SPREAD, STEM)


class Encoder(nn.Module):
    """Features of one picture at four levels; both pictures pass through the same."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            Gathered(), nn.Conv2d(3 * STEM**2, WIDTHS[0], 3, padding=1), nn.ReLU()
        )
        self.levels = nn.ModuleList(nn.Sequential(Block(width), Block(width)) for width in WIDTHS)
        self.downs = nn.ModuleList(_joined(one, two, stride=2) for one, two in pairwise(WIDTHS))

    def forward(self, picture: Tensor) -> list[Tensor]:
        """Give the features of each level, the finest first."""
        features = [self.levels[0](self.stem(picture))]
        for down, level in zip(self.downs, self.levels[1:], strict=True):
            features.append(level(down(features[-1])))
        return features


class Decoder(nn.Module):
    """From the coarsest level up to the finest."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.sides = nn.ModuleList(
            _joined(wide, own) for wide, own in zip(widths, WIDTHS, strict=True)
        )
        self.ups = nn.ModuleList(_joined(two, one) for one, two in pairwise(WIDTHS))
        self.blocks = nn.ModuleList(Block(width) for width in WIDTHS)

    def forward(self, features: list[Tensor]) -> Tensor:
        """Give the finest level, told of all the others."""
        whole = self.blocks[-1](self.sides[-1](features[-1]))
        for level in range(len(WIDTHS) - 2, -1, -1):
            up = functional.interpolate(self.ups[level](whole), scale_factor=2.0, mode="nearest")
            whole = self.blocks[level](up + self.sides[level](features[level]))
        return whole


class Network(nn.Module):
    """
    Change and cover.

    Takes two pictures (n, 3, rows, columns), RGB in 0-255, both sides a multiple of 32. Gives the
    logit of change (n, 1, rows/2, columns/2), the same whichever picture comes first, and for each
    picture the logits of its cover (n, 9, rows/4, columns/4), of which class 0 is never taught.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.change = Decoder(tuple(2 * width for width in WIDTHS))
        self.change_head = nn.Sequential(nn.Conv2d(WIDTHS[0], 4, 3, padding=1), nn.PixelShuffle(2))
        self.cover_sides = nn.ModuleList(nn.Conv2d(width, WIDTHS[0], 1) for width in WIDTHS)
        self.cover_head = nn.Sequential(Block(WIDTHS[0]), nn.Conv2d(WIDTHS[0], TAUGHT, 1))

    def forward(self, before: Tensor, after: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give change, cover before, cover after."""
        features = [self.encoder(picture) for picture in (before, after)]
        met = [
            torch.cat([(one - two).abs(), one + two], dim=1)
            for one, two in zip(*features, strict=True)
        ]
        change = self.change_head(self.change(met))
        return change, *(self._cover(one) for one in features)

    def _cover(self, features: list[Tensor]) -> Tensor:
        whole = self.cover_sides[-1](features[-1])
        for level in range(len(WIDTHS) - 2, -1, -1):
            up = functional.interpolate(whole, scale_factor=2.0, mode="nearest")
            whole = up + self.cover_sides[level](features[level])
        cover: Tensor = self.cover_head(whole)
        return cover
