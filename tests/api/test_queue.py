"""The reviewers' queue: by the time that clocks give, then by what a result gives to look at."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import select, update

from inspection.jobs.awaiting import keep_queue
from inspection.records.tables.inspections import InspectionRun, InspectionState, ReviewState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit, PermitKey
from tests.api.web.finished import finish
from tests.inspection.jobs.done import made

DATABASES = ("sqlite", "postgresql")
EVERY_DAY = {str(day): [0, 24 * 60] for day in range(1, 8)}
ALLOWED = 10.0
OUTSIDE, LIMITS, UNCERTAIN, NOT_COMPARABLE, UNSEEN = 16, 8, 4, 2, 1
MIDDAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def reviewer(service):
    with service.as_role("reviewer") as client:
        yield client


@pytest.fixture
def gis(service):
    with service.as_role("gis") as client:
        yield client


@pytest.fixture
def calendar(service):
    """A calendar of which every day is a working day, whole."""
    name = service.next("every day ")
    asked = {"name": name, "time_zone": "UTC", "week": EVERY_DAY}
    with service.as_role("admin") as admin:
        assert admin.put("/api/v1/office/calendars", json=asked).status_code == 200
    return asked


@pytest.fixture
def word(service):
    return f"{service.next('antre')}x"


def waits(service, word, concerns=0, *, review=ReviewState.OPEN, by=None):
    """An inspection that waits for review; its id, and its permit's id and reference."""
    run = service.inspection("here", by=by)
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(InspectionRun, run)
        row.state, row.review, row.rank = InspectionState.DONE, review, -concerns
        permit = session.get_one(Permit, row.permit_id)
        permit.reference = f"{word} {permit.reference}"
        permit.words = permit.reference.casefold()
        session.add(PermitKey(permit_id=permit.id, kind="licence_id", value=permit.reference))
        return str(run), str(permit.id), permit.reference


def begin(client, permit, calendar, *, days=ALLOWED, unit="hours"):
    clock = {"step": "review", "calendar": calendar["name"], "days": days, "unit": unit}
    answer = client.post(f"/api/v1/permits/{permit}/clocks", json=clock)
    assert answer.status_code == 201, answer.text


def tell(client, reference, code, days_ago):
    """What OSS says of a permit: its state at noon of a day."""
    at = f"{MIDDAY - timedelta(days=days_ago):%Y-%m-%d %H:%M:%S}"
    told = [{"IZINSTATUS": {"id_izin": reference, "kd_status": code, "tgl_status": at}}]
    params = {"mapping": "oss-status", "name": "s.json", "dry_run": False}
    done = client.post("/api/v1/permits/imports", params=params, content=json.dumps(told))
    assert done.status_code == 200, done.text


