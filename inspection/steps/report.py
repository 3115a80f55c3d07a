"""Report: write every file of the result, and seal the folder."""

from pathlib import Path

from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.manifest import write_manifest
from inspection.exchange.geojson import findings_geojson
from inspection.exchange.stac import write_stac
from inspection.measurement import Measurement
from inspection.observation import Observation
from inspection.report.issue import issue
from inspection.schema import as_json


def report(measurement: Measurement, seen: Observation, *, out: Path) -> None:
    """Write the documents beside the pictures that are there already; the manifest comes last."""
    # Loaded here: what it writes by takes room that the steps before need for pixels.
    from inspection.exchange.geopackage import write_geopackage  # noqa: PLC0415

    inspection, site = measurement.inspection, seen.placement.site
    document = as_json(inspection)
    (out / "inspection.json").write_bytes(canonical_bytes(document))
    (out / "findings.geojson").write_bytes(canonical_bytes(findings_geojson(document)))
    write_geopackage(
        out / "inspection.gpkg",
        document,
        crs=site.crs,
        boundary=site.permit,
        unobserved=measurement.unobserved,
        seen=measurement.seen,
    )
    flights = {"current": seen.current} | ({"baseline": seen.baseline} if seen.baseline else {})
    issue(inspection, pictures=out, out=out, language=inspection.language)
    write_stac(out / "stac", document, flights)
    write_manifest(
        out,
        inspection_id=inspection.id,
        created_at=inspection.created_at,
        inputs=measurement.sources,
        parameters=inspection.parameters,
        software=inspection.software,
    )
