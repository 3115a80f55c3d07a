"""Outlines from a drawing (DXF): closed polylines, their arcs followed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from ezdxf import path as drawn
from ezdxf.filemanagement import readfile
from ezdxf.lldxf.const import DXFError
from shapely import Geometry

from geo.outline import line_of, polygon_of
from geo.vector.label import printable
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import Feature, Written, feature

_ARC_DISTANCE: Final = 0.001
"""Distance of a chord from its arc in units of the drawing: a millimetre where it is in metres."""

_POLYLINES: Final = "LWPOLYLINE POLYLINE"
_ARC_CURVES: Final = 24
"""By how many curves an arc is drawn, in ezdxf's count: one alone misses it by 3 in 10 000."""

_ARC_SEGMENTS: Final = 4


def read_dxf(path: Path) -> Written:
    """
    Every polyline in the model space of a drawing; which system it is drawn in, no drawing says.

    A polyline is an area where it is marked as closed or ends where it begins, and a line
    otherwise. Its layer is its label.

    Raises
    ------
    Unfit
        ``unreadable``.
    """
    try:
        drawing = readfile(path)
        features = tuple(_features(drawing.modelspace()))
    except (
        DXFError,
        OSError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
    ) as error:
        # A damaged drawing meets ezdxf in any of these.
        raise Unfit(Reason.UNREADABLE) from error
    return Written(crs=None, crs_from=None, features=features)


def _features(space: Any) -> Iterator[Feature]:  # noqa: ANN401 - ezdxf's layouts
    for entity in space.query(_POLYLINES):
        label = printable(str(entity.dxf.layer)) or None
        yield feature(partial(_shapes, entity), label=label)


def _shapes(entity: Any) -> tuple[Geometry, ...]:  # noqa: ANN401 - ezdxf's entities
    outline = drawn.make_path(entity, segments=_ARC_CURVES)
    points = np.array(
        [(point.x, point.y) for point in outline.flattening(_ARC_DISTANCE, _ARC_SEGMENTS)]
    ).reshape(-1, 2)
    if entity.is_closed and (points[0] != points[-1]).any():
        points = np.vstack([points, points[:1]])
    if len(points) > 1 and (points[0] == points[-1]).all():
        return (polygon_of([points]),)
    return (line_of(points),)
