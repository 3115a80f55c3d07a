"""Notes of the two surfaces, and of the earth moved in all findings."""

from collections.abc import Sequence

from geo.volume import Volume, together
from inspection.heights import HeightComparison
from inspection.surfaces import EarthNote, SurfacesNote

METRE_DIGITS = 4
CUBIC_DIGITS = 1


def surfaces_note(heights: HeightComparison | None) -> SurfacesNote | None:
    """How the two surfaces were laid level; None where they were not compared."""
    if heights is None:
        return None
    level = heights.alignment
    return SurfacesNote(
        offset_m=round(level.offset_m, METRE_DIGITS),
        nmad_m=round(level.nmad_m, METRE_DIGITS),
        detection_limit_m=round(level.detection_limit_m, METRE_DIGITS),
        stable_cells=level.stable_cells,
    )


def earth_note(
    volumes: Sequence[Volume | None], heights: HeightComparison | None
) -> EarthNote | None:
    """Add the volumes of findings up; None where no finding has one."""
    given = [one for one in volumes if one is not None]
    if heights is None or not given:
        return None
    whole = together(given, heights.alignment)
    return EarthNote(
        findings=len(given),
        net_m3=round(whole.net.m3, CUBIC_DIGITS),
        net_uncertainty_m3=round(whole.net.uncertainty_m3, CUBIC_DIGITS),
        cut_m3=round(whole.cut.m3, CUBIC_DIGITS),
        cut_uncertainty_m3=round(whole.cut.uncertainty_m3, CUBIC_DIGITS),
        fill_m3=round(whole.fill.m3, CUBIC_DIGITS),
        fill_uncertainty_m3=round(whole.fill.uncertainty_m3, CUBIC_DIGITS),
    )