def listed(client, **asked):
    answer = client.get("/api/v1/queue", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def ids(client, **asked):
    return [one["id"] for one in listed(client, **asked)]


def test_what_is_due_first_comes_first_and_of_one_day_the_gravest(
    service, reviewer, gis, calendar, word
) -> None:
    free = waits(service, word)
    grave = waits(service, word, OUTSIDE)
    soon, soon_graver, late = (waits(service, word, one) for one in (UNSEEN, LIMITS, 0))
    for run, started in ((soon, 5), (soon_graver, 5), (late, 12)):
        begin(gis, run[1], calendar)
        tell(gis, run[2], "10", started)
    order = [late[0], soon_graver[0], soon[0], grave[0], free[0]]
    found = listed(reviewer, text=word)
    assert [one["id"] for one in found] == order
    assert [one["is_overdue"] for one in found] == [True, False, False, False, False]
    assert [one["concerns"] for one in found] == [[], ["limits"], ["unseen"], ["outside"], []]
    due = [one["due_at"] and datetime.fromisoformat(one["due_at"]) for one in found]
    assert due == [MIDDAY - timedelta(days=2)] + [MIDDAY + timedelta(days=5)] * 2 + [None] * 2
    clock = found[1]["clock"]
    assert (clock["step"], clock["state"], clock["allowed_days"]) == ("review", "running", ALLOWED)
    passed = (datetime.now(UTC) - (MIDDAY - timedelta(days=5))) / timedelta(days=1)
    assert clock["taken_days"] == pytest.approx(passed, abs=0.01)
    left = ALLOWED * 1440 - clock["taken_minutes"]
    assert (clock["allowed_minutes"], clock["left_minutes"]) == (
        ALLOWED * 1440,
        pytest.approx(left, abs=1),
    )
    # It says when it counts from now on: here until it is due, without a break.
    spans = [
        [datetime.fromisoformat(one[at]) for at in ("begin", "end")] for one in clock["counts"]
    ]
    assert spans[0][0] == datetime.fromisoformat(clock["read_at"])
    assert spans[-1][1] == MIDDAY + timedelta(days=5)
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert (found[0]["clock"]["left_minutes"] < 0, found[0]["clock"]["counts"]) == (True, [])
    assert found[3]["clock"] is None

    # Page by page, and each way to narrow it.
    paged, after = [], None
    while len(paged) < len(order):
        params = {"text": word, "size": 2} | ({"after": after} if after else {})
        page = reviewer.get("/api/v1/queue", params=params).json()
        paged += [one["id"] for one in page["items"]]
        after = page["after"]
    assert (paged, after) == (order, None)
    assert ids(reviewer, text=word, overdue=True) == [late[0]]
    assert ids(reviewer, text=word, concern="limits") == [soon_graver[0]]
    assert ids(reviewer, permit_id=soon[1]) == [soon[0]]
    odd = reviewer.get("/api/v1/queue", params={"after": "bm8gc3VjaCBwYWdl"})
    assert (odd.status_code, odd.json()["code"]) == (422, "page_unknown")


def test_of_one_day_the_earlier_hour_comes_first_and_of_one_hour_the_gravest(
    service, reviewer, gis, calendar, word
) -> None:
    runs = [waits(service, word, one) for one in (0, OUTSIDE, 0, LIMITS)]
    for run, days, unit in zip(
        runs, (9.5, 9.75, 10.0, 10.0), ("hours", "hours", "days", "days"), strict=True
    ):
        begin(gis, run[1], calendar, days=days, unit=unit)
        tell(gis, run[2], "10", 5)
    # Half past, three quarters past, and both at midnight, when the last day ends.
    assert ids(reviewer, text=word) == [runs[at][0] for at in (0, 1, 3, 2)]
    days = timedelta(days=1)
    due = [datetime.fromisoformat(one["due_at"]) - MIDDAY for one in listed(reviewer, text=word)]
    assert due == [4.5 * days, 4.75 * days, 5.5 * days, 5.5 * days]


def test_the_next_case_comes_behind_one_that_is_decided(service, word) -> None:
    person = service.person("here", Role.REVIEWER)
    runs = [waits(service, word, one) for one in (OUTSIDE, LIMITS, UNCERTAIN, 0)]
    own = waits(service, word, NOT_COMPARABLE, by=person.id)
    first, second, third, last = (one[0] for one in runs)
    with service.signed_in("here", person.id) as client:
        behind = {"text": word, "behind": second}
        assert ids(client, **behind) == [third, own[0], last]
        with service.records.writing(service.offices["here"]) as session:
            session.get_one(InspectionRun, UUID(second)).review = ReviewState.APPROVED
        assert ids(client, **behind, own=False) == [third, last]
        assert ids(client, **behind, own=False, concern="outside") == []
        assert ids(client, text=word, behind=last, own=False) == []
        assert ids(client, text=word, own=False) == [first, third, last]
        elsewhere = service.inspection("there")
        unknown = client.get("/api/v1/queue", params={"behind": str(elsewhere)})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "absent")


def test_no_part_of_the_queue_shows_anything_to_another_office(
    service, reviewer, gis, calendar, word
) -> None:
    first, second = waits(service, word, OUTSIDE), waits(service, word, OUTSIDE)
    begin(gis, first[1], calendar)
    tell(gis, first[2], "10", 12)  # overdue
    parts = (
        {"permit_id": first[1]},
        {"text": word},
        {"text": first[2]},
        {"concern": "outside", "text": word},
        {"overdue": True, "text": word},
        {"own": False, "text": word},
    )
    assert all(first[0] in ids(reviewer, **part) for part in parts), "here it is shown"
    page = reviewer.get("/api/v1/queue", params={"text": word, "size": 1}).json()
    stranger = service.person("there", Role.REVIEWER).id
    with service.signed_in("there", stranger) as client:
        for part in (*parts, {"text": word, "after": page["after"]}):
            assert ids(client, **part) == [], part
        for behind in (first[0], second[0]):
            answer = client.get("/api/v1/queue", params={"behind": behind})
            assert (answer.status_code, answer.json()["code"]) == (404, "absent")
        counted = client.get("/api/v1/queue/counts").json()
        assert (counted["open"]["overdue"], counted["own"]) == (0, 0)
        assert counted["open"]["concerns"]["outside"] == 0
        assert client.get(f"/api/v1/inspections/{first[0]}").status_code == 404
        assert client.get(f"/api/v1/inspections/{first[0]}/ground").status_code == 404
    with service.as_role(Role.CENTRAL_ADMIN) as above, service.client() as nobody:
        for part in (*parts, {"behind": first[0]}):
            assert above.get("/api/v1/queue", params=part).status_code == 403, part
            assert nobody.get("/api/v1/queue", params=part).status_code == 401, part


