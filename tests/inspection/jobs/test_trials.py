"""Published results tried under other rules: what would change, and that nothing else does."""

import csv
import io
import signal

import pytest
from sqlalchemy import func, select

from geo.errors import RefusedError
from inspection.jobs.submission import cancel
from inspection.jobs.trial_table import csv_of, rows_of
from inspection.jobs.trial_turns import begin_trials
from inspection.jobs.trials import TrialWanted, cancel_trial, try_rules
from inspection.jobs.tried_rules import own_rules
from inspection.jobs.trying import Trying
from inspection.jobs.workshop import Workshop
from inspection.profiles.profile import read_profile
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.inspections import (
    Finding,
    InspectionRun,
    InspectionState,
    ReviewState,
)
from inspection.records.tables.reports import Report
from inspection.records.tables.surveys import SurveyedGround
from inspection.records.tables.trials import Trial, TrialItem, TrialState
from tests.inspection.jobs.done import put

RECORD = (InspectionRun, Report, Finding, SurveyedGround, OutboxMessage)
RULES = """
name = "stricter"
title = "As generic, but hard to please with how flights meet"
version = "2026-12-01"
extends = "generic"

[registration]
limit_m = 0.001
limit_px = 0.001
"""


@pytest.fixture
def published(place):
    """An inspection that is done, made by the rules of everybody."""
    run = place.submit(place.subject("A"))
    put(place.world.records, place.objects, place.world.here, run)
    return run


def wanted(place, **more) -> Trial:
    world = place.world
    with world.records.writing(world.here) as session:
        return try_rules(session, TrialWanted(**{"rules": RULES, **more}), by=world.inspector)


def items(place) -> list[TrialItem]:
    with place.world.records.reading_all() as session:
        return list(session.scalars(select(TrialItem).order_by(TrialItem.position)))


def stands(place) -> tuple:
    """All that the record and the store hold of results."""
    with place.world.records.reading_all() as session:
        rows = [session.scalar(select(func.count()).select_from(kind)) for kind in RECORD]
        runs = [
            (one.document_sha256, one.ledger_ha, one.state)
            for one in session.scalars(select(InspectionRun).order_by(InspectionRun.id))
        ]
    kept = sorted(path.name for path in (place.home / "objects").rglob("*") if path.is_file())
    return rows, runs, kept


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_worker_says_what_would_change_and_publishes_nothing(place, published) -> None:
    before = stands(place)
    wanted(place)
    assert [one.state for one in items(place)] == [TrialState.WAITING]
    # Killed while its child runs, it is done by the next one.
    with place.worker(die_at="trial.running") as worker:
        assert worker.wait(180) == -signal.SIGKILL, place.said()
    with place.worker() as worker:
        place.until(lambda: place.passed()["trial.tidied"] == 1, seconds=240)
        assert worker.poll() is None
    (one,) = items(place)
    assert (one.state, one.problem, one.inspection_id) == (TrialState.DONE, None, published)
    assert (one.before["profile"], one.after["profile"]) == ("generic", "stricter")
    assert one.before["software"] == one.after["software"]
    others = [q for q in one.before["answers"] if differs(one, q)]
    assert "comparable" in others
    assert "observed" not in others
    assert one.changes == len(others)
    assert (one.before["ledger_ha"]["new"] or 0) > 0
    assert one.after["ledger_ha"]["new"] is None
    ((line, *_), told) = rows_of([(one, "=A1")]), csv_of(rows_of([(one, "=A1")]))
    assert (line["row"], line["state"], line["other_version"]) == (1, "done", False)
    table = list(csv.DictReader(io.StringIO(told)))
    assert {(r["question"], r["before"], r["after"], r["changes"]) for r in table} >= {
        ("comparable", "pass", "fail", "yes"),
        ("observed", "pass", "pass", "no"),
        ("recovered_ha", "", "", "yes"),
    }
    assert {r["permit"] for r in table} == {"'=A1"}
    assert stands(place) == before
    assert not list((place.home / "jobs").iterdir())


