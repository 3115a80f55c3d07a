"""What people let count of an inspection, as statistics have it: what they rejected does not."""

from threading import Event

import pytest
from sqlalchemy import select

from inspection.jobs.counted import count_decided, note_counted
from inspection.records.tables.inspections import (
    DecisionOutcome,
    Finding,
    InspectionRun,
    ReviewOutcome,
)
from inspection.records.tables.reports import Reissue
from inspection.review.deciding import Verdict, decide
from inspection.review.speaking import Word, speak
from inspection.review.standing import standing_of
from inspection.statistics.ground import grounds
from tests.inspection.jobs.done import put

REJECTED = Word(outcome=ReviewOutcome.REJECTED, reason_code="shadow", note="a cloud's")


@pytest.mark.parametrize("outcome", [DecisionOutcome.APPROVED, DecisionOutcome.DECLINED])
def test_what_reviewers_rejected_is_no_disturbed_ground(place, outcome) -> None:
    world, objects = place.world, place.objects
    run = place.submit(place.subject("A"))
    put(world.records, objects, world.here, run)
    measured = place.row(run).ledger_ha
    assert measured["new"] > 0.08
    with world.records.writing(world.here) as session:
        (finding,) = session.scalars(select(Finding))
        speak(session, objects, finding, REJECTED, by=world.reviewer)
    count_decided(world.records, objects, Event())
    assert place.row(run).counted_ha is None, "nobody decided yet"
    with world.records.reading(world.here) as session:
        assert grounds(session).total.ground.new_ha == measured["new"]
    with world.records.writing(world.here) as session:
        seen = standing_of(session, run).sha256
        verdict = Verdict(outcome=outcome, note="no", reviews_sha256=seen)
        decide(session, session.get_one(InspectionRun, run), verdict, by=world.reviewer)
    count_decided(world.records, objects, Event())
    counted = place.row(run).counted_ha
    with world.records.reading(world.here) as session:
        total = grounds(session).total
    if outcome is DecisionOutcome.DECLINED:
        assert (counted, total.permits) == (None, 0)
        with world.records.writing(world.here) as session:  # as its own report is written
            note_counted(session, objects, session.scalars(select(Reissue)).one())
        assert place.row(run).counted_ha is None
        return
    # The ledger counts by pixels: of the one finding nothing is left but what rounding makes.
    assert counted["new"] < 0.001
    assert counted["permit"] == measured["permit"]
    moved = measured["new"] - counted["new"]
    assert counted["undisturbed"] == pytest.approx(measured["undisturbed"] + moved, abs=1e-5)
    assert counted["not_observed"] == measured["not_observed"]
    assert (total.ground.new_ha, total.undecided) == (counted["new"], 0)
    assert place.row(run).ledger_ha == measured, "what was measured stays"
