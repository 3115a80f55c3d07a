"""Ground that counts while people review: as the decided report states it, and as geometry says."""

import json

import pytest
import shapely

from geo.crs import LONLAT, moved_shape
from inspection.model import Source
from inspection.records.tables.inspections import (
    DecisionOutcome,
    Finding,
    InspectionRun,
    ReviewOutcome,
)
from inspection.records.tables.reports import Reissue
from inspection.reissue import reviewed_inspection
from inspection.review.adding import Epoch, GroundClass, Seen, add
from inspection.review.ground import CountedGround, counted_ground
from inspection.review_note import REVIEWED
from inspection.schema import from_json
from inspection.standing import PastReport
from tests.inspection.jobs.done import made
from tests.inspection.jobs.small import EAST, NORTH, UTM

PERMIT = shapely.box(EAST + 20, NORTH - 105, EAST + 110, NORTH - 20)
UNCERTAINTY_M = 5.01
ON_THE_GROUND = 0.9997**-2
"""Square metres of ground for one of the plane of UTM there."""

DRAWN = {
    "new": [(90, 40, 130, 60), (100, 50, 126, 75), (95, 30, 120, 45)],
    "standing": [(85, 55, 112, 70)],
    "recovered": [(80, 40, 125, 80)],
}
"""Rectangles across the line: metres to the east and the south of the flights' corner."""


def box(x0, y0, x1, y1) -> shapely.Polygon:
    return shapely.box(EAST + x0, NORTH - y1, EAST + x1, NORTH - y0)


def draw(done, rectangle, epoch) -> Finding:
    outline = shapely.MultiPolygon([moved_shape(box(*rectangle), source=UTM, target=LONLAT)])
    seen = Seen(
        outline=outline, ground_class=GroundClass.ROAD, epoch=Epoch(epoch), note="seen there"
    )
    with done.writing() as session:
        run = session.get_one(InspectionRun, done.run)
        return add(session, done.objects, run, seen, by=done.world.reviewer)


def counted(done) -> CountedGround:
    with done.world.records.reading(done.world.here) as session:
        return counted_ground(session, done.objects, session.get_one(InspectionRun, done.run))


def hectares(shapes) -> dict[str, float]:
    """Of their union by where it lies, in the plane: no code of the product's."""
    whole = shapely.union_all(list(shapes))
    inner, outer = PERMIT.buffer(-UNCERTAINTY_M), PERMIT.buffer(UNCERTAINTY_M)
    parts = {
        "inside": whole.intersection(inner),
        "uncertain": whole.intersection(outer).difference(inner),
        "outside": whole.difference(outer),
    }
    return {name: part.area * ON_THE_GROUND / 1e4 for name, part in parts.items()}


def as_dict(areas) -> dict[str, float]:
    return {name: getattr(areas, name) for name in ("inside", "uncertain", "outside")}


@pytest.mark.parametrize("kind", ["sqlite"])
def test_overlapping_findings_count_once_as_in_the_decided_report(done) -> None:
    drawn = {epoch: [draw(done, one, epoch) for one in all_] for epoch, all_ in DRAWN.items()}
    before = counted(done)
    own = done.finding().document["vertices"]
    done.speak(ReviewOutcome.REJECTED, reason_code="shadow")
    smaller = box(100, 50, 118, 62)
    edit = shapely.MultiPolygon([moved_shape(smaller, source=UTM, target=LONLAT)])
    done.speak(ReviewOutcome.EDITED, of=drawn["new"][1].id, outline=edit)
    done.speak(ReviewOutcome.REJECTED, of=drawn["new"][2].id, reason_code="duplicate")

    now = counted(done)
    assert now.reviews_sha256 == done.standing().sha256 != before.reviews_sha256
    new = [box(*DRAWN["new"][0]), smaller]
    standing = [box(*one) for one in DRAWN["standing"]]
    assert as_dict(now.new) == pytest.approx(hectares(new), rel=2e-3)
    assert as_dict(now.disturbed) == pytest.approx(hectares([*new, *standing]), rel=2e-3)
    twice = sum(hectares([one])["inside"] for one in (*new, *standing))
    assert now.disturbed.inside < 0.8 * twice, "adding them up counts what they share again"

    # What waited for a word was counted as it was measured.
    found = shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in own])
    found = moved_shape(found, source=LONLAT, target=UTM)
    every = [found, *(box(*one) for one in DRAWN["new"])]
    assert as_dict(before.new) == pytest.approx(hectares(every), rel=2e-3)

    done.decide(DecisionOutcome.APPROVED)
    path = made() / "inspection.json"
    past = PastReport(
        version=1,
        inspection="TJ-1",
        created_at="2026-11-21T03:00:00Z",
        captured_at=None,
        sha256="1" * 64,
        ledger_ha={},
    )
    (reissue,) = done.all(Reissue)
    again = reviewed_inspection(
        from_json(json.loads(path.read_bytes())),
        Source(role="reviewed_report", name=path.name, sha256="1" * 64, size=1),
        REVIEWED.validate_python(reissue.review),
        [past],
    )
    assert as_dict(now.disturbed) == as_dict(again.review.areas_ha), "to the last digit"
    assert counted(done) == now