def test_stops_and_resets_move_it_in_the_queue(service, reviewer, gis, calendar, word) -> None:
    run, other = waits(service, word), waits(service, word, OUTSIDE)
    begin(gis, run[1], calendar)
    tell(gis, run[2], "10", 12)
    assert ids(reviewer, text=word, overdue=True) == [run[0]]
    # Stopped on the ninth day: one is left, and no day is set until it runs on.
    tell(gis, run[2], "41", 3)
    found = listed(reviewer, text=word)
    assert [one["id"] for one in found] == [other[0], run[0]]
    assert (found[1]["due_at"], found[1]["clock"]["state"]) == (None, "stopped")
    assert found[1]["clock"]["taken_days"] == 9.0
    tell(gis, run[2], "42", 2)
    (first, _) = listed(reviewer, text=word)
    assert datetime.fromisoformat(first["due_at"]) == MIDDAY - timedelta(days=1)
    # From the beginning again.
    tell(gis, run[2], "44", 1)
    (first, _) = listed(reviewer, text=word)
    assert datetime.fromisoformat(first["due_at"]) == MIDDAY + timedelta(days=9)
    # The office states its calendar anew: tomorrow is a holiday.
    tomorrow = {"day": f"{MIDDAY + timedelta(days=1):%Y-%m-%d}", "name": "Nyepi", "source": "SKB"}
    with service.as_role("admin") as admin:
        admin.put("/api/v1/office/calendars", json={**calendar, "days": [tomorrow]})
    (first, _) = listed(reviewer, text=word)
    assert datetime.fromisoformat(first["due_at"]) == MIDDAY + timedelta(days=10)


def test_it_counts_what_waits_and_leaves_out_what_is_decided(
    service, reviewer, gis, calendar, word
) -> None:
    def counted():
        return reviewer.get("/api/v1/queue/counts").json()

    before = counted()
    mine = waits(service, word, OUTSIDE | UNCERTAIN, by=service.people["here", Role.REVIEWER])
    late = waits(service, word, OUTSIDE)
    back = waits(service, word, NOT_COMPARABLE, review=ReviewState.RETURNED)
    waits(service, word, OUTSIDE, review=ReviewState.APPROVED)
    for one in (late, back):
        begin(gis, one[1], calendar)
        tell(gis, one[2], "10", 20)
    after = counted()

    def more(state, *names):
        was, now = before[state], after[state]
        for name in names:
            was, now = was[name], now[name]
        return now - was

    assert after["own"] - before["own"] == 1
    assert (more("open", "every"), more("returned", "every")) == (2, 1)
    assert (more("open", "overdue"), more("returned", "overdue")) == (1, 1)
    assert more("open", "concerns", "outside") == 2
    assert more("open", "concerns", "uncertain") == 1
    assert more("returned", "concerns", "not_comparable") == 1
    assert set(ids(reviewer, text=word)) == {mine[0], late[0]}
    assert ids(reviewer, text=word, review="returned") == [back[0]]


def test_a_kept_result_is_rated_at_once_and_one_of_before_by_a_worker(
    service, reviewer, gis, calendar
) -> None:
    verdicts = {"outside": "fail", "limits": "uncertain", "observed": "fail"}
    answers = json.loads((made() / "inspection.json").read_bytes())["answers"]
    for question, verdict in verdicts.items():
        answers[question]["verdict"] = verdict
    run, reference = finish(service, said={"answers": answers})
    (found,) = [one for one in listed(reviewer, text=reference) if one["id"] == str(run)]
    rated = ["outside", "uncertain", "unseen"]
    assert found["concerns"] == rated
    office = service.offices["here"]
    permit = found["permit_id"]
    with service.records.writing(office) as session:
        session.add(PermitKey(permit_id=UUID(permit), kind="licence_id", value=reference))
    begin(gis, permit, calendar)
    tell(gis, reference, "10", 5)
    with service.records.writing(office) as session:
        kept = select(InspectionRun).where(InspectionRun.id == run)
        session.scalars(kept).one().rank = -32
        # As a clock would leave it whose move was told before its day.
        session.execute(update(InspectionRun).where(InspectionRun.id == run).values(due_at=None))
    (found,) = [one for one in listed(reviewer, permit_id=permit) if one["id"] == str(run)]
    assert (found["concerns"], found["due_at"]) == (["unrated"], None)
    keep_queue(service.records, service.app.state.objects, Event())
    (found,) = [one for one in listed(reviewer, permit_id=permit) if one["id"] == str(run)]
    assert found["concerns"] == rated
    assert datetime.fromisoformat(found["due_at"]) == MIDDAY + timedelta(days=5)
    told = reviewer.get(f"/api/v1/inspections/{run}").json()
    assert (told["due_at"], told["is_overdue"]) == (found["due_at"], False)
    one, other = (clock["clock"] | {"read_at": None, "counts": None} for clock in (told, found))
    one["left_minutes"] = pytest.approx(one["left_minutes"], abs=1)
    one["taken_minutes"] = pytest.approx(one["taken_minutes"], abs=1)
    one["taken_days"] = pytest.approx(one["taken_days"], abs=0.001)
    assert other == one
    with service.records.writing(office) as session:
        kept = session.scalars(select(InspectionRun).where(InspectionRun.id == run)).one()
        kept.review = ReviewState.APPROVED
    told = reviewer.get(f"/api/v1/inspections/{run}").json()
    assert (told["due_at"], told["is_overdue"], told["clock"]) == (None, False, None)
