"""
Trains the network on what `supply.py` writes, and goes on where it stopped.

    python train.py SHARES OUT [--hours 8] [--batch 16] [--check CHECK]

OUT receives state.pt (to go on from), best.pt and log.csv. CHECK is a folder of shares made of
photographs that are held out; the state that does best there is kept.
"""

import argparse
import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
from batches import batch
from cover import CHANGED, UNSURE
from network import Network
from revive import awakened, revived
from torch import Tensor
from torch.nn import functional

EVERY = 250
"""Steps between two looks at what is held out."""

MOST_RATE, LEAST_RATE = 2e-3, 2e-5

AWAKENING = 4
"""Batches by which the normalisations of exported weights are measured."""


def main() -> None:
    """Train for so many hours of this process's time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shares", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hours", type=float, default=8.0, help="of processor time")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=MOST_RATE, help="the highest")
    parser.add_argument("--whole", action="store_true", help="of digits; without bf16 faster")
    parser.add_argument("--from", dest="start", type=Path, help="exported weights to go on from")
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    training = Training(asked.out, asked.seed, rate=asked.rate, halved=not asked.whole)
    if asked.start and training.step == 0:
        training.begin_with(asked.start, asked.shares)
    began, losses = clock(), []
    while (spent := (clock() - began) / 3600) < asked.hours:
        given = batch(training.rng, asked.shares, asked.batch, training.device)
        losses.append(training.take_step(given, spent / asked.hours))
        if training.step % EVERY == 0:
            told = {
                "step": training.step,
                "hours": round(training.hours + spent, 4),
                "loss": round(float(np.mean(losses)), 4),
            }
            losses.clear()
            if asked.check:
                told |= checked(training.average.module, asked.check, training.device)
            training.keep(told.get("f1", 1.0), spent)
            note(asked.out / "log.csv", told)


class Training:
    """A network that is being trained, and what goes on from one day to the next."""

    def __init__(self, out: Path, seed: int, *, rate: float, halved: bool = True) -> None:
        self.out, self.rate, self.halved = out, rate, halved
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.network = Network().to(self.device, memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=rate, weight_decay=1e-2)
        self.step, self.best, self.hours = 0, 0.0, 0.0
        state = {}
        if (out / "state.pt").is_file():
            state = torch.load(out / "state.pt", weights_only=True)
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step, self.best, self.hours = state["step"], state["best"], state["hours"]
        # The mean of the last steps judges better than the last one does.
        mean = torch.optim.swa_utils.get_ema_multi_avg_fn(0.998)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network, multi_avg_fn=mean, use_buffers=True
        )
        if state:
            self.average.load_state_dict(state["average"])
        self.rng = np.random.default_rng((seed, self.step))

    def begin_with(self, start: Path, shares: Path) -> None:
        """Go on from weights that were exported, as if training had not ended."""
        given = [batch(self.rng, shares, 32, "cpu") for _ in range(AWAKENING)]
        pictures = [(one["before"], one["after"]) for one in given]
        network = awakened(revived(start), pictures)
        self.network.load_state_dict(network.state_dict())
        self.average.module.load_state_dict(network.state_dict())

    def take_step(self, given: dict[str, Tensor], share: float) -> float:
        """Learn from one batch, when this share of the time is over; gives the loss."""
        falling = (1 + math.cos(math.pi * share)) / 2
        rate = LEAST_RATE + (self.rate - LEAST_RATE) * falling
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (self.step + 1) / 200)
        self.network.train()
        loss = cost(self.network, given, halved=self.halved)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return loss.item()

    def keep(self, score: float, spent: float) -> None:
        """Write what is needed to go on after so many hours, and the weights that scored best."""
        if score >= self.best:
            self.best = score
            torch.save(self.average.module.state_dict(), self.out / "best.pt")
        state = {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average.state_dict(),
            "step": self.step,
            "best": self.best,
            "hours": self.hours + spent,
        }
        torch.save(state, self.out / "state.pt")


def note(log: Path, told: dict[str, float]) -> None:
    """Add a line to the training's log."""
    is_new = not log.is_file()
    with log.open("a", newline="") as file:
        writer = csv.DictWriter(file, told)
        if is_new:
            writer.writeheader()
        writer.writerow(told)
    print(told, flush=True)


def clock() -> float:
    """Seconds of work of this process; on a GPU, of the clock."""
    return time.monotonic() if torch.cuda.is_available() else time.process_time()


def cost(network: Network, given: dict[str, Tensor], *, halved: bool = True) -> Tensor:
    """Cross entropy and overlap of change, and cross entropy of the cover of each picture."""
    # Half the digits, three times the speed; sums stay exact enough, as losses are taken in full.
    with torch.autocast(given["before"].device.type, torch.bfloat16, enabled=halved):
        found = network(given["before"], given["after"])
    change, *covers = (one.float() for one in found)
    truth = given["change"]
    # Each logit stands for four pixels: changed if most are, unsure if any is.
    blocks = functional.pixel_unshuffle(truth[:, None].float(), 2)
    sure = (blocks != UNSURE).all(dim=1, keepdim=True).float()
    target = ((blocks == CHANGED).float().mean(dim=1, keepdim=True) > 0.5).float()
    each = functional.binary_cross_entropy_with_logits(change, target, reduction="none")
    entropy = (each * sure).sum() / sure.sum().clamp(min=1)
    share = torch.sigmoid(change) * sure
    both, either = (share * target).sum((1, 2, 3)), (share + target * sure).sum((1, 2, 3))
    overlap = 1 - (2 * both + 20) / (either + 20)
    total = entropy + 0.5 * overlap.mean()
    for cover, name in zip(covers, ("cover_before", "cover_after"), strict=True):
        kind = given[name][:, 1::4, 1::4].long()
        if (kind > 0).any():
            total = total + 0.2 * functional.cross_entropy(cover, kind, ignore_index=0)
    return total


@torch.no_grad()
def checked(network: Network, folder: Path, device: str) -> dict[str, float]:
    """F1 of change, share flagged where nothing changed, and share of cover named rightly."""
    network.eval()
    hit = missed = false = still = still_false = named = right = 0
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as stored:
            held = {name: torch.from_numpy(values).to(device) for name, values in stored.items()}
        for at in range(0, len(held["change"]), 25):
            part = {name: values[at : at + 25] for name, values in held.items()}
            pictures = [part[name].permute(0, 3, 1, 2).float() for name in ("before", "after")]
            change, _, cover = network(*pictures)
            flagged = functional.interpolate(change, scale_factor=2.0)[:, 0] > 0
            truth, sure = part["change"] == CHANGED, part["change"] != UNSURE
            hit += int((flagged & truth).sum())
            missed += int((~flagged & truth).sum())
            false += int((flagged & ~truth & sure).sum())
            quiet = ~truth.flatten(1).any(dim=1)
            still += int(sure[quiet].sum())
            still_false += int((flagged & sure)[quiet].sum())
            kind = part["cover_after"][:, 1::4, 1::4].long()
            named += int((kind > 0).sum())
            right += int(((cover[:, 1:].argmax(dim=1) + 1 == kind) & (kind > 0)).sum())
    return {
        "f1": round(2 * hit / max(2 * hit + missed + false, 1), 4),
        "flagged_unchanged": round(still_false / max(still, 1), 5),
        "cover_right": round(right / max(named, 1), 4),
    }


if __name__ == "__main__":
    main()
