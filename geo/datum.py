"""The one way from a reference system to another, and what changing the datum on it costs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geo.errors import RefusedError

NOMINALLY_EQUAL = frozenset(
    {
        "World Geodetic System 1984",
        "Sistem Referensi Geospasial Indonesia 2013",
        "Datum Geodesi Nasional 1995",
    }
)
"""
Datums on one ellipsoid, tied to the same global frame, and kept apart only by decimetres.

What PROJ knows between them are chains through a null step that move a place by 0.23 m and claim
1.2 m. A coordinate is worth more as it was written: it keeps its numbers in all of them, and
whoever uses it adds the uncertainty of that.
"""

ENSEMBLE = " ensemble"
AXIS_NOTE = " (with axis order normalized for visualization)"


@dataclass(frozen=True, kw_only=True)
class DatumChange:
    """What happened to the datum on the way from one system to another."""

    source: str
    """Name of the datum that a place came in ..."""

    target: str
    """... and of the one that it is in now."""

    name: str | None
    """Of the operation, as the EPSG registry has it; None where no number was changed."""

    accuracy_m: float | None
    """As the registry states it; 0 where the datum stays the same, None where it says nothing."""

    nominal: bool
    """Whether two datums were taken as equal."""

    @property
    def changed(self) -> bool:
        """Whether the two datums have different names."""
        return self.source != self.target


@dataclass(frozen=True, kw_only=True, eq=False)
class Passage:
    """The way from one reference system to another; x is easting or longitude, always."""

    source: CRS
    target: CRS

    def __post_init__(self) -> None:
        """
        Find the way.

        Raises
        ------
        RefusedError
            ``place_datum_unrelated`` where PROJ could only guess how the two lie.
        """
        self._steps  # noqa: B018 - so that it fails here

    @cached_property
    def _nominal(self) -> bool:
        names = {datum_name(self.source), datum_name(self.target)}
        return len(names) > 1 and names <= NOMINALLY_EQUAL

    @cached_property
    def _steps(self) -> tuple[Transformer, ...]:
        ends = (self.source, self.target)
        try:
            if not self._nominal:
                return (_transformer(*ends),)
            here, there = (_degrees(crs) for crs in ends)
            return _transformer(self.source, here), _transformer(there, self.target)
        except ProjError as error:
            raise RefusedError("place_datum_unrelated") from error

    def transform(self, x: Any, y: Any, *, errcheck: bool = False) -> tuple[Any, Any]:  # noqa: ANN401
        """
        Move places, given as numbers or arrays.

        Parameters
        ----------
        x, y
            Easting or longitude, northing or latitude, in the units of the source.
        errcheck
            Raise where a place cannot be moved; else it becomes infinite.

        Returns
        -------
        tuple
            The same in the target, in its units.
        """
        for step in self._steps:
            x, y = step.transform(x, y, errcheck=errcheck)
        return x, y

    def bounds(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        """Bounds of a box in the target's system, its edges followed."""
        box = (left, bottom, right, top)
        for step in self._steps:
            west, south, east, north = step.transform_bounds(*box)
            box = (float(west), float(south), float(east), float(north))
        return box

    def change(self, x: float, y: float) -> DatumChange:
        """
        Say what happens to the datum at a place.

        Parameters
        ----------
        x, y
            The place, in the source: what PROJ uses may differ from region to region.
        """
        source, target = datum_name(self.source), datum_name(self.target)
        name, accuracy_m = None, None
        if source == target:
            accuracy_m = 0.0
        elif not self._nominal:
            (step,) = self._steps
            self.transform(x, y, errcheck=True)
            used = _used(step)
            name = (used.description or "").replace(AXIS_NOTE, "")
            accuracy_m = used.accuracy if used.accuracy >= 0 else None
        return DatumChange(
            source=source,
            target=target,
            name=name,
            accuracy_m=accuracy_m,
            nominal=self._nominal,
        )


def datum_name(crs: CRS) -> str:
    """Name of a system's datum; an ensemble goes by the name of what it is one of."""
    geodetic = crs.geodetic_crs
    datum = geodetic.datum if geodetic else None
    return datum.name.removesuffix(ENSEMBLE) if datum else crs.name


def frame_epoch(crs: CRS) -> float | None:
    """
    Epoch of the realization that a system states, as a decimal year.

    Returns
    -------
    float or None
        None where it states none: an ensemble of realizations, or a datum without motion.
    """
    geodetic = crs.geodetic_crs
    datum = geodetic.datum if geodetic else None
    stated = datum.to_json_dict().get("frame_reference_epoch") if datum else None
    return None if stated is None else float(stated)


def _degrees(crs: CRS) -> CRS:
    geodetic = crs.geodetic_crs
    return geodetic.to_2d() if geodetic else crs


def _transformer(source: CRS, target: CRS) -> Transformer:
    # The best of those whose grids are at hand, said with its own accuracy; never a guess.
    return Transformer.from_crs(
        source, target, always_xy=True, allow_ballpark=False, only_best=False
    )


def _used(step: Transformer) -> Transformer:
    """Give the operation that the last place took; a way with one operation is that one itself."""
    try:
        return step.get_last_used_operation()
    except ProjError:
        return step
