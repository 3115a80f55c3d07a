"""What the steps before measuring saw."""

from dataclasses import dataclass

from geo.detection import Detection
from geo.grid import Grid
from inspection.heights import HeightComparison
from inspection.model import Case, Orthophoto
from inspection.placement import Placement, Registered


@dataclass(frozen=True, kw_only=True, eq=False)
class Observation:
    """All that the steps before measuring saw, each value as its step gave it."""

    case: Case
    placement: Placement
    current: Orthophoto
    """Clipped."""

    baseline: Orthophoto | None
    """Clipped."""

    registered: Registered
    grid: Grid
    """Of the analysis."""

    detection: Detection
    heights: HeightComparison | None
