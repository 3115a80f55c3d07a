"""
The first layer as it is exported: one convolution of the pictures as they are.

It says what the trained one says, to rounding, and spares a processor the shuffling of pixels,
which took a fourteenth of all the time.
"""

import torch
from network import MIDDLE, SPREAD, STEM, WIDTHS
from torch import Tensor, nn

SIDE = 3 * STEM
"""Pixels a side that the first layer sees at a time."""


def direct(stem: nn.Sequential) -> nn.Sequential:
    """
    Give the same layer, taking pictures in 0-255.

    The trained layer sees nothing beyond a picture's edge, which to it is the middle grey.
    """
    kept = stem[1]
    taking = nn.Conv2d(3, WIDTHS[0], SIDE, stride=STEM)
    with torch.no_grad():
        weight = _spread_out(kept.weight.double()) / SPREAD
        taking.weight.copy_(weight)
        taking.bias.copy_(kept.bias.double() - MIDDLE * weight.sum((1, 2, 3)))
    return nn.Sequential(nn.ConstantPad2d(STEM, MIDDLE), taking, nn.ReLU())


def gathered(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Weights of the trained layer, of those of the exported one."""
    exact = weight.double()
    return _gathered(exact * SPREAD).float(), (bias + MIDDLE * exact.sum((1, 2, 3))).float()


def _spread_out(weight: Tensor) -> Tensor:
    """From (n, 3 * STEM**2, 3, 3), colours first, then rows and columns of a square of pixels."""
    apart = weight.reshape(-1, 3, STEM, STEM, 3, 3)
    return apart.permute(0, 1, 4, 2, 5, 3).reshape(-1, 3, SIDE, SIDE)


def _gathered(weight: Tensor) -> Tensor:
    apart = weight.reshape(-1, 3, 3, STEM, 3, STEM)
    return apart.permute(0, 1, 3, 5, 2, 4).reshape(-1, 3 * STEM**2, 3, 3)
