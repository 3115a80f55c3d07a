"""Findings as GeoJSON (RFC 7946): one feature a finding, its scalar fields as properties."""

from typing import Any

from inspection.evidence.reviewed import with_outcomes


def findings_geojson(document: dict[str, Any]) -> dict[str, Any]:
    """Give the findings of an inspection document as a feature collection."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(finding) for finding in with_outcomes(document)],
    }


def _feature(finding: dict[str, Any]) -> dict[str, Any]:
    polygons = finding["vertices"]
    single = len(polygons) == 1
    return {
        "type": "Feature",
        "id": finding["id"],
        "properties": scalars(finding),
        "geometry": {
            "type": "Polygon" if single else "MultiPolygon",
            "coordinates": polygons[0] if single else polygons,
        },
    }


def scalars(finding: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of a finding that are single values."""
    return {name: value for name, value in finding.items() if not isinstance(value, list | dict)}
