"""Reference systems as lists of control points name them; only harmless words reach PROJ."""

import re

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import RefusedError

_LONGEST = 20_000

_EPSG = re.compile(r"(?:\+?init=)?(?:urn:ogc:def:crs:)?EPSG:{1,2}(\d{4,6})", re.IGNORECASE)
_ZONE = re.compile(r"WGS ?84 ?/? ?UTM ?(?:zone ?)?(\d{1,2}) ?([NS])", re.IGNORECASE)
_WKT = re.compile(
    r"(?:PROJCRS|PROJCS|GEOGCRS|GEOGCS|GEODCRS|COMPOUNDCRS|COMPD_CS|BOUNDCRS)\s*\[", re.IGNORECASE
)

_PROJ_WORDS = (
    "a alpha b datum ellps gamma k k_0 lat_0 lat_1 lat_2 lat_ts lon_0 lonc no_defs no_uoff proj "
    "rf south to_meter towgs84 type units wktext x_0 y_0 zone"
)
"""Words of a PROJ string that name no file; `nadgrids` and its like would have one opened."""

_GRIDS = re.compile(r"nadgrids=(?!@null)|geoidgrids|PARAMETERFILE|grids=(?!@null)", re.IGNORECASE)

_ZONES = 60


def system_named(text: str) -> CRS | None:
    """
    Reference system that a piece of text names; None where it is no such name.

    Known are ``EPSG:32750``, PROJ strings, WKT, and the words ``WGS84 UTM 50S`` that
    OpenDroneMap writes.

    Raises
    ------
    RefusedError
        ``control_points_crs_unknown`` if it is the name of a system that is not known, is none
        of this Earth in two dimensions, or asks for a file.
    """
    name = " ".join(text.split())
    spoken = _spoken(name)
    if spoken is None:
        return None
    try:
        crs = CRS.from_user_input(spoken)
        if crs.is_compound:
            crs = crs.sub_crs_list[0]
        flat = crs.to_2d()
    except CRSError as error:
        raise RefusedError("control_points_crs_unknown") from error
    if not (flat.is_geographic or flat.is_projected):
        raise RefusedError("control_points_crs_unknown")
    return flat


def system_stated(text: str) -> CRS:
    """
    Reference system that a field or an option states; there a bare number is an EPSG code.

    Raises
    ------
    RefusedError
        ``control_points_crs_unknown``.
    """
    name = text.strip()
    crs = system_named(f"EPSG:{name}" if name.isascii() and name.isdigit() else name)
    if crs is None:
        raise RefusedError("control_points_crs_unknown")
    return crs


def _spoken(name: str) -> str | None:
    """Give the words to hand to PROJ; None where the text names no system."""
    if code := _EPSG.fullmatch(name):
        return f"EPSG:{code[1]}"
    if (zone := _ZONE.fullmatch(name)) and 1 <= int(zone[1]) <= _ZONES:
        return f"EPSG:{(32600 if zone[2] in 'nN' else 32700) + int(zone[1])}"
    if name.startswith("+"):
        words = {word.lstrip("+").partition("=")[0] for word in name.split()}
        if words <= {"init"}:
            return _spoken(name.lstrip("+"))
        _require_harmless(name, harmless=words <= set(_PROJ_WORDS.split()))
        return name
    if _WKT.match(name):
        _require_harmless(name, harmless=True)
        return name
    return None


def _require_harmless(name: str, *, harmless: bool) -> None:
    if not harmless or len(name) > _LONGEST or _GRIDS.search(name):
        raise RefusedError("control_points_crs_unknown")
