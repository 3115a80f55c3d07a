"""Batches of what `supply.py` writes, each pair turned, mirrored and in a light of its own."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_OPEN: dict[Path, dict[str, np.ndarray]] = {}
_KEPT = 10


def share(path: Path) -> dict[str, np.ndarray]:
    """A share of pairs, a few of which stay in memory."""
    if path not in _OPEN:
        while len(_OPEN) >= _KEPT:
            _OPEN.pop(next(iter(_OPEN)))
        with np.load(path) as stored:
            _OPEN[path] = dict(stored)
    return _OPEN[path]


def batch(rng: np.random.Generator, folder: Path, size: int, device: str) -> dict[str, Tensor]:
    """Pairs from one or two shares, turned and mirrored."""
    found: dict[str, list[np.ndarray]] = {}
    for _ in range(2):
        paths = sorted(folder.glob("*.npz"))
        if rng.random() < 0.1 or not _OPEN:
            try:
                share(paths[rng.integers(len(paths))])
            except FileNotFoundError:
                continue  # It made room meanwhile.
        held = list(_OPEN.values())[rng.integers(len(_OPEN))]
        for index in rng.integers(0, len(held["change"]), size // 2):
            turn, is_mirrored, is_swapped = rng.integers(4), rng.integers(2), rng.integers(2)
            for name, values in held.items():
                one = np.rot90(values[index], turn)
                one = one[:, ::-1] if is_mirrored else one
                told = _swapped(name) if is_swapped else name
                found.setdefault(told, []).append(np.ascontiguousarray(one))
    whole = {name: torch.from_numpy(np.stack(values)).to(device) for name, values in found.items()}
    for name in ("before", "after"):
        # The last axis of what is stored is the colour: so it stays, which suits a processor best.
        whole[name] = jittered(rng, whole[name].permute(0, 3, 1, 2).float())
    return whole


def jittered(rng: np.random.Generator, pictures: Tensor) -> Tensor:
    """Each picture in a light of its own, so that a pair that comes again is not the same."""
    size = (len(pictures), 3, 1, 1)
    gain = np.exp(rng.normal(0, 0.1, (size[0], 1, 1, 1)) + rng.normal(0, 0.03, size))
    lift = rng.normal(0, 6, (size[0], 1, 1, 1)) + rng.normal(0, 2, size)
    told = [torch.from_numpy(one.astype(np.float32)).to(pictures.device) for one in (gain, lift)]
    return (pictures * told[0] + told[1]).clamp(0, 255)


def _swapped(name: str) -> str:
    if "before" in name:
        return name.replace("before", "after")
    return name.replace("after", "before")
