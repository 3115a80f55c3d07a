"""The one movement of the ground that most tie points agree on."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from affine import Affine
from numpy.typing import NDArray

type Points = NDArray[np.float64]
"""(n, 2): east and north, metres."""

type Floats = NDArray[np.float64]

type Kind = Literal["translation", "similarity", "affine"]


@dataclass(frozen=True, kw_only=True)
class _Freedom:
    """What a kind of movement asks of the ties."""

    sample: int
    """Ties that fix it."""

    fewest: int
    """Agreeing ties below which it has more freedom than they support; weak ones count less."""

    spread: float
    """Least spread of the agreeing ties along their weaker axis, in reaches: ties on one line say
    nothing of what lies beside it."""


KINDS: dict[Kind, _Freedom] = {
    "translation": _Freedom(sample=1, fewest=1, spread=0.0),
    "similarity": _Freedom(sample=2, fewest=6, spread=0.1),
    "affine": _Freedom(sample=3, fewest=12, spread=0.15),
}

DRAWS = 500
"""Minimal samples tried: one free of outliers is all but certain down to a quarter of good ties."""

SEED = 20100

ROUNDS = 12
"""Reweightings; the weights have settled by then."""

FOLDS = 4

WORTH_IT = 0.97
"""A freer movement must lower the held-back residual to this share of the simpler one's: what it
leaves unexplained then is under a quarter of a tie's own error."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TieFit:
    """A movement of the ground, and who agrees with it."""

    kind: Kind

    movement: Affine
    """From where the ground was to where it is, metres."""

    agrees: NDArray[np.bool_]
    """(n,); True for the ties that lie within the gate."""

    held_back_m: float
    """Root mean square residual of ties each left out of its fit; none counts past the gate."""


def fitted_movement(
    positions_m: Points,
    offsets_m: Points,
    *,
    weights: Floats,
    gate_m: float,
    reach_m: float,
) -> TieFit:
    """
    Fit a translation, a similarity or an affine map, whichever held-back ties support.

    Outliers are found by drawing minimal samples (seeded: the same ties always give the same
    answer) and scoring each by its truncated squared residuals (MSAC: Torr and Zisserman,
    *MLESAC*, 2000); the best is refined by least squares with Tukey's weights.

    Parameters
    ----------
    positions_m
        Where the ground was; at least one tie.
    offsets_m
        How far it moved from there.
    weights
        (n,); trust in each tie, on any scale.
    gate_m
        Distance past which a tie is taken for an outlier.
    reach_m
        Half the diagonal of the ground that the movement will be applied to.
    """
    origin = positions_m.sum(axis=0) / max(len(positions_m), 1)
    scaled = (positions_m - origin) / reach_m
    best = None
    for kind, freedom in KINDS.items():
        if len(scaled) < freedom.fewest:
            continue
        problem = _Problem(design=_design(scaled, kind), offsets=offsets_m, weights=weights)
        theta = problem.refined(problem.drawn(freedom.sample, gate=gate_m), gate=gate_m)
        fit = TieFit(
            kind=kind,
            movement=_as_affine(theta, kind, origin, reach_m),
            agrees=problem.distances(theta) <= gate_m,
            held_back_m=problem.held_back(theta, gate=gate_m),
        )
        if best is None or (
            fit.held_back_m < WORTH_IT * best.held_back_m
            and _count(weights[fit.agrees]) >= freedom.fewest
            and _spread(scaled[fit.agrees], weights[fit.agrees]) >= freedom.spread
        ):
            best = fit
    if best is None:
        raise ValueError("a movement needs at least one tie")
    return best


