"""What an import brings to the record, whatever file it was read from."""

from dataclasses import dataclass
from datetime import datetime

from shapely.geometry.base import BaseGeometry

from inspection.language import Json
from inspection.records.tables.permits import BoundaryStage

type Name = tuple[str, str]
"""Kind and value of a name by which a system knows a permit."""


@dataclass(frozen=True, kw_only=True)
class BroughtValue:
    """One value, and where it stands written."""

    source: str
    """The system that says so."""

    field: str
    value: Json
    where: str
    note: dict[str, Json] | None = None
    """What else is known of it: as it was written, what a code means, from which list it is."""

    stated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class BroughtOutline:
    """A boundary that came along."""

    shape: BaseGeometry
    """In longitude and latitude."""

    sha256: str
    stated_crs: str
    area_m2: float
    stage: BoundaryStage


@dataclass(frozen=True, kw_only=True, eq=False)
class BroughtPermit:
    """All that one import says of one permit."""

    reference: str
    """What the office will call it, should it be new."""

    names: tuple[Name, ...]
    values: tuple[BroughtValue, ...]
    outline: BroughtOutline | None = None


@dataclass(frozen=True, kw_only=True)
class BroughtFile:
    """The file, and how it was read."""

    sha256: str
    name: str
    source: str
    mapping: str
    """Name and version of the mapping."""

    identifying: tuple[str, ...]
    """Kinds of names that no two permits share; the others tell only what they have in common."""

    around: tuple[str, ...] = ()
    """Kinds of names that permits may share, the narrowest first: decree, project, business."""
