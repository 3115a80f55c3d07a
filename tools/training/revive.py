"""Reads the weights of an exported network back, to go on from them."""

from collections.abc import Iterator
from pathlib import Path

import onnx
import onnxruntime
import torch
from first_layer import SIDE, gathered
from network import WIDTHS, Block, Network
from onnx import numpy_helper
from torch import Tensor, nn

FOLDED = "onnx::Conv_"
"""What the exporter calls weights that it made of a convolution and its normalisation."""

FIRST = ("encoder.stem.1.weight", "encoder.stem.1.bias")
"""What the first layer's weights are called, gathered or as they are exported."""

MOST_APART = 1e-2
"""Largest difference of a logit that rounding explains."""


def revived(path: Path) -> Network:
    """The network of a file; its normalisations do nothing but add what was folded into them."""
    stored = {
        one.name: torch.from_numpy(numpy_helper.to_array(one).copy())
        for one in onnx.load(path).graph.initializer
    }
    if stored[FIRST[0]].shape[-1] == SIDE:
        stored |= dict(zip(FIRST, gathered(*(stored[name] for name in FIRST)), strict=True))
    network = Network().eval()
    named = {name: stored[name] for name in network.state_dict() if name in stored}
    network.load_state_dict(named, strict=False)
    folded = sorted(
        (int(name.removeprefix(FOLDED)), name) for name in stored if name.startswith(FOLDED)
    )
    names = iter(name for _, name in folded)
    for convolution, norm in _folded(network):
        convolution.weight.data = stored[next(names)]
        norm.bias.data = stored[next(names)]
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
    if next(names, None) is not None:
        raise SystemExit(f"{path.name} holds weights that this network has no place for")
    _compare(network, path)
    return network


@torch.no_grad()
def awakened(network: Network, batches: list[tuple[Tensor, Tensor]]) -> Network:
    """
    The same network, whose normalisations work again as they did while it was trained.

    What passes through each is measured on pairs of pictures; then it is normalised by that, and
    what normalising takes away is given back, so that the network says what it said.
    """
    order = list(_folded(network))
    for at in range(len(order)):
        convolution, norm = order[at]
        seen: list[Tensor] = []
        hook = convolution.register_forward_hook(lambda _, __, told: seen.append(told))  # noqa: B023
        for before, after in batches:
            network(before, after)
        hook.remove()
        means = torch.stack([one.mean((0, 2, 3)) for one in seen])
        squares = torch.stack([(one**2).mean((0, 2, 3)) for one in seen])
        mean = means.mean(0)
        spread = (squares.mean(0) - mean**2).clamp(min=1e-4)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
        norm.weight.copy_((spread + norm.eps).sqrt())
        norm.bias.add_(mean)
    return network


def _folded(network: Network) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Convolutions that a normalisation follows, as the pictures pass through them."""
    encoder, change = network.encoder, network.change
    for level, blocks in enumerate(encoder.levels):
        if level:
            yield encoder.downs[level - 1][0], encoder.downs[level - 1][1]
        for block in blocks:
            yield from _of(block)
    yield change.sides[-1][0], change.sides[-1][1]
    yield from _of(change.blocks[-1])
    for level in range(len(WIDTHS) - 2, -1, -1):
        yield change.ups[level][0], change.ups[level][1]
        yield change.sides[level][0], change.sides[level][1]
        yield from _of(change.blocks[level])
    yield from _of(network.cover_head[0])


def _of(block: Block) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    yield block.first, block.norms[0]
    yield block.third, block.norms[1]


def _compare(network: Network, path: Path) -> None:
    """Refuse weights that ended in a wrong place."""
    pictures = [torch.rand(1, 3, 64, 96) * 255 for _ in range(2)]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    given = {name: one.numpy() for name, one in zip(("before", "after"), pictures, strict=True)}
    said = session.run(["change", "cover_before", "cover_after"], given)
    with torch.no_grad():
        meant = network(*pictures)
    apart = max(
        float((torch.from_numpy(one) - two).abs().max())
        for one, two in zip(said, meant, strict=True)
    )
    if apart > MOST_APART:
        raise SystemExit(f"{path.name} does not fit this network: logits differ by {apart:.2g}")
