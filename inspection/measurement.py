"""What measuring gives: the document, and the shapes that files beside it draw."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely import Geometry

from inspection.document import Inspection
from inspection.model import Source


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """One inspection, measured."""

    inspection: Inspection
    sources: tuple[Source, ...]
    unobserved: Mapping[str, Geometry]
    """Ground looked at but not seen, by reason, in the site's reference system."""

    seen: Geometry
