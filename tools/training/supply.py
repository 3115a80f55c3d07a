"""
Writes pairs to train on, share by share, into a folder; the oldest make room for new ones.

    python supply.py PHOTOS FOLDER [--seed 1] [--shares 40] [--of 250] [--side 192]
"""

import argparse
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from pairs import Wish, pair
from photos import load
from scene import Places


def main() -> None:
    """Write for ever: share n has the seed (seed, n), so that any of them can be made again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shares", type=int, default=40)
    parser.add_argument("--of", type=int, default=250)
    parser.add_argument("--side", type=int, default=192)
    parser.add_argument("--begin", type=int, default=0)
    parser.add_argument("--end", type=int)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--evenly", action="store_true", help="rare covers as often as common ones")
    parser.add_argument("--leaning", action="store_true", help="crowns that lean far are no change")
    parser.add_argument("--moving", action="store_true", help="water that turns, shade that moves")
    parser.add_argument("--wide", action="store_true", help="some works are larger than a picture")
    asked = parser.parse_args()
    wish = Wish(evenly=asked.evenly, leaning=asked.leaning, moving=asked.moving, wide=asked.wide)
    cv2.setNumThreads(1)
    asked.folder.mkdir(parents=True, exist_ok=True)
    places = Places(load(asked.photos, held_out=asked.held_out))
    for number in count(asked.begin):
        if asked.end is not None and number >= asked.end:
            return
        rng = np.random.default_rng((asked.seed, number))
        made = [pair(rng, places, asked.side, wish) for _ in range(asked.of)]
        share = asked.folder / f"{number:06}.npz"
        draft = share.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(
                file,
                before=np.stack([one.before for one in made]),
                after=np.stack([one.after for one in made]),
                change=np.stack([one.change for one in made]),
                cover_before=np.stack([one.covers[0] for one in made]),
                cover_after=np.stack([one.covers[1] for one in made]),
            )
        draft.rename(share)
        (asked.folder / f"{number - asked.shares:06}.npz").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
