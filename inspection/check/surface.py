"""Surface models under check: what volumes ask of their heights."""

from collections.abc import Iterator

from geo.intake.probe import Probe
from inspection.problem import Problem, warning


def height_doubts(probe: Probe) -> Iterator[Problem]:
    """Tell what no volume can be made of, unless somebody states more than the file does."""
    if probe.heights.metres_up is None:
        yield warning("heights_unit_unknown")
    elif not probe.heights.knows_level:
        yield warning("heights_datum_unknown")
