"""Reports attached to the record: once, decided, in force, and told of in the same transaction."""

import json
import threading
from collections import Counter

import pytest
from sqlalchemy import select

from inspection.delivery.attaching import attach
from inspection.errors import ConflictError
from inspection.objects.folder import FolderObjects
from inspection.records.proceedings import proceedings
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.inspections import Decision, DecisionOutcome
from inspection.records.tables.reports import Receipt, Report
from tests.inspection.records.filed import file_report, inspected_permit

APPROVED, RETURNED, DECLINED = (
    DecisionOutcome.APPROVED,
    DecisionOutcome.RETURNED,
    DecisionOutcome.DECLINED,
)


@pytest.fixture
def objects(tmp_path):
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def filed(world, objects):
    """Puts the next report of an inspection on the record; of a new one, unless one is given."""

    def put(outcome, run=None):
        with world.records.writing(world.here) as session:
            of = run or inspected_permit(session, objects, by=world.inspector)
            decided = {"outcome": outcome, "decided_by": world.reviewer}
            return file_report(session, objects, of, **decided), of

    return put


def attached(world, report):
    with world.records.writing(world.here) as session:
        mine = session.get_one(Report, report.id)
        return attach(session, mine, by=world.reviewer, role="reviewer")


def rows(world, kind):
    with world.records.reading(world.here) as session:
        return session.scalars(select(kind).order_by(kind.id)).all()


def deeds(world, action):
    with world.records.reading(world.here) as session:
        asked = select(AuditEvent).where(AuditEvent.action == action)
        return [json.loads(one.content) for one in session.scalars(asked)]


def test_twenty_at_once_get_the_one_receipt(world, filed):
    report, _ = filed(APPROVED)
    given, begin = [], threading.Barrier(20)

    def go():
        begin.wait()
        given.append(attached(world, report))

    threads = [threading.Thread(target=go) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 20
    assert Counter(one.is_new for one in given) == {True: 1, False: 19}
    assert len({json.dumps(one.receipt.document, sort_keys=True) for one in given}) == 1
    (receipt,), (message,) = rows(world, Receipt), rows(world, OutboxMessage)
    assert message.payload == {"receipt": receipt.document, "report_id": str(report.id)}
    (event,) = deeds(world, "report.attached")
    assert event["actor"] == str(world.reviewer)
    assert event["facts"]["receipt"] == receipt.document["number"]


def test_a_receipt_says_what_was_attached_and_by_which_role(world, filed):
    report, run = filed(DECLINED)
    document = attached(world, report).receipt.document
    at = document.pop("attached_at")
    assert at == document["decision"].pop("at")[:10] + at[10:]
    assert document == {
        "schema": "tinjau.receipt/1",
        "number": "bandung-000001",
        "by_role": "reviewer",
        "office": "bandung",
        "permit": {"id": str(run.permit_id), "reference": document["permit"]["reference"]},
        "report": {
            "id": str(report.id),
            "sequence": 1,
            "sha256": report.sha256,
            "code": "-".join(report.sha256[i : i + 4].upper() for i in (0, 4, 8, 12)),
            "inspection": "TJ-TEST",
        },
        "decision": {"outcome": "declined"},
    }
    assert str(world.reviewer) not in json.dumps(document)


def test_receipts_are_counted_without_gaps_however_many_at_once(world, filed):
    reports = [filed(APPROVED)[0] for _ in range(8)]
    threads = [threading.Thread(target=attached, args=(world, one)) for one in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.number for one in rows(world, Receipt)) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("outcome", [None, RETURNED])
def test_what_nobody_decided_is_not_attached(world, filed, outcome):
    report, _ = filed(outcome)
    with pytest.raises(ConflictError, match="report_not_decided"):
        attached(world, report)
    assert rows(world, Receipt) == rows(world, OutboxMessage) == []


def test_while_the_report_of_a_decision_is_written_it_says_so(world, filed):
    report, _ = filed(None)
    with world.records.writing(world.here) as session:
        session.add(
            Decision(
                inspection_id=report.inspection_id,
                submitted_by=world.inspector,
                decided_by=world.reviewer,
                outcome=APPROVED,
                note="",
                reviews_sha256="0" * 64,
            )
        )
    with pytest.raises(ConflictError, match="report_being_written"):
        attached(world, report)
    attached(world, filed(APPROVED)[0])
    assert len(rows(world, Receipt)) == 1


def test_a_superseded_report_is_not_attached_but_keeps_the_receipt_it_has(world, filed):
    first, run = filed(None)
    second, _ = filed(APPROVED, run)
    with pytest.raises(ConflictError, match="report_superseded") as told:
        attached(world, first)
    assert told.value.facts == {"sequence": 2}
    before = attached(world, second)
    filed(None, run)
    again = attached(world, second)
    assert (again.is_new, again.receipt.id) == (False, before.receipt.id)


def test_what_failed_tells_nobody(world, filed):
    report, _ = filed(APPROVED)
    with pytest.raises(ZeroDivisionError), world.records.writing(world.here) as session:
        mine = session.get_one(Report, report.id)
        attach(session, mine, by=world.reviewer, role="reviewer")
        session.flush()
        raise ZeroDivisionError
    assert rows(world, Receipt) == rows(world, OutboxMessage) == []
    assert deeds(world, "report.attached") == []
    assert attached(world, report).receipt.number == 1


def test_a_permit_s_proceedings_hold_all_that_followed_on_it(world, filed):
    report, run = filed(APPROVED)
    other, _ = filed(APPROVED)
    attached(world, report)
    attached(world, other)
    with world.records.reading(world.here) as session:
        then = proceedings(session, run.permit_id)
    assert [one.permit_id for one in then.flights] == [run.permit_id]
    assert [one.id for one in then.decisions] == [report.decision_id]
    assert [one.report_id for one in then.receipts] == [report.id]
    assert (then.reviews, then.objections) == ([], [])
