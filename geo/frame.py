"""The frame that coordinates refer to: datum, realization and epoch, as a system states them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyproj import CRS

from geo.errors import RefusedError

_AT_HAND: Final = 256
"""Systems kept at hand: a site needs a handful, a table of many sites some dozens."""

_LEAST_CONFIDENCE: Final = 20
"""Share, in percent, from which a system without a code is taken for the one of the register."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a reference system says of its own realization."""

    datum: str
    realization: str | None
    """None where the system stands for several at once, as WGS 84 does."""

    epoch: float | None
    """Year to which its coordinates refer; None where it states none."""

    width_m: float
    """How far the realizations differ that it stands for; 0 where it is one."""


@lru_cache(maxsize=_AT_HAND)
def frame(crs: CRS) -> Frame:
    """
    Give what a reference system says of its realization and epoch.

    Older files name the datum, but not that it is an ensemble or moves with the years; that
    is then taken from PROJ's register.

    Raises
    ------
    RefusedError
        ``place_datum_unrelated`` if the system is not tied to the Earth.
    """
    own = geodetic(crs)
    known = own.to_authority(min_confidence=_LEAST_CONFIDENCE)
    found = CRS.from_authority(*known) if known else own
    # With little confidence the register offers any system on the same ellipsoid.
    stated = (found if _datum(found) == _datum(own) else own).to_json_dict()
    single, ensemble = stated.get("datum") or {}, stated.get("datum_ensemble") or {}
    epoch = single.get("frame_reference_epoch")
    return Frame(
        datum=own.datum.name if own.datum else "",
        realization=single.get("name"),
        epoch=None if epoch is None else float(epoch),
        width_m=float(ensemble.get("accuracy", 0)),
    )


def _datum(crs: CRS) -> str:
    return crs.datum.name.removesuffix(" ensemble") if crs.datum else ""


@lru_cache(maxsize=_AT_HAND)
def geodetic(crs: CRS) -> CRS:
    """
    Longitude and latitude on the datum of a system, without what binds it to another.

    Raises
    ------
    RefusedError
        ``place_datum_unrelated`` if the system is not tied to the Earth.
    """
    own = crs.source_crs if crs.is_bound and crs.source_crs else crs
    if own.geodetic_crs is None:
        raise RefusedError("place_datum_unrelated", source=code_of(crs), target=code_of(crs))
    return own.geodetic_crs.to_2d()


def code_of(crs: CRS) -> str:
    """Code of a system; its own name may hold anything."""
    known = crs.to_authority(min_confidence=100)
    return ":".join(known) if known else "?"
