"""Reference systems as vector files name them: looked up here, never fetched."""

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.crs import LONLAT
from geo.fault import Fault, Faulty

LONGEST_WKT = 20_000
"""A system in words has some thousand letters at most."""


def system_of_code(code: int) -> CRS:
    """
    System with an EPSG code.

    Raises
    ------
    Faulty
        ``crs_unknown`` also where it is none in which land is drawn.
    """
    try:
        return _horizontal(CRS.from_epsg(code))
    except CRSError as error:
        raise Faulty(Fault.CRS_UNKNOWN) from error


def system_of_text(text: str) -> CRS:
    """
    System that well-known text describes, in the OGC's or in ESRI's words.

    Where it is one of EPSG's in other words, EPSG's own is given: the name of a system should
    not depend on the program that wrote the file.

    Raises
    ------
    Faulty
        ``crs_unknown``.
    """
    try:
        described = _horizontal(CRS.from_wkt(text[:LONGEST_WKT]))
        code = described.to_epsg()
        if code is None:
            return described
        known = system_of_code(code)
        return known if known.equals(described, ignore_axis_order=True) else described
    except CRSError as error:
        raise Faulty(Fault.CRS_UNKNOWN) from error


def _horizontal(crs: CRS) -> CRS:
    """The part of a system that says where, without heights."""
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    flat = flat.to_2d() if len(flat.axis_info) > 2 else flat  # noqa: PLR2004 - of a map
    if not (flat.is_geographic or flat.is_projected):
        raise Faulty(Fault.CRS_UNKNOWN)
    return LONLAT if flat == LONLAT else flat
