"""A report written again with what people made of it: measured by nobody anew, sealed afresh."""

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from geo.errors import RefusedError
from geo.intake.digest import sha256_of
from inspection.accepted import restated
from inspection.desk import fresh_folder
from inspection.document import Inspection, counting
from inspection.errors import DisprovedError
from inspection.evidence.canonical import canonical_bytes, read_canonical
from inspection.evidence.manifest import write_manifest
from inspection.evidence.verify import verify
from inspection.exchange.geojson import findings_geojson
from inspection.identity import software
from inspection.model import Source
from inspection.ports import Progress
from inspection.provenance import SourceNote
from inspection.report.issue import issue
from inspection.review_note import (
    ReviewCounts,
    Reviewed,
    ReviewedAreas,
    ReviewedReport,
    ReviewNote,
)
from inspection.schema import as_json, from_json
from inspection.standing import PastReport, RecordNote
from inspection.yardstick import Yardstick

DOCUMENT: Final = "inspection.json"
REVIEWED: Final = "reviewed_report"
"""Role of the report that was reviewed, among the sources of the new one."""

KEPT: Final = ("*.tif", "stac/**/*")
"""Files of the earlier report that are part of the new one as they are."""


def reissue(
    earlier: Path,
    reviewed: Reviewed,
    past: Sequence[PastReport],
    *,
    out: Path,
    progress: Progress,
) -> None:
    """
    Write a report again, with the review and the decision, into a new folder.

    Its time is that of the decision: the same review of the same report gives the same bytes,
    however late it is written.

    Parameters
    ----------
    earlier
        Folder of the report that was reviewed, whole; it is not changed.
    reviewed
        What people made of it.
    past
        All reports on the permit's record, the earlier one among them.
    out
        The folder to make.
    progress
        Somebody who watches.

    Raises
    ------
    DisprovedError
        ``report_not_intact`` if the earlier report is not as it was sealed.
    RefusedError
        ``report_not_on_record``.
    """
    # Loaded here: so whoever calls can do without what is loaded with it (`exchange.frames`).
    from inspection.exchange.geopackage import shapes_in, write_geopackage  # noqa: PLC0415

    with progress.step("review"):
        if flaws := verify(earlier).flaws:
            raise DisprovedError("report_not_intact", where=flaws[0].file)
        read = from_json(read_canonical(earlier / DOCUMENT))
        source = _source(earlier)
        inspection = reviewed_inspection(read, source, reviewed, past)
    with progress.step("report"), fresh_folder(out) as (desk, _drawer):
        for path in (path for kept in KEPT for path in sorted(earlier.glob(kept))):
            _keep(path, desk / path.relative_to(earlier))
        document = as_json(inspection)
        (desk / DOCUMENT).write_bytes(canonical_bytes(document))
        (desk / "findings.geojson").write_bytes(canonical_bytes(findings_geojson(document)))
        drawn = shapes_in(earlier / "inspection.gpkg")
        write_geopackage(
            desk / "inspection.gpkg",
            document,
            crs=drawn.crs,
            boundary=drawn.boundary,
            unobserved=drawn.unobserved,
            seen=drawn.seen,
        )
        issue(inspection, pictures=desk, out=desk, language=inspection.language)
        write_manifest(
            desk,
            inspection_id=inspection.id,
            created_at=inspection.created_at,
            inputs=[_of(one) for one in inspection.sources],
            parameters=inspection.parameters,
            software=inspection.software,
        )


def reviewed_inspection(
    read: Inspection, source: Source, reviewed: Reviewed, past: Sequence[PastReport]
) -> Inspection:
    """
    The document as the new report states it: nothing that was measured is changed.

    Answers, limits and next steps are those of what people let count.
    """
    places = [one.version for one in past if one.sha256 == source.sha256]
    if not places:
        raise RefusedError("report_not_on_record")
    return replace(
        restated(read, reviewed),
        created_at=reviewed.decision.at,
        record=RecordNote(
            state=reviewed.decision.outcome,
            version=len(past) + 1,
            supersedes=past[-1].sha256,
            history=list(past),
        ),
        sources=[*read.sources, SourceNote(**asdict(source), date=read.created_at)],
        software=software(),
        review=ReviewNote(
            decision=reviewed.decision,
            findings=reviewed.findings,
            added=reviewed.added,
            of=ReviewedReport(
                sha256=source.sha256,
                version=places[0],
                created_at=read.created_at,
                software=read.software,
            ),
            counts=_counts(reviewed),
            areas_ha=_areas(read, reviewed),
        ),
    )


def _counts(reviewed: Reviewed) -> ReviewCounts:
    outcomes = [one.outcome for one in reviewed.findings]
    return ReviewCounts(
        accepted=outcomes.count("accepted"),
        rejected=outcomes.count("rejected"),
        edited=outcomes.count("edited"),
        added=len(reviewed.added),
    )


def _areas(read: Inspection, reviewed: Reviewed) -> ReviewedAreas:
    """Ground that is disturbed by what counts: as it was found, or as people state it."""
    counted = counting(read.findings, reviewed)
    return Yardstick.of(read).areas(one.vertices for one in counted if one.epoch != "recovered")


def _source(earlier: Path) -> Source:
    path = earlier / DOCUMENT
    return Source(role=REVIEWED, name=DOCUMENT, sha256=sha256_of(path), size=path.stat().st_size)


def _of(note: SourceNote) -> Source:
    return Source(role=note.role, name=note.name, sha256=note.sha256, size=note.size)


def _keep(path: Path, place: Path) -> None:
    """Give a file a second name: it is not changed, and may be large."""
    if path.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, place)
