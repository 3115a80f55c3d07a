"""Why there is no volume though surfaces of both dates were brought."""

from collections.abc import Iterable

from geo.height_datum import level_change
from geo.height_system import HeightSystem, level_name
from geo.intake.xmp import printing
from inspection.heights import HeightComparison
from inspection.model import HeightModel
from inspection.observation import Observation
from inspection.placement import Caution
from inspection.provenance import Warn

UNSTATED = ("volume_unit_unknown", "volume_datum_unknown", "volume_datums_unrelated")
"""What one goes round by stating what heights count in and from."""


def no_volume(seen: Observation, level: HeightComparison | None) -> Caution | None:
    """
    Say what keeps two surfaces from telling volumes; None where nothing does, or one is missing.

    `level` is their comparison apart from the findings. Flights that do not compare are told
    elsewhere.
    """
    earlier = seen.case.baseline
    before, after = earlier.heights if earlier else None, seen.placement.flight.heights
    if before is None or after is None or seen.registered.moved is None or level is not None:
        return None
    both = before, after
    if without_unit := [one for one in both if one.system.metres_up is None]:
        return Caution(code="volume_unit_unknown", facts={"names": _names(without_unit)})
    unnamed = [one for one in both if one.system.datum is None]
    without_level = [one for one in unnamed if not one.system.is_one_level]
    if without_level or len(unnamed) == 1:
        return Caution(
            code="volume_datum_unknown", facts={"names": _names(without_level or unnamed)}
        )
    if level_change(before.system, after.system, grid=seen.grid) is None:
        return Caution(
            code="volume_datums_unrelated",
            facts={"before": _level(before.system), "after": _level(after.system)},
        )
    return Caution(code="volume_level_unknown")


def heights_unstated(warnings: Iterable[Warn]) -> bool:
    """Whether volumes are missing that a statement about heights would give."""
    return any(one.code in UNSTATED for one in warnings)


def _names(models: Iterable[HeightModel]) -> str:
    return ", ".join(one.source.name for one in models)


def _level(system: HeightSystem) -> str:
    return printing(level_name(system.datum)) if system.datum else "?"
