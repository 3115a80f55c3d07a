"""Pictures warped in known ways, and points surveyed in them with known noise."""

import numpy as np

from geo.control_points import ControlPoint, Residual, Role, accuracy

SIDE_PX = 4000
ORIGIN = np.array([333_000.0, 9_613_000.0])
TURN = np.array([[0.05, 0.001], [0.002, -0.05]])

SURVEY_M, POINTING_PX = 0.03, 0.4
"""Noise of survey-grade GNSS, and of marking a target of a few pixels."""


def affine(pixels):
    return pixels @ TURN.T + ORIGIN


def perspective(pixels):
    u, v = ((pixels - SIDE_PX / 2) / SIDE_PX).T
    return (pixels @ TURN.T) / (1 + 0.08 * u + 0.06 * v)[:, None] + ORIGIN


def bowl(pixels):
    """The bend of a camera that was calibrated badly: metres at the corners."""
    u, v = ((pixels - SIDE_PX / 2) / (SIDE_PX / 2)).T
    return affine(pixels) + np.column_stack([1.5 * u**2 - 0.8 * u * v, v**2 + 0.5 * u * v])


def bump(pixels):
    """A distortion of one part, as relief makes it that was not corrected."""
    offset = (pixels - SIDE_PX / 2) / (SIDE_PX / 2) - [0.3, -0.2]
    share = np.exp(-(offset**2).sum(axis=1) / (2 * 0.35**2))
    return affine(pixels) + share[:, None] * [1.2, -0.9]


WARPS = {"affine": affine, "perspective": perspective, "bowl": bowl, "bump": bump}


def spread(random, count):
    """Places spread over the picture as a surveyor would: one in each field of a lattice."""
    side = int(np.ceil(np.sqrt(count)))
    fields = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    chosen = fields[random.permutation(len(fields))[:count]]
    jitter = random.uniform(-0.35, 0.35, chosen.shape)
    return (chosen + 0.5 + jitter) / side * (SIDE_PX - 200) + 100


def measured(warp, pixels, random, role=Role.CONTROL):
    """Points as a list holds them: both the place and the mark are a little off."""
    ground = warp(pixels) + random.normal(0, SURVEY_M, pixels.shape)
    marks = np.clip(pixels + random.normal(0, POINTING_PX, pixels.shape), 0, SIDE_PX)
    rows = zip(marks.tolist(), ground.tolist(), strict=True)
    return [
        ControlPoint(name=f"P{number}", role=role, x=x, y=y, column=column, row=row)
        for number, ((column, row), (x, y)) in enumerate(rows)
    ]


def missed(fit, warp):
    """Distance from the truth all over the picture."""
    places = np.random.default_rng(99).uniform(0, SIDE_PX, (400, 2))
    return np.hypot(*(fit.transformation.ground(places) - warp(places)).T)


def stated(fit, warp, random, count=20):
    """CE90 that independent check points give."""
    checks = measured(warp, random.uniform(100, SIDE_PX - 100, (count, 2)), random, Role.CHECK)
    pixels = np.array([(p.column, p.row) for p in checks])
    off = fit.transformation.ground(pixels) - [(p.x, p.y) for p in checks]
    found = accuracy(
        [
            Residual(name="", role=Role.CHECK, x=0, y=0, east_m=east, north_m=north)
            for east, north in off
        ]
    )
    return found.ce90_m
