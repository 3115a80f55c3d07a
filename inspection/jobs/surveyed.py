"""What a flight showed of permit and ring, laid out by place as the inspection's document says."""

import json
import logging
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Final
from uuid import UUID

import shapely
from shapely import MultiPolygon
from sqlalchemy import Row, exists, select

from geo.area import area_m2
from geo.errors import RefusedError
from geo.partition import less, union
from inspection.degrees import rings
from inspection.document import Inspection
from inspection.objects.store import ObjectStore
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.surveys import SurveyedGround
from inspection.refly.gaps import HECTARE_M2, gaps_of, pieces
from inspection.report.scene import Scene, polygons
from inspection.schema import from_json

SEEN: Final = "S"
_AT_ONCE: Final = 1000

_log = logging.getLogger(__name__)


def surveyed(inspection_id: UUID, inspection: Inspection) -> Iterator[SurveyedGround]:
    """Each gap, and all that was seen as one piece."""
    for gap in gaps_of(inspection).gaps:
        yield SurveyedGround(
            inspection_id=inspection_id,
            code=gap.code,
            ground=gap.where,
            reason=gap.reason,
            area_m2=round(gap.area_ha * HECTARE_M2, 2),
            outline=polygons(gap.vertices),
        )
    scene = Scene.of(inspection)
    seen = MultiPolygon(list(pieces(less(scene.looked_at, union(scene.unseen.values())))))
    if not shapely.is_empty(seen):
        yield SurveyedGround(
            inspection_id=inspection_id,
            code=SEEN,
            area_m2=round(area_m2(seen, scene.crs), 2),
            share=inspection.coverage.observed_share,
            outline=polygons(rings(shapely.orient_polygons(seen), scene.crs)),
        )


def lay_out(records: Records, objects: ObjectStore, stop: Event) -> None:
    """Lay out what was inspected before grounds were kept; a damaged document stays for later."""
    after = UUID(int=0)
    while waiting := _waiting(records, after):
        for office, run_id, sha256 in waiting:
            if stop.is_set():
                return
            _lay_out(records, objects, office, (run_id, sha256))
        after = waiting[-1][1]


def _waiting(records: Records, after: UUID) -> Sequence[Row[UUID, UUID, str | None]]:
    is_kept = exists().where(SurveyedGround.inspection_id == InspectionRun.id)
    asked = select(InspectionRun.office_id, InspectionRun.id, InspectionRun.document_sha256).where(
        InspectionRun.id > after,
        InspectionRun.state == InspectionState.DONE,
        InspectionRun.document_sha256.is_not(None),
        ~is_kept,
    )
    with records.reading_all() as session:
        return session.execute(asked.order_by(InspectionRun.id).limit(_AT_ONCE)).all()


def _lay_out(
    records: Records, objects: ObjectStore, office: UUID, waiting: tuple[UUID, str | None]
) -> None:
    run_id, sha256 = waiting
    try:
        document = json.loads(b"".join(objects.stream(str(sha256))))
    except RefusedError as error:
        _log.warning("what inspection %s saw is not laid out: %s", run_id, error.code)
        return
    grounds = list(surveyed(run_id, from_json(document)))
    with records.writing(office) as session:
        session.add_all(grounds)
