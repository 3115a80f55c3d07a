"""Vicinity: what lies around each finding, measured: unseen ground, water, and the fit there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import shapely
from shapely import Geometry, MultiPolygon

from geo.disturbance import Disturbance, Epoch, GroundClass
from geo.local_fit import local_fit
from geo.nearness import Outlines
from geo.partition import less, resolved
from inspection.observation import Observation

RESOLVED_PX = 1.5
"""Gaps narrower than this are the stairs of pixel edges, not ground."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Vicinity:
    """What findings of an inspection may lie near to."""

    seen: Observation
    unflown: Outlines
    """Ground that the current flight did not see."""

    uncompared: Outlines
    """Ground that one of the two flights did not see."""

    water: Outlines

    @classmethod
    def of(
        cls,
        seen: Observation,
        *,
        unobserved: Mapping[str, Geometry],
        smallest_m2: float,
    ) -> Self:
        """
        Lay out what can be near.

        Unseen ground smaller than a finding, as the speck of a missing pixel, hides none and
        is no edge.
        """
        looked_at = seen.placement.site.looked_at
        width_m = RESOLVED_PX * seen.grid.pixel_size
        uncompared = resolved(less(looked_at, seen.detection.compared), width_m=width_m)
        found = seen.detection.disturbances
        water = [one.shape for one in found if one.ground_class is GroundClass.WATER]
        unflown = unobserved.get("unflown", MultiPolygon())
        return cls(
            seen=seen,
            unflown=Outlines.of(_large(unflown, smallest_m2)),
            uncompared=Outlines.of(_large(uncompared, smallest_m2)),
            water=Outlines.of([seen.detection.left_out.get("water", MultiPolygon()), *water]),
        )

    def measured(self, one: Disturbance) -> dict[str, float]:
        """
        Measure around a finding; what is not known is absent.

        ``edge_distance_m`` to ground that a flight did not see, within the ground looked at;
        ``water_distance_m``; ``residual_near_m`` between the flights, by ``ties_near``.
        """
        compared = one.epoch is not Epoch.STANDING
        edge = (self.uncompared if compared else self.unflown).distance_m(one.shape)
        found = {} if edge is None else {"edge_distance_m": edge}
        if one.ground_class is not GroundClass.WATER:
            shore = self.water.distance_m(one.shape)
            found |= {} if shore is None else {"water_distance_m": shore}
        registration = self.seen.registered.found
        if compared and registration is not None:
            fit = local_fit(registration, self.seen.grid, one.shape)
            if fit is not None:
                found |= {"residual_near_m": fit.residual_m, "ties_near": float(fit.ties)}
        return found


def _large(shape: Geometry, least_m2: float) -> list[Geometry]:
    return [part for part in shapely.get_parts(shape) if part.area >= least_m2]
