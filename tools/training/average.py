"""
Averages the weights that several rounds of one training ended with.

    python average.py OUT.pt FIRST.pt SECOND.pt …

Rounds that start the rate anew from the same weights lie so near each other that their mean is a
network too; it holds what they agree on, and less of what one of them learned by heart.
"""

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Write the mean of all weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("rounds", type=Path, nargs="+")
    asked = parser.parse_args()
    states = [torch.load(path, weights_only=True) for path in asked.rounds]
    mean = {
        name: torch.stack([state[name].double() for state in states]).mean(dim=0).to(value.dtype)
        for name, value in states[0].items()
    }
    torch.save(mean, asked.out)


if __name__ == "__main__":
    main()
