"""What people make of findings: words that stay, and a decision that knows which it saw."""

import threading
from dataclasses import replace

import pytest

from geo.errors import RefusedError
from inspection.errors import ConflictError
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    Finding,
    InspectionRun,
    Review,
    ReviewOutcome,
    ReviewState,
)
from inspection.records.tables.reports import Reissue, ReissueState, Report
from inspection.report.scene import polygons
from inspection.review.adding import Epoch, GroundClass, Seen, add
from inspection.review.deciding import write_again

ACCEPTED, REJECTED, EDITED = ReviewOutcome
APPROVED, RETURNED, DECLINED = DecisionOutcome


def add_road(done, outline) -> Finding:
    seen = Seen(outline=outline, ground_class=GroundClass.ROAD, epoch=Epoch.STANDING, note="a road")
    with done.writing() as session:
        run = session.get_one(InspectionRun, done.run)
        return add(session, done.objects, run, seen, by=done.world.reviewer)


def code_of(raised) -> str:
    return raised.value.code


def test_the_last_word_counts_and_those_before_it_stay(done):
    before = done.finding()
    first = done.speak(REJECTED, reason_code="shadow", note="dark")
    second = done.speak(ACCEPTED)
    assert [(one.id, one.sequence) for one in done.all(Review)] == [(first.id, 1), (second.id, 2)]
    standing = done.standing()
    assert (standing.open, standing.count(ACCEPTED), standing.count(REJECTED)) == (0, 1, 0)
    assert done.finding().document == before.document


def test_who_knows_another_last_word_is_told_and_nothing_is_said(done):
    done.speak(ACCEPTED, expects=0)
    for expects, code in ((0, "word_not_the_last"), (2, "word_before_lost")):
        with pytest.raises(ConflictError) as refused:
            done.speak(REJECTED, reason_code="shadow", expects=expects)
        assert code_of(refused) == code
        assert refused.value.facts["finding"] == done.finding().code
    assert [one.outcome for one in done.all(Review)] == [ACCEPTED]
    done.speak(REJECTED, reason_code="shadow", expects=1)
    done.speak(ACCEPTED)
    assert [one.outcome for one in done.all(Review)] == [ACCEPTED, REJECTED, ACCEPTED]


def test_a_rejection_has_a_known_reason_and_the_vague_one_a_note(done):
    for word, code in (
        ({}, "reason_unknown"),
        ({"reason_code": "bad_day"}, "reason_unknown"),
        ({"reason_code": "other", "note": " \n"}, "note_needed"),
    ):
        with pytest.raises(RefusedError) as refused:
            done.speak(REJECTED, **word)
        assert code_of(refused) == code
    done.speak(REJECTED, reason_code="other", note="a festival's tents")
    assert done.all(Review)[0].reason_code == "other"


def test_an_edit_is_measured_and_the_finding_keeps_its_own_values(done):
    finding = done.finding()
    with pytest.raises(RefusedError) as refused:
        done.speak(EDITED)
    assert code_of(refused) == "edit_empty"
    by_class = done.speak(EDITED, ground_class="excavation").edit
    own = {name: finding.document[name] for name in by_class}
    assert by_class == own | {"class": "excavation"}
    outline = done.square(20, 20, 20)
    by_outline = done.speak(EDITED, outline=outline).edit
    assert by_outline["class"] == finding.ground_class
    assert by_outline["area_m2"] == pytest.approx(400, rel=0.02)
    parts = [by_outline[f"area_{part}_m2"] for part in ("inside", "uncertain", "outside")]
    assert sum(parts) == pytest.approx(by_outline["area_m2"], abs=0.005)
    assert done.finding().document == finding.document


def test_an_edit_that_changes_nothing_is_refused(done):
    own = polygons(done.finding().document["vertices"])
    edge = own.segmentize(1e-5)  # more corners of the same line
    for word in ({"outline": own}, {"outline": edge}, {"ground_class": "vegetation_clearing"}):
        with pytest.raises(RefusedError) as refused:
            done.speak(EDITED, **word)
        assert code_of(refused) == "edit_changes_nothing"
    smaller = done.square(20, 20, 20)
    done.speak(EDITED, outline=smaller)
    with pytest.raises(RefusedError) as refused:
        done.speak(EDITED, outline=smaller)
    assert code_of(refused) == "edit_changes_nothing"
    done.speak(EDITED, outline=done.square(20, 20, 20.2))
    done.speak(ACCEPTED)
    done.speak(EDITED, outline=smaller, ground_class="excavation")
    assert len(done.all(Review)) == 4


def test_a_finding_added_by_hand_counts_and_says_whose_it_is(done):
    added = add_road(done, done.square(20, 20, 15))
    row = done.row(Finding, added.id)
    assert (row.code, row.added_by, row.document["class"]) == ("H001", done.world.reviewer, "road")
    assert row.area_m2 == pytest.approx(225, rel=0.03)
    standing = done.standing()
    assert [one.code for one in standing.findings] == ["F001", "H001"]
    assert [one.note for one in done.all(Review)] == ["a road"]
    done.speak(REJECTED, of=row.id, reason_code="duplicate")
    assert done.standing().count(REJECTED) == 1


