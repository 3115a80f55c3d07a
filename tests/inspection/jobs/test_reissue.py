"""A report written again with its decision: by a worker, whatever kills it, and behind others."""

import json
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from geo.intake.digest import sha256_of
from inspection.errors import Interrupted
from inspection.evidence.verify import verify
from inspection.jobs import keeping
from inspection.jobs.child import PAST
from inspection.jobs.ending import WHOLE
from inspection.jobs.reissues import begin_reissues
from inspection.jobs.rewriting import CHILD, Rewriting
from inspection.jobs.submission import take_turns
from inspection.jobs.workshop import Workshop
from inspection.ports import Unwatched
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.inspections import (
    DecisionOutcome,
    Finding,
    InspectionRun,
    ReviewOutcome,
)
from inspection.records.tables.reports import Receipt, Reissue, ReissueState, Report
from inspection.reissue import reissue
from inspection.review.deciding import Verdict, decide, write_again
from inspection.review.speaking import Word, speak
from inspection.review.standing import standing_of
from inspection.review_note import REVIEWED
from tests.inspection.jobs.done import put

DIES = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
POINTS = ("reissue.made", "reissue.keeping", "reissue.kept", "reissue.closed")
"""Where a job is killed: in and right after each durable step; while its child runs, see below."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """An inspection that was decided, whose report waits to be written again."""

    place: object
    run: UUID

    def rows(self, kind) -> list:
        with self.place.world.records.reading(self.place.world.here) as session:
            return session.scalars(select(kind).order_by(kind.created_at, kind.id)).all()

    def reissue(self) -> Reissue:
        return self.rows(Reissue)[0]

    def wait(self, worker, state: ReissueState) -> Reissue:
        def ended() -> bool:
            assert worker.poll() is None, self.place.said()
            return self.reissue().state is state

        self.place.until(ended)
        return self.reissue()

    def by_steps(self, child=CHILD) -> Reissue:
        """What becomes of it in the steps that a worker takes, once each."""
        world, job = self.place.world, str(self.reissue().id)
        shop = Workshop(
            records=world.records, objects=self.place.objects, folder=self.place.home / "jobs"
        )
        assert [str(one[1]) for one in begin_reissues(world.records, 1)] == [job]
        rewriting, office = Rewriting(workshop=shop, child=child), str(world.here)
        ending = rewriting.write(office, job, 1)
        if ending["state"] == WHOLE:
            ending = rewriting.keep(office, job, ending["files"])
        rewriting.close(office, job, ending["state"], ending["problem"])
        rewriting.tidy(job)
        return self.reissue()

    def folder(self, report: Report, at: Path) -> Path:
        """The files of a report, taken from the store."""
        for name, sha256 in report.files.items():
            path = at / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(self.place.objects.stream(sha256)))
        return at


@pytest.fixture
def decided(place) -> Decided:
    world = place.world
    run = place.submit(place.subject("A"))
    put(world.records, place.objects, world.here, run)
    with world.records.writing(world.here) as session:
        (finding,) = session.scalars(select(Finding))
        word = Word(outcome=ReviewOutcome.EDITED, ground_class="excavation", note="a pit")
        speak(session, place.objects, finding, word, by=world.reviewer)
    with world.records.writing(world.here) as session:
        row = session.get_one(InspectionRun, run)
        seen = standing_of(session, run).sha256
        verdict = Verdict(outcome=DecisionOutcome.APPROVED, note="", reviews_sha256=seen)
        decide(session, row, verdict, by=world.reviewer)
    return Decided(place=place, run=run)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_who_is_taken_for_dead_writes_nothing_of_a_report(decided) -> None:
    world, job = decided.place.world, str(decided.reissue().id)
    begin_reissues(world.records, 1)
    shop = Workshop(
        records=world.records,
        objects=decided.place.objects,
        folder=decided.place.home / "jobs",
        is_present=lambda _session: False,
    )
    with pytest.raises(Interrupted):
        Rewriting(workshop=shop).close(str(world.here), job, "failed", {"code": "disk_full"})
    with pytest.raises(Interrupted):
        Rewriting(workshop=shop).keep(str(world.here), job, {"inspection.json": "0" * 64})
    assert decided.reissue().state is ReissueState.RUNNING


@pytest.mark.parametrize("kind", ["sqlite"])
def test_killed_at_every_point_it_comes_out_as_if_undisturbed(decided, tmp_path) -> None:
    place = decided.place
    for point in POINTS:
        with place.worker(die_at=point) as worker:
            assert worker.wait(180) == -signal.SIGKILL, (point, place.said())
        place.until(lambda: not place.children())
    with place.worker() as worker:
        place.until(lambda: place.passed()["reissue.tidied"] == 1)
        assert worker.poll() is None
    assert not list((place.home / "jobs").iterdir())
    assert decided.reissue().state is ReissueState.DONE
    # Each step is done once more for each time that the worker was killed in it, and never again.
    assert place.passed() == Counter({
        "reissue.running": place.passed()["reissue.running"],
        "inspect.storing": place.passed()["inspect.storing"],
        "reissue.made": 2,
        "reissue.ended": 1,
        "reissue.keeping": 3,
        "reissue.kept": 2,
        "reissue.closed": 2,
        "reissue.tidied": 1,
    })  # fmt: skip

    first, second = decided.rows(Report)
    assert (second.sequence, second.supersedes_id) == (2, first.id)
    assert second.decision_id == decided.reissue().decision_id
    earlier = decided.folder(first, tmp_path / "earlier")
    again = decided.folder(second, tmp_path / "again")
    for folder in (earlier, again):
        assert verify(folder).flaws == ()
    with place.world.records.reading(place.world.here) as session:
        past = keeping.reports_before(session, place.objects, first.permit_id)[:1]
    undisturbed = tmp_path / "undisturbed"
    asked = REVIEWED.validate_python(decided.reissue().review)
    reissue(earlier, asked, PAST.validate_python(past), out=undisturbed, progress=Unwatched())
    assert second.files == {name: sha256_of(undisturbed / name) for name in second.files}
    assert place.deeds()[-2:] == ["decided", "report.reissued"]


def test_it_is_attached_with_it_where_whoever_decided_asked_for_that(decided) -> None:
    world = decided.place.world
    with world.records.writing(world.here) as session:
        session.get_one(Reissue, decided.reissue().id).is_to_attach = True
    assert decided.by_steps().state is ReissueState.DONE
    _, report = decided.rows(Report)
    (receipt,) = decided.rows(Receipt)
    assert (receipt.report_id, receipt.attached_by) == (report.id, world.reviewer)
    assert receipt.document["report"]["sha256"] == report.sha256
    assert receipt.document["by_role"] == "reviewer"
    assert decided.place.deeds()[-2:] == ["report.reissued", "report.attached"]
    assert [one.kind for one in decided.rows(OutboxMessage)] == ["report.attached"]
    # It was called by another name, and counts as it was measured.
    run = decided.place.row(decided.run)
    assert run.counted_ha == run.ledger_ha


@pytest.mark.parametrize("kind", ["postgresql"])  # SQLite serves one worker
def test_another_worker_writes_what_a_dead_one_began(decided, tmp_path) -> None:
    place = decided.place
    with place.worker(die_at="reissue.running") as first:
        assert first.wait(120) == -signal.SIGKILL
    with place.worker() as second:
        decided.wait(second, ReissueState.DONE)
    _, report = decided.rows(Report)
    document = json.loads(b"".join(place.objects.stream(report.sha256)))
    assert document["review"]["findings"][0]["values"]["class"] == "excavation"
    assert verify(decided.folder(report, tmp_path / "again")).flaws == ()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_report_that_is_damaged_is_not_written_again_until_it_is_mended(decided) -> None:
    place, report = decided.place, decided.rows(Report)[0]
    damaged = next((place.home / "objects").rglob(report.files["change.tif"]))
    whole = damaged.read_bytes()
    damaged.chmod(0o600)
    damaged.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    row = decided.by_steps(child=DIES)  # it is not even begun
    assert (row.problem["code"], row.problem["file"]) == ("object_damaged", "change.tif")
    assert (row.state, place.deeds()[-1]) == (ReissueState.FAILED, "report.failed")
    assert len(decided.rows(Report)) == 1
    damaged.write_bytes(whole)
    with place.world.records.writing(place.world.here) as session:
        write_again(session, session.get_one(Reissue, row.id), by=place.world.reviewer)
    assert decided.by_steps().state is ReissueState.DONE
    assert len(decided.rows(Report)) == 2


def test_of_one_permit_one_report_is_made_at_a_time(decided) -> None:
    world, run = decided.place.world, decided.run
    with world.records.writing(world.here) as session:
        first = session.get_one(InspectionRun, run)
        other = InspectionRun(
            permit_id=first.permit_id,
            boundary_id=first.boundary_id,
            current_id=first.current_id,
            submitted_by=first.submitted_by,
            request=first.request,
        )
        session.add(other)
    assert [one[1] for one in begin_reissues(world.records, 5)] == [decided.reissue().id]
    assert take_turns(world.records, 5) == []
    with world.records.writing(world.here) as session:
        session.get_one(Reissue, decided.reissue().id).state = ReissueState.WAITING
    assert [one for _, one in take_turns(world.records, 5)] == [other.id]
    assert begin_reissues(world.records, 5) == []
