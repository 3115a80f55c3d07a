"""Layers that were given, and where they meet permit and disturbed ground: the notes of them."""

from collections.abc import Mapping
from dataclasses import dataclass

type Ring = list[tuple[float, float]]
"""Longitude and latitude in degrees, one position after the other."""


@dataclass(frozen=True, kw_only=True)
class LayerOverlap:
    """One feature of a layer that shares ground with the permit."""

    feature: str | None
    """What the layer calls it."""

    permit_overlap_ha: float
    """0 for a line or a point, which have no area."""


@dataclass(frozen=True, kw_only=True)
class LayerNearest:
    """Disturbed ground and the feature of a layer that come nearest to one another."""

    finding: str
    feature: str | None
    distance_m: float
    """0 where they overlap or touch."""

    uncertainty_m: float
    """Of the finding's position; how well the layer was drawn, it does not say."""


@dataclass(frozen=True, kw_only=True)
class LayerShapes:
    """What of a layer lies on the ground looked at, thinned for a map."""

    polygons: list[list[Ring]]
    lines: list[Ring]
    points: Ring
    drawn_within_m: float
    """How far an outline may be from the one that was measured; 0 where nothing was thinned."""


@dataclass(frozen=True, kw_only=True)
class LayerNote:
    """
    One layer of other people's shapes, and where it meets permit and disturbed ground.

    The three overlaps are None where nothing can be said: no feature could be used, and some
    that are near could not.
    """

    name: str
    file: str
    sha256: str
    size: int
    date: str | None
    """The day that the layer is of; None where nobody stated it."""

    features: int
    """All of them: used, far, and not usable."""

    used: int
    far: int
    """Farther from the ground looked at than the profile searches; not judged."""

    unusable: Mapping[str, int]
    """Left out, by reason."""

    permit_overlap_ha: float | None
    permit_overlap_share: float | None
    disturbed_overlap_ha: float | None
    """New and standing findings of permit and ring."""

    nearest: LayerNearest | None
    """None without findings, or with no feature within the distance searched."""

    overlapping: int
    """How many features meet the permit."""

    overlaps: list[LayerOverlap]
    """The largest of these."""

    shapes: LayerShapes