def test_a_decision_waits_for_an_outcome_of_every_finding_but_one_that_returns(done):
    for outcome in (APPROVED, DECLINED):
        with pytest.raises(ConflictError) as refused:
            done.decide(outcome)
        assert (code_of(refused), refused.value.facts) == ("findings_open", {"count": 1})
    done.decide(RETURNED)
    assert done.row(InspectionRun, done.run).review is ReviewState.RETURNED
    assert done.all(Reissue) == []
    done.speak(ACCEPTED)  # nothing is closed by it
    decision = done.decide(APPROVED)
    assert done.row(InspectionRun, done.run).review is ReviewState.APPROVED
    (reissue,) = done.all(Reissue)
    assert (reissue.state, reissue.decision_id) == (ReissueState.WAITING, decision.id)
    assert reissue.report_id == done.all(Report)[0].id
    told = reissue.review
    assert told["decision"]["by"] == {"name": "reviewer", "role": "reviewer"}
    assert told["decision"]["reviews_sha256"] == done.standing().sha256
    assert [one["outcome"] for one in told["findings"]] == ["accepted"]


def test_what_asks_for_a_reason_has_one(done):
    done.speak(ACCEPTED)
    for outcome in (RETURNED, DECLINED):
        with pytest.raises(RefusedError) as refused:
            done.decide(outcome, note="  ")
        assert code_of(refused) == "note_needed"
    done.decide(APPROVED, note="")


def test_a_decision_knows_the_words_it_saw(done):
    done.speak(ACCEPTED)
    looked = done.standing().sha256
    done.speak(REJECTED, reason_code="season")
    with pytest.raises(ConflictError) as refused:
        done.decide(APPROVED, seen=looked)
    assert code_of(refused) == "reviews_changed"
    assert done.all(Decision) == []
    done.decide(APPROVED)


def test_a_decision_knows_that_a_colleague_gave_the_case_back(done):
    done.speak(ACCEPTED)
    looked = done.standing().sha256
    done.decide(RETURNED)
    with pytest.raises(ConflictError) as refused:
        done.decide(APPROVED, seen=looked)
    assert code_of(refused) == "reviews_changed"
    assert done.row(InspectionRun, done.run).review is ReviewState.RETURNED
    done.decide(APPROVED)


def test_once_decided_the_review_is_closed(done):
    done.speak(ACCEPTED)
    done.decide(DECLINED)
    with pytest.raises(ConflictError) as refused:
        done.speak(REJECTED, reason_code="shadow")
    assert code_of(refused) == "review_closed"
    with pytest.raises(ConflictError) as refused:
        add_road(done, done.square(20, 20, 20))
    assert code_of(refused) == "review_closed"
    with pytest.raises(ConflictError) as refused:
        done.decide(RETURNED)
    assert code_of(refused) == "review_closed"
    assert len(done.all(Review)) == 1


def test_what_has_no_result_is_not_reviewed(done, waiting):
    with done.writing() as session:
        first = session.get_one(InspectionRun, waiting)
        other = InspectionRun(
            permit_id=first.permit_id,
            boundary_id=first.boundary_id,
            current_id=first.current_id,
            submitted_by=first.submitted_by,
            request={},
        )
        session.add(other)
    with pytest.raises(ConflictError) as refused:
        replace(done, run=other.id).decide(RETURNED)
    assert code_of(refused) == "review_not_yet"


def test_of_two_decisions_at_once_one_stands(done):
    done.speak(ACCEPTED)
    looked, together = done.standing().sha256, threading.Barrier(2, timeout=30)
    ended = []

    def decide(outcome) -> None:
        together.wait()
        try:
            done.decide(outcome, seen=looked)
            ended.append("stands")
        except ConflictError as error:
            ended.append(error.code)

    threads = [threading.Thread(target=decide, args=(one,)) for one in (APPROVED, DECLINED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ended) == ["review_closed", "stands"]
    assert len(done.all(Decision)) == len(done.all(Reissue)) == 1


def test_a_word_and_a_decision_at_once_follow_one_another(done):
    done.speak(ACCEPTED)
    looked, together = done.standing().sha256, threading.Barrier(2, timeout=30)
    ended = {}

    def act(name, what) -> None:
        together.wait()
        try:
            what()
            ended[name] = "done"
        except ConflictError as error:
            ended[name] = error.code

    acts = {
        "word": lambda: done.speak(REJECTED, reason_code="cloud"),
        "decision": lambda: done.decide(APPROVED, seen=looked),
    }
    threads = [threading.Thread(target=act, args=one) for one in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ended in (
        {"word": "done", "decision": "reviews_changed"},
        {"word": "review_closed", "decision": "done"},
    )


def test_only_a_report_that_could_not_be_written_is_put_in_line_again(done):
    done.speak(ACCEPTED)
    done.decide(APPROVED)
    (reissue,) = done.all(Reissue)
    with pytest.raises(ConflictError) as refused, done.writing() as session:
        write_again(session, session.get_one(Reissue, reissue.id), by=done.world.reviewer)
    assert code_of(refused) == "reissue_not_failed"
    with done.writing() as session:
        session.get_one(Reissue, reissue.id).state = ReissueState.FAILED
    with done.writing() as session:
        write_again(session, session.get_one(Reissue, reissue.id), by=done.world.reviewer)
    again = done.row(Reissue, reissue.id)
    assert (again.state, again.attempt) == (ReissueState.WAITING, 2)