def _design(points: Points, kind: Kind) -> Floats:
    """(n, 2, parameters): offset = design @ parameters, for each point and axis."""
    x, y = points.T
    one, nil = np.ones_like(x), np.zeros_like(x)
    match kind:
        case "translation":
            axes = [[one, nil], [nil, one]]
        case "similarity":
            axes = [[one, nil, x, -y], [nil, one, y, x]]
        case "affine":
            axes = [[one, nil, x, y, nil, nil], [nil, one, nil, nil, x, y]]
    return np.array(axes).transpose(2, 0, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Problem:
    """Ties, and the equations that a kind of movement makes of them."""

    design: Floats
    offsets: Points
    weights: Floats

    def distances(self, theta: Floats) -> Floats:
        """Length of the residuals; of many solutions at once when `theta` has rows."""
        misfit = np.einsum("nak,...k->...na", self.design, theta) - self.offsets
        distance: Floats = np.hypot(misfit[..., 0], misfit[..., 1])
        return distance

    def drawn(self, sample: int, *, gate: float) -> Floats:
        """Give the best solution that a few ties alone fix."""
        draw = np.random.default_rng(SEED)
        # The smallest keys of exponential clocks: a weighted draw without replacement.
        clocks = draw.exponential(size=(DRAWS, len(self.offsets))) / self.weights
        chosen = np.argpartition(clocks, sample - 1, axis=1)[:, :sample]
        equations = self.design[chosen].reshape(DRAWS, 2 * sample, -1)
        right = self.offsets[chosen].reshape(DRAWS, 2 * sample, 1)
        thetas = (np.linalg.pinv(equations) @ right)[..., 0]
        costs = np.minimum(self.distances(thetas) / gate, 1) ** 2 @ self.weights
        best: Floats = thetas[np.argmin(costs)]
        return best

    def refined(
        self, theta: Floats, *, gate: float, among: NDArray[np.bool_] | None = None
    ) -> Floats:
        """Reweighted least squares among some of the ties, from a start within reach of them."""
        keep = np.ones(len(self.offsets)) if among is None else among.astype(np.float64)
        for _ in range(ROUNDS):
            distance = self.distances(theta)
            within = (distance <= gate) & (keep > 0)
            if 2 * within.sum() < theta.size:
                break
            # 1.18 sigma is a Rayleigh distribution's median; 4.7 sigma is Tukey's usual cut.
            sigma = _median(distance[within], self.weights[within]) / 1.18
            cut = min(max(4.7 * sigma, 0.1 * gate), gate)
            tukey = np.clip(1 - (distance / cut) ** 2, 0, None) ** 2
            root = np.sqrt(keep * self.weights * tukey)
            equations = (self.design * root[:, None, None]).reshape(-1, theta.size)
            theta = np.linalg.lstsq(equations, (self.offsets * root[:, None]).ravel())[0]
        return theta

    def held_back(self, theta: Floats, *, gate: float) -> float:
        """Weighted root mean square residual of ties that are left out of their own fit."""
        fold = np.arange(len(self.offsets)) % FOLDS
        distance = np.empty(len(self.offsets))
        for number in range(FOLDS):
            other = self.refined(theta, gate=gate, among=fold != number)
            distance[fold == number] = self.distances(other)[fold == number]
        return float(np.sqrt(np.average(np.minimum(distance, gate) ** 2, weights=self.weights)))


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])


def _count(weights: Floats) -> float:
    """How many ties of equal weight would say as much (Kish, *Survey Sampling*, 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _spread(points: Points, weights: Floats) -> float:
    """Standard deviation along the weaker axis of the points."""
    return math.sqrt(max(np.linalg.eigvalsh(np.cov(points.T, aweights=weights, ddof=0))[0], 0))


def _as_affine(theta: Floats, kind: Kind, origin: Floats, reach: float) -> Affine:
    base = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    shift, east, north = _design(base, kind) @ theta
    (a, d), (b, e) = (east - shift) / reach, (north - shift) / reach
    x, y = (float(value) for value in origin)
    at_origin = Affine(1 + a, b, float(shift[0]), d, 1 + e, float(shift[1]))
    return Affine.translation(x, y) @ at_origin @ Affine.translation(-x, -y)
