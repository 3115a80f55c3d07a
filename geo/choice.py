"""Which of the features in a file is the boundary: one, or the one that is asked for."""

from collections.abc import Sequence
from typing import Final

import shapely
from shapely import MultiPolygon, Polygon

from geo.errors import RefusedError
from geo.fault import Fault
from geo.outline import area_of
from geo.vector.written import Feature

_LABELS_TOLD: Final = 12
_NOTHING: Final = (Fault.NO_GEOMETRY, Fault.EMPTY)


def chosen(features: Sequence[Feature], number: int | None) -> Feature:
    """
    The one feature that is an area, or the one whose number is given, as one shape.

    Parameters
    ----------
    features
        In the order of the file.
    number
        From 1; None where the file must decide.

    Raises
    ------
    RefusedError
        ``boundary_has_several`` with their numbers and labels, ``boundary_feature_absent``,
        ``boundary_not_polygon``.
    Faulty
        What was found in the feature when it was read.
    """
    if number is not None:
        if not 1 <= number <= len(features):
            raise RefusedError("boundary_feature_absent", number=number, count=len(features))
        return _as_area(features[number - 1])
    areas = [n for n, one in enumerate(features, 1) if _may_be_area(one)]
    if len(areas) > 1:
        told = [f"{n} {features[n - 1].label or ''}".strip() for n in areas[:_LABELS_TOLD]]
        more = ["…"] if len(areas) > _LABELS_TOLD else []
        raise RefusedError(
            "boundary_has_several", count=len(areas), labels="; ".join([*told, *more])
        )
    if areas:
        return _as_area(features[areas[0] - 1])
    others = [one for one in features if one.shapes]
    return _as_area((others or list(features) or [Feature(fault=Fault.EMPTY)])[0])


def _may_be_area(feature: Feature) -> bool:
    if feature.fault:
        return feature.fault not in _NOTHING
    return any(isinstance(one, Polygon | MultiPolygon) for one in feature.shapes)


def _as_area(feature: Feature) -> Feature:
    if faulty := feature.faulty():
        raise faulty
    polygons = [
        part
        for one in feature.shapes
        for part in shapely.get_parts(one)
        if isinstance(part, Polygon)
    ]
    if not polygons:
        raise RefusedError("boundary_not_polygon", kind=type(feature.shapes[0]).__name__)
    return Feature(label=feature.label, properties=feature.properties, shapes=(area_of(polygons),))
