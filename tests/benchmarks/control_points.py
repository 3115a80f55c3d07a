"""
How well pictures of known distortion are placed by control points, over many drawn surveys.

Prints a table: which kind was chosen, what the picture is truly missed by, the CE90 stated from
20 independent check points, how often the truth lies inside it, and how often a point ten times
off is named (alone, or among others).
"""

import argparse
from dataclasses import replace

import numpy as np

from geo.errors import RefusedError
from geo.fitting import fitted
from tests.geo.warped import (
    POINTING_PX,
    SIDE_PX,
    SURVEY_M,
    WARPS,
    measured,
    missed,
    spread,
    stated,
)

RIGHT = {"affine": "affine", "perspective": "perspective", "bowl": "polynomial", "bump": "spline"}
COUNTS = {
    "affine": (6, 15, 40),
    "perspective": (8, 15, 40),
    "bowl": (8, 15, 40),
    "bump": (15, 25, 40),
}
PIXEL_M = 0.05
GROSS = 10


def drawn(name, count, seed):
    random = np.random.default_rng(seed)
    return measured(WARPS[name], spread(random, count), random), random


def placed(name, count, seeds):
    kinds, true, ce90, inside = [], [], [], []
    for seed in range(seeds):
        points, random = drawn(name, count, seed)
        try:
            fit = fitted(points, rows=SIDE_PX, columns=SIDE_PX, most_m=5.0)
        except RefusedError as error:
            kinds.append(error.code)
            continue
        off, limit = missed(fit, WARPS[name]), stated(fit, WARPS[name], random)
        kinds.append(fit.kind)
        true.append(np.sqrt((off**2).mean()))
        ce90.append(limit)
        inside.append(np.mean(off <= limit))
    return kinds, np.mean(true), np.mean(ce90), np.mean(inside)


def named(name, count, seeds):
    """Count the lists in which a point ten times off stops the fit and is named."""
    off = GROSS * np.sqrt(2 * (SURVEY_M**2 + (POINTING_PX * PIXEL_M) ** 2))
    alone = among = 0
    for seed in range(seeds):
        points, random = drawn(name, count, seed)
        place, angle = int(random.integers(count)), random.uniform(0, 2 * np.pi)
        wrong = points[place]
        points[place] = replace(
            wrong, x=wrong.x + off * np.cos(angle), y=wrong.y + off * np.sin(angle)
        )
        try:
            fitted(points, rows=SIDE_PX, columns=SIDE_PX, most_m=5.0)
        except RefusedError as error:
            told = str(error.facts.get("points", "")).split(", ")
            alone += told == [wrong.name]
            among += wrong.name in told
    return alone, among


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=40)
    seeds = asked.parse_args().seeds
    print(
        "warp         points  kind right  true RMSE   CE90 stated  inside"
        f"  named alone/among of {seeds}"
    )
    for name, counts in COUNTS.items():
        for count in counts:
            kinds, true, ce90, inside = placed(name, count, seeds)
            alone, among = named(name, count, seeds)
            right = sum(kind == RIGHT[name] for kind in kinds)
            print(
                f"{name:12} {count:6}  {right:3} of {seeds:3}  {true:.3f} m     {ce90:.3f} m"
                f"      {inside:4.0%}    {alone}/{among}",
                flush=True,
            )


if __name__ == "__main__":
    main()
