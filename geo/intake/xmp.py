"""What a drone writes into the XMP packet of its pictures: a few known fields, taken by name."""

import re
from typing import Final

FIELDS: Final = frozenset(
    {
        "AbsoluteAltitude", "RelativeAltitude", "AltitudeType", "GpsLatitude", "GpsLongitude",
        "GpsLongtitude", "GpsStatus", "GimbalPitchDegree", "RtkFlag", "RtkStdLon", "RtkStdLat",
        "RtkStdHgt", "SurveyingMode", "NTRIPMountPoint",
    }
)  # fmt: skip
"""`GpsLongtitude` is how some firmware spells it."""

_LONGEST: Final = 60
_ATTRIBUTE: Final = re.compile(r"\bdrone-dji:(\w{1,40})\s*=\s*[\"']([^\"'<>]{0,200})[\"']")
_ELEMENT: Final = re.compile(r"<drone-dji:(\w{1,40})>([^<>]{0,200})</drone-dji:")


def drone_fields(packet: bytes) -> dict[str, str]:
    """
    Fields of a drone in a piece of a file that may hold an XMP packet.

    Nothing is parsed as XML: packets are cut, nested and damaged in practice, and every field
    that is wanted is one name with one short value, as an attribute or as an element.

    Parameters
    ----------
    packet
        Bytes in which the packet lies; everything else in them is passed over.

    Returns
    -------
    dict
        Text of each field of `FIELDS` that is there, signs that do not print left out.

    Examples
    --------
    >>> drone_fields(b'<rdf drone-dji:RelativeAltitude="+40.00" drone-dji:Other="1"/>')
    {'RelativeAltitude': '+40.00'}
    >>> drone_fields(b'<drone-dji:GimbalPitchDegree>-80.00</drone-dji:GimbalPitchDegree>')
    {'GimbalPitchDegree': '-80.00'}
    """
    text = packet.decode("utf-8", errors="replace")
    found = [*_ATTRIBUTE.findall(text), *_ELEMENT.findall(text)]
    return {name: printing(value) for name, value in found if name in FIELDS}


def printing(text: str) -> str:
    """Short text of a file less what does not print: no sign of it may command a terminal."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:_LONGEST]