def differs(one: TrialItem, question: str) -> bool:
    was, will = one.before["answers"][question], one.after["answers"][question]
    return was["verdict"] != will["verdict"]


def test_none_begins_while_an_inspection_waits_and_what_was_given_up_stays_so(
    place, published
) -> None:
    records = place.world.records
    trial = wanted(place)
    waiting = place.submit(place.subject("B"))
    assert begin_trials(records, 4) == []
    with records.writing(place.world.here) as session:
        cancel(session, waiting, by=place.world.inspector)
    for taken in (0, -1):  # more may run than there are places, where these were lessened
        assert begin_trials(records, taken) == []
    (begun,) = begin_trials(records, 4)
    assert begun == (place.world.here, items(place)[0].id)
    assert begin_trials(records, 4) == []
    with records.writing(place.world.here) as session:
        row = session.get_one(Trial, trial.id)
        assert cancel_trial(session, row, by=place.world.inspector) == 1
        assert cancel_trial(session, row, by=place.world.inspector) == 0
    shop = Workshop(records=records, objects=place.objects, folder=place.home / "jobs")
    trying, named = Trying(workshop=shop), [str(one) for one in begun]
    assert trying.attempt(*named, 1)["state"] == TrialState.CANCELLED
    assert trying.keep(*named, {})["state"] == TrialState.CANCELLED
    assert trying.close(*named, "failed", {"code": "disk_full"}) == TrialState.CANCELLED
    assert published == items(place)[0].inspection_id


def test_the_newest_result_of_each_permit_is_tried_unless_declined(place) -> None:
    world = place.world
    subjects = [place.subject(name) for name in ("North 1", "North 2", "South 1")]
    runs = []
    for number, subject in enumerate([*subjects, subjects[0], subjects[1]]):
        runs.append(place.submit(subject))
        with world.records.writing(world.here) as session:
            row = session.get_one(InspectionRun, runs[-1])
            row.state, row.document_sha256 = InspectionState.DONE, f"{number:064}"
    with world.records.writing(world.here) as session:
        session.get_one(InspectionRun, runs[4]).review = ReviewState.DECLINED
    place.submit(place.subject("Waiting"))
    for words, found in (("North", [1, 3]), (None, [1, 2, 3]), ("south", [2])):
        trial = wanted(place, rules=None, profile="india-ibm-34a", words=words)
        tried = [one for one in items(place) if one.trial_id == trial.id]
        assert [one.inspection_id for one in tried] == [runs[number] for number in found]
        assert {one.request["profile"] for one in tried} == {"india-ibm-34a"}
        assert place.row(runs[found[0]]).request["profile"] == "generic"
    with world.records.reading(world.there) as session:
        assert session.scalars(select(TrialItem)).all() == []
    # The first of every trial comes before the second of any.
    with world.records.writing_all() as session:
        for run in session.scalars(select(InspectionRun)):
            run.state = InspectionState.CANCELLED
    turns = [job for _, job in begin_trials(world.records, 3)]
    assert {one.position for one in items(place) if one.id in turns} == {0}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"rules": "name = "}, "profile_unreadable"),
        ({"rules": 'extends = "/etc/other.toml"'}, "profile_unknown"),
        ({"rules": 'extends = "../generic"'}, "profile_unknown"),
        ({"rules": RULES + "limt_m = 1.0\n"}, "profile_value_unknown"),
        ({"rules": None, "profile": "nobody"}, "profile_unknown"),
        ({"words": "no such permit"}, "trial_nothing_published"),
    ],
)
def test_rules_that_are_none_start_nothing(place, published, given, code) -> None:
    with pytest.raises(RefusedError) as refused:
        wanted(place, **given)
    assert refused.value.code == code
    assert items(place) == []
    assert place.row(published).state == "done"


def test_rules_extend_no_file_of_this_machine(tmp_path) -> None:
    file = tmp_path / "of-the-service.toml"
    file.write_text(RULES)
    assert read_profile(str(file)).name == "stricter", "there it is, and whole"
    with pytest.raises(RefusedError) as refused:
        own_rules(RULES.replace('"generic"', f'"{file}"'))
    assert refused.value.code == "profile_unknown"
