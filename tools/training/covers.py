"""
Teaches what ground became anew, on features that stay as they are: the score of change stays too.

    python covers.py network.onnx SHARES CHECK best.pt [--hours 0.3]
"""

import argparse
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from batches import batch
from cover import TAUGHT, Cover
from network import Network
from revive import revived
from torch import Tensor
from torch.nn import functional

EVERY = 100
"""Steps between two looks at what is held out."""

MOST_RATE, LEAST_RATE = 3e-3, 3e-5

CHANGED_SAY = 4.0
"""How much a pixel that changed counts against one that did not."""


def main() -> None:
    """Train for so many hours of this process's time; keep what names covers best, evenly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", type=Path)
    parser.add_argument("shares", type=Path)
    parser.add_argument("check", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hours", type=float, default=0.3, help="of processor time")
    parser.add_argument("--batch", type=int, default=16)
    asked = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    network = revived(asked.network)
    taught = [*network.cover_sides.parameters(), *network.cover_head.parameters()]
    optimiser = torch.optim.AdamW(taught, lr=MOST_RATE, weight_decay=1e-2)
    rng = np.random.default_rng(1)
    print("before", named(network, asked.check), flush=True)
    began, best, step, losses = time.process_time(), 0.0, 0, []
    while (share := (time.process_time() - began) / 3600 / asked.hours) < 1:
        rate = LEAST_RATE + (MOST_RATE - LEAST_RATE) * (1 + math.cos(math.pi * share)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 50)
        network.cover_head.train()
        loss = cost(network, batch(rng, asked.shares, asked.batch, "cpu"))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        step += 1
        if step % EVERY == 0:
            right = named(network, asked.check)
            print(step, round(float(np.mean(losses)), 4), right, flush=True)
            losses.clear()
            if right["mean"] > best:
                best = right["mean"]
                torch.save(network.state_dict(), asked.out)


def said(network: Network, picture: Tensor) -> Tensor:
    """Logits of cover of one picture."""
    with torch.no_grad():
        features = network.encoder(picture)
    return network._cover(features)  # noqa: SLF001 - the head alone is taught


def cost(network: Network, given: dict[str, Tensor]) -> Tensor:
    """Cross entropy of the cover of each picture; ground that changed counts for more."""
    kinds = [given[f"cover_{date}"][:, 1::4, 1::4].long() for date in ("before", "after")]
    weight = 1 + (CHANGED_SAY - 1) * (kinds[0] != kinds[1]).float()
    total = torch.zeros(())
    for date, kind in zip(("before", "after"), kinds, strict=True):
        logits = said(network, given[date])
        each = functional.cross_entropy(logits, kind, ignore_index=0, reduction="none")
        known = weight * (kind > 0)
        total = total + (each * known).sum() / known.sum().clamp(min=1)
    return total


@torch.no_grad()
def named(network: Network, folder: Path) -> dict[str, float]:
    """Share of each cover named rightly where ground changed, and the mean of these shares."""
    network.eval()
    right: Counter[int] = Counter()
    whole: Counter[int] = Counter()
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as stored:
            held = {name: torch.from_numpy(values) for name, values in stored.items()}
        for at in range(0, len(held["change"]), 25):
            part = {name: values[at : at + 25] for name, values in held.items()}
            kind = part["cover_after"][:, 1::4, 1::4].long()
            differs = part["cover_before"][:, 1::4, 1::4].long() != kind
            logits = said(network, part["after"].permute(0, 3, 1, 2).float())
            best = logits[:, 1:].argmax(dim=1) + 1
            for cover in range(1, TAUGHT):
                there = differs & (kind == cover)
                whole[cover] += int(there.sum())
                right[cover] += int((best[there] == cover).sum())
    shares = {
        Cover(one).name.lower(): round(right[one] / whole[one], 3)
        for one in sorted(whole)
        if whole[one] and one != Cover.SHADOW
    }
    return shares | {"mean": round(float(np.mean(list(shares.values()))), 4)}


if __name__ == "__main__":
    main()
