"""Figures of an office: the truth is laid down row by row, and counted by hand beside it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from inspection.jobs.ledgers import read_ledgers
from inspection.records.ids import uuid7
from inspection.records.tables.clocks import ClockEvent, Effect, ServiceClock, Unit
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    Finding,
    InspectionRun,
    InspectionState,
    Review,
    ReviewOutcome,
    ReviewState,
)
from inspection.records.tables.offices import Calendar, Office, Role
from inspection.records.tables.permits import (
    BoundaryStage,
    BoundaryVersion,
    ImportedValue,
    ImportFile,
    Permit,
)
from inspection.wording.catalogue import wording
from tests.api.conftest import OUTLINE
from tests.api.web.finished import finish

DATABASES = ("sqlite", "postgresql")
JAKARTA = ZoneInfo("Asia/Jakarta")
HALF_DAYS = {str(day): [480, 720] for day in range(1, 6)}
"""Four hours each weekday, from eight to noon."""

LEDGER = {"permit": 10.0, "undisturbed": 7.0, "standing": 1.0, "new": 2.0, "recovered": 0.5}
_numbers = count(1)


def there(text):
    """An instant by the clock on the wall of Jakarta."""
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


class Bureau:
    """An office of its own, whose records are laid down as they should be counted."""

    def __init__(self, service):
        self.service, self.code = service, service.next("figures")
        row = Office(
            code=self.code, name="Dinas", time_zone="Asia/Jakarta", profile="generic", language="id"
        )
        with service.records.writing_all() as session:
            session.add(row)
        self.id = service.offices[self.code] = row.id
        self.inspector = service.person(self.code, Role.INSPECTOR).id
        self.reviewer = service.person(self.code, Role.REVIEWER).id

    def writing(self):
        return self.service.records.writing(self.id)

    def ask(self, path="", **params):
        with self.service.signed_in(self.code, self.reviewer) as client:
            return client.get(f"/api/v1/statistics{path}", params=params)

    def figures(self, since="2026-01", until="2026-06"):
        answer = self.ask(since=since, until=until)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def table(self, of, since="2026-01", until="2026-06"):
        answer = self.ask("/table", of=of, since=since, until=until)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(answer.text)))

    def permit(self, reference=None, **places):
        permit = Permit(reference=reference or f"IUP {next(_numbers)}")
        rows = [permit]
        if places:
            file = ImportFile(sha256=f"{next(_numbers):064}", name="a", source="oss", mapping="m")
            rows.append(file)
            rows += [
                ImportedValue(
                    permit_id=permit.id, import_id=file.id, source="oss", field=field,
                    value=value, where="A1",
                )
                for field, value in places.items()
            ]  # fmt: skip
        boundary = BoundaryVersion(
            permit_id=permit.id, sequence=1, stage=BoundaryStage.GRANTED, source="test",
            sha256="0" * 64, stated_crs="EPSG:4326", area_m2=1.0, outline=OUTLINE,
        )  # fmt: skip
        with self.writing() as session:
            session.add_all([*rows, boundary])
        return permit.id

    def run(self, permit=None, *, asked, flown=None, state=InspectionState.DONE, **more):
        permit = permit or self.permit()
        with self.writing() as session:
            of_permit = select(BoundaryVersion.id).where(BoundaryVersion.permit_id == permit)
            flight = Flight(
                permit_id=permit, brought_by=self.inspector, name="f.tif", sha256="1" * 64,
                claimed_at=flown,
            )  # fmt: skip
            is_done = state is InspectionState.DONE
            run = InspectionRun(
                permit_id=permit, boundary_id=session.scalars(of_permit).one(),
                current_id=flight.id, submitted_by=self.inspector, request={}, state=state,
                created_at=asked, finished_at=asked if is_done else None,
                **({"review": ReviewState.OPEN} if is_done else {}) | more,
            )  # fmt: skip
            session.add_all([flight, run])
        return run.id

    def find(self, run, *words, ground_class="excavation", doubts=(), added_by=None):
        """A finding, and what was said of it one after the other."""
        doubted = [{"key": f"doubts.{one}", "facts": {}} for one in doubts]
        finding = Finding(
            inspection_id=run, code=f"F{next(_numbers)}", ground_class=ground_class, epoch="new",
            location="inside", area_m2=1.0, outline=OUTLINE, added_by=added_by,
            document={"may_be_false_because_said": doubted},
        )  # fmt: skip
        spoken = [
            Review(
                finding_id=finding.id, sequence=at + 1, reviewed_by=self.reviewer, note="",
                outcome=word if isinstance(word, ReviewOutcome) else ReviewOutcome.REJECTED,
                reason_code=None if isinstance(word, ReviewOutcome) else word,
                edit={} if word is ReviewOutcome.EDITED else None,
            )
            for at, word in enumerate(words)
        ]  # fmt: skip
        with self.writing() as session:
            session.add_all([finding, *spoken])

    def decide(self, run, at, outcome=DecisionOutcome.APPROVED):
        with self.writing() as session:
            row = session.get_one(InspectionRun, run)
            session.add(
                Decision(
                    inspection_id=run, submitted_by=self.inspector, decided_by=self.reviewer,
                    outcome=outcome, note="", reviews_sha256="0" * 64, created_at=at,
                )
            )  # fmt: skip
            row.review = ReviewState(outcome)

    def calendar(self, hours=HALF_DAYS, *, usual=True):
        """Half days; the office's usual clock counts by it in hours."""
        with self.writing() as session:
            calendar = Calendar(name="half", time_zone="Asia/Jakarta", hours=hours)
            session.add(calendar)
            if usual:
                clock = {"step": "review", "calendar": "half", "days": 1.0, "unit": "hours"}
                session.get_one(Office, self.id).settings = {"service": clock}
        return calendar.id


@pytest.fixture
def bureau(service):
    return Bureau(service)


ACCEPTED, EDITED = ReviewOutcome.ACCEPTED, ReviewOutcome.EDITED


def test_inspections_stand_in_the_month_of_the_office_and_by_what_became_of_them(bureau) -> None:
    # Half past midnight of the first of February there is still January elsewhere.
    bureau.run(asked=datetime(2026, 1, 31, 17, 30, tzinfo=UTC), is_comparable=True)
    bureau.run(asked=there("2026-01-31 23:59:59"), is_comparable=False)
    for state in InspectionState:
        if state is not InspectionState.DONE:
            bureau.run(asked=there("2026-03-15 10:00"), state=state)
    decided = [bureau.run(asked=there("2026-03-16 10:00")) for _ in range(3)]
    bureau.decide(decided[0], there("2026-04-01 10:00"))
    bureau.decide(decided[1], there("2026-04-01 10:00"), DecisionOutcome.DECLINED)
    bureau.decide(decided[2], there("2026-04-01 10:00"), DecisionOutcome.RETURNED)
    bureau.run(asked=there("2025-12-31 23:59"))
    bureau.run(asked=there("2026-07-01 00:00"))
    months = {one.pop("month"): one for one in bureau.figures()["inspections"]}
    assert list(months) == [f"2026-{number:02}" for number in range(1, 7)]
    none = dict.fromkeys(months["2026-05"], 0)
    assert months["2026-05"] == months["2026-06"] == months["2026-04"] == none
    one = none | {"submitted": 1, "done": 1, "undecided": 1}
    assert months["2026-01"] == one | {"not_comparable": 1}
    assert months["2026-02"] == one
    assert months["2026-03"] == none | {
        "submitted": 9, "done": 3, "under_way": 2, "refused": 1, "failed": 2, "cancelled": 1,
        "approved": 1, "declined": 1, "undecided": 1,
    }  # fmt: skip
    rows = bureau.table("inspections")
    assert [row["month"] for row in rows] == list(months)
    assert {name: int(value) for name, value in rows[2].items() if name != "month"} == (
        months["2026-03"]
    )


def test_decisions_take_the_working_time_between_and_nights_and_weekends_count_nothing(
    bureau,
) -> None:
    bureau.calendar()
    friday = there("2026-02-06 10:00")
    # Two hours are left of Friday's four; then k working hours on from Monday at eight.
    hours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    ends = [
        there("2026-02-06 11:00"), there("2026-02-06 12:00"), there("2026-02-09 09:00"),
        there("2026-02-09 10:00"), there("2026-02-09 11:00"), there("2026-02-09 12:00"),
        there("2026-02-10 09:00"), there("2026-02-10 10:00"), there("2026-02-10 11:00"),
        there("2026-02-10 20:00"),
    ]  # fmt: skip
    for end in ends:
        bureau.decide(bureau.run(asked=friday), end)
    # Given back on Monday, decided in March: it took until then.
    late = bureau.run(asked=friday)
    bureau.decide(late, there("2026-02-09 10:00"), DecisionOutcome.RETURNED)
    bureau.decide(late, there("2026-03-02 09:00"), DecisionOutcome.DECLINED)
    lines = {one["month"]: one for one in bureau.figures()["decisions"]}
    february, march, every = lines["2026-02"], lines["2026-03"], lines[None]
    assert (february["decided"], february["approved"], february["counted"]) == (10, 10, 10)
    assert february["working_minutes"] == {"median": 5.5 * 60, "ninety": hours[8] * 60}
    # The usual day has four hours.
    assert february["working_days"] == {"median": 5.5 / 4, "ninety": 9 / 4}
    elapsed = sorted((end - friday) / timedelta(hours=1) for end in ends)
    assert february["elapsed_hours"] == {
        "median": (elapsed[4] + elapsed[5]) / 2,
        "ninety": elapsed[8],
    }
    # Two hours of Friday, fifteen weekdays of four, one hour.
    assert march["working_minutes"] == {"median": (2 + 15 * 4 + 1) * 60, "ninety": 63 * 60}
    assert (march["decided"], march["declined"]) == (1, 1)
    assert (every["decided"], every["working_minutes"]["ninety"]) == (11, 10 * 60)
    assert lines["2026-01"]["working_minutes"] is None
    row = next(one for one in bureau.table("decisions") if one["month"] == "2026-02")
    assert (row["working_minutes_median"], row["working_days_ninety"]) == ("330.0", "2.25")


def test_what_a_clock_stood_still_counts_nothing_and_days_count_as_the_clock_counts_them(
    bureau,
) -> None:
    calendar = bureau.calendar({"1": [480, 720], "2": [480, 600]}, usual=False)
    permit = bureau.permit()
    clock = ServiceClock(
        permit_id=permit, calendar_id=calendar, step="review", allowed_hundredths=300,
        unit=Unit.DAYS, mapping="oss",
    )  # fmt: skip
    moves = [
        (there("2026-03-02 08:00"), Effect.START), (there("2026-03-02 10:00"), Effect.STOP),
        (there("2026-03-02 11:00"), Effect.RESUME), (there("2026-03-09 10:00"), Effect.STOP),
    ]  # fmt: skip
    with bureau.writing() as session:
        session.add(clock)
        session.add_all(
            ClockEvent(clock_id=clock.id, at=at, status=str(number), effect=effect, source="test")
            for number, (at, effect) in enumerate(moves)
        )
    run = bureau.run(permit, asked=there("2026-03-02 09:00"))
    bureau.decide(run, there("2026-03-10 09:00"))
    # Monday 9 to 10 and 11 to 12, Tuesday 8 to 10 (a whole day), Monday 8 to 10: then it stands.
    bureau.decide(bureau.run(asked=there("2026-03-02 09:00")), there("2026-03-03 09:00"))
    every = bureau.figures()["decisions"][0]
    assert (every["decided"], every["counted"]) == (2, 1), "one has no clock, and no usual one"
    assert every["working_minutes"]["median"] == (1 + 1 + 2 + 2) * 60
    assert every["working_days"]["median"] == 0.25 + 0.25 + 1 + 0.5
    assert every["elapsed_hours"]["median"] == (24 + 8 * 24) / 2


def test_the_last_word_counts_by_class_by_cause_and_by_doubt(bureau) -> None:
    run = bureau.run(asked=there("2026-02-02 09:00"))
    bureau.find(run, ACCEPTED)
    bureau.find(run, "shadow", ACCEPTED, doubts=["shadow"])
    bureau.find(run, EDITED, doubts=["shadow", "edge"])
    bureau.find(run, ACCEPTED, "shadow", doubts=["shadow"])
    bureau.find(run, "season", ground_class="water")
    bureau.find(run, ACCEPTED, ground_class="road", added_by=bureau.reviewer)
    bureau.decide(run, there("2026-02-03 09:00"), DecisionOutcome.DECLINED)
    # Neither what is not decided yet, nor what was decided in other months.
    bureau.find(bureau.run(asked=there("2026-02-02 09:00")), "cloud")
    other = bureau.run(asked=there("2026-02-02 09:00"))
    bureau.find(other, "cloud")
    bureau.decide(other, there("2026-07-01 09:00"))
    found = bureau.figures()["confirmed"]
    assert found["all"] == {
        "name": None, "findings": 5, "accepted": 2, "edited": 1, "rejected": 2, "share": 0.6,
    }  # fmt: skip
    assert [(one["name"], one["findings"], one["share"]) for one in found["classes"]] == [
        ("excavation", 4, 0.75), ("water", 1, 0.0),
    ]  # fmt: skip
    causes = {one["name"]: (one["rejected"], one["share"]) for one in found["causes"]}
    assert causes["shadow"] == causes["season"] == (1, 0.5)
    assert causes["cloud"] == causes["duplicate"] == (0, 0.0)
    assert [(one["name"], one["findings"], one["share"]) for one in found["doubts"]] == [
        ("shadow", 3, pytest.approx(2 / 3)), (None, 2, 0.5), ("edge", 1, 1.0),
    ]  # fmt: skip
    assert bureau.figures("2026-07", "2026-07")["confirmed"]["all"]["share"] == 0.0
    none = bureau.figures("2026-06", "2026-06")["confirmed"]
    assert (none["all"]["findings"], none["all"]["share"], none["classes"]) == (0, None, [])
    assert {one["share"] for one in none["causes"]} == {None}
    assert [row["class"] for row in bureau.table("classes")] == ["all", "excavation", "water"]
    assert bureau.table("doubts")[1]["doubt"] == "none"
    assert {row["cause"] for row in bureau.table("causes")} >= {"shadow", "other"}


def test_what_nobody_has_spoken_of_is_told_by_its_age(bureau) -> None:
    at = datetime.now(UTC)
    hour = timedelta(hours=1)
    runs = {days: bureau.run(asked=at - timedelta(days=days) + hour) for days in (1, 7, 30, 90)}
    old = bureau.run(asked=at - timedelta(days=90) - hour)
    for days, run in runs.items():
        bureau.find(run, ground_class="road" if days == 7 else "water")
        bureau.find(run, ACCEPTED)
    bureau.find(old)
    bureau.find(old, ground_class="water", added_by=bureau.reviewer)
    decided = bureau.run(asked=at - timedelta(days=2))
    bureau.find(decided)
    bureau.decide(decided, at)
    found = bureau.figures()["open_findings"]
    assert [(one["up_to_days"], one["findings"], one["inspections"]) for one in found["ages"]] == [
        (1, 1, 1), (7, 1, 1), (30, 1, 1), (90, 1, 1), (None, 2, 1),
    ]  # fmt: skip
    assert found["ages"][-1]["classes"] == {"excavation": 1, "water": 1}
    assert (found["findings"], found["inspections"]) == (6, 5)
    assert datetime.fromisoformat(found["oldest_since"]) == at - timedelta(days=90) - hour
    assert [row["up_to_days"] for row in bureau.table("open_findings")] == [
        "1",
        "7",
        "30",
        "90",
        "",
    ]


def ledger(standing, new=None, recovered=None, *, permit=10.0):
    return {
        "permit": permit, "undisturbed": 0.0, "standing": standing, "new": new,
        "recovered": recovered, "not_observed": 0.25,
    }  # fmt: skip


def test_of_each_permit_the_latest_flight_counts_and_what_is_not_known_is_null(bureau) -> None:
    pit = bureau.permit("IUP pit", regency="Kab. Bandung", district="Cimaung")
    quarry = bureau.permit("IUP quarry", regency="KAB.  BANDUNG", district="cimaung")
    clay = bureau.permit("IUP clay", regency="Kab. Garut", district="Cimaung")
    nowhere = bureau.permit("=1+1")
    asked = there("2026-06-01 09:00")
    bureau.run(pit, asked=asked, flown=there("2025-03-01 09:00"), ledger_ha=ledger(50.0, 9.0, 9.0))
    bureau.run(pit, asked=asked, flown=there("2025-12-31 23:30"), ledger_ha=ledger(1.0, 0.5, 0.0))
    # Inspected again the same flight: the later one counts.
    flown = there("2026-01-01 00:30")
    bureau.run(pit, asked=asked + timedelta(1), flown=flown, ledger_ha=ledger(70.0, 7.0, 7.0))
    newest = bureau.run(
        pit, asked=asked + timedelta(2), flown=flown, ledger_ha=ledger(1.5, 0.3, 0.1)
    )
    bureau.decide(newest, asked + timedelta(3))
    # An old flight that is inspected late supersedes nothing.
    bureau.run(
        pit, asked=asked + timedelta(9), flown=there("2024-01-01 00:30"),
        ledger_ha=ledger(0.1, 0.1, 0.1),
    )  # fmt: skip
    bureau.run(quarry, asked=asked, flown=flown, ledger_ha=ledger(2.0))
    declined = bureau.run(
        quarry, asked=asked, flown=there("2026-05-01 09:00"), ledger_ha=ledger(99.0)
    )
    bureau.decide(declined, asked, DecisionOutcome.DECLINED)
    # It claims no time: when it was asked for counts.
    bureau.run(clay, asked=there("2026-02-01 09:00"), ledger_ha=ledger(0.25))
    bureau.run(nowhere, asked=asked, flown=flown, ledger_ha=ledger(0.0, 0.0, 0.75))
    bureau.run(nowhere, asked=asked, state=InspectionState.FAILED)
    bureau.run(asked=asked)  # its ledger is not read yet

    found = bureau.figures()["ground"]
    assert found["unread"] == 1
    assert found["total"] == {
        "permits": 4, "compared": 2, "undecided": 3, "permit_ha": 40.0,
        "disturbed_ha": 1.8 + 2.0 + 0.25, "new_ha": 0.3, "recovered_ha": 0.85,
        "not_observed_ha": 1.0,
    }  # fmt: skip
    places = [
        (one["regency"], one["district"], one["permits"], one["disturbed_ha"], one["new_ha"])
        for one in found["districts"]
    ]
    assert places == [
        ("Kab. Bandung", "Cimaung", 2, 3.8, 0.3),
        ("Kab. Garut", "Cimaung", 1, 0.25, None),
        (None, None, 1, 0.0, 0.0),
    ]
    years = [
        (one["year"], one["permits"], one["disturbed_ha"], one["recovered_ha"])
        for one in found["years"]
    ]
    assert years == [(2024, 1, 0.2, 0.1), (2025, 1, 1.5, 0.0), (2026, 4, 4.05, 0.85)]

    page = bureau.ask("/permits", size=2).json()
    assert page["count"] == 4
    assert [(one["reference"], one["disturbed_ha"], one["new_ha"]) for one in page["items"]] == [
        ("IUP quarry", 2.0, None), ("IUP pit", 1.8, 0.3),
    ]  # fmt: skip
    assert page["items"][1]["inspection_id"] == str(newest)
    assert [one["is_decided"] for one in page["items"]] == [False, True]
    rest = bureau.ask("/permits", size=2, skip=2).json()["items"]
    assert [one["reference"] for one in rest] == ["IUP clay", "=1+1"]
    assert bureau.ask("/permits", skip=4).json()["items"] == []
    rows = bureau.table("permits")
    assert [row["new_ha"] for row in rows] == ["", "0.3", "", "0.0"]
    assert rows[3]["reference"] == "'=1+1", "no spreadsheet reckons with what files name"
    assert [row["district"] for row in bureau.table("districts")] == ["Cimaung", "Cimaung", ""]
    assert [row["year"] for row in bureau.table("years")] == ["2024", "2025", "2026"]


def test_a_worker_reads_the_ledgers_of_what_was_kept_before(service) -> None:
    run, reference = finish(service)
    objects = service.app.state.objects
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(InspectionRun, run)
        kept, row.ledger_ha = row.ledger_ha, None
        broken = InspectionRun(
            permit_id=row.permit_id, boundary_id=row.boundary_id, current_id=row.current_id,
            submitted_by=row.submitted_by, request={}, state=InspectionState.DONE,
            document_sha256=objects.put([b"no document"]).sha256, id=uuid7(),
        )  # fmt: skip
        session.add(broken)
    assert kept["new"] > 0
    read_ledgers(service.records, objects, Event())
    with service.records.reading(service.offices["here"]) as session:
        assert session.get_one(InspectionRun, run).ledger_ha == kept
        assert session.get_one(InspectionRun, broken.id).ledger_ha is None
    with service.as_role("auditor") as client:
        items = client.get("/api/v1/statistics/permits", params={"size": 200}).json()["items"]
    (one,) = [one for one in items if one["reference"] == reference]
    assert one["new_ha"] == kept["new"]
    assert one["disturbed_ha"] == pytest.approx(kept["new"] + kept["standing"])


def test_of_an_approved_result_what_people_let_count_is_disturbed(bureau) -> None:
    flown = there("2026-01-01 00:30")
    judged, waiting = bureau.permit("IUP judged"), bureau.permit("IUP waiting")
    run = bureau.run(
        judged, asked=flown, ledger_ha=ledger(1.5, 0.5, 0.1), counted_ha=ledger(1.5, 0.0, 0.1)
    )
    bureau.decide(run, flown + timedelta(3))
    bureau.run(waiting, asked=flown, ledger_ha=ledger(1.0, 0.25, 0.0))
    total = bureau.figures()["ground"]["total"]
    assert (total["disturbed_ha"], total["new_ha"], total["undecided"]) == (2.75, 0.25, 1)


def test_no_office_sees_what_another_did(service) -> None:
    one, other = Bureau(service), Bureau(service)
    permit = one.permit(regency="Kab. Bandung", district="Cimaung")
    run = one.run(permit, asked=there("2026-02-02 09:00"), ledger_ha=ledger(1.0, 1.0, 1.0))
    one.find(run, ACCEPTED)
    one.decide(run, there("2026-02-03 09:00"))
    one.find(one.run(asked=there("2026-02-02 09:00")))
    assert one.figures()["ground"]["total"]["permits"] == 1
    told = other.figures()
    assert sum(month["submitted"] for month in told["inspections"]) == 0
    assert told["decisions"][0]["decided"] == told["confirmed"]["all"]["findings"] == 0
    assert told["open_findings"]["findings"] == 0
    assert told["ground"]["total"]["permits"] == 0
    assert (told["ground"]["districts"], told["ground"]["years"]) == ([], [])
    for of in ("permits", "districts", "years", "doubts"):
        answer = other.ask("/table", of=of)
        (head,) = answer.text.splitlines()
        assert head == ",".join(one.table(of)[0]), "its columns are named all the same"


def test_nobody_is_named_in_any_of_it(service) -> None:
    bureau = Bureau(service)
    run = bureau.run(asked=there("2026-02-02 09:00"), ledger_ha=ledger(1.0))
    bureau.find(run, ACCEPTED)
    bureau.decide(run, there("2026-02-03 09:00"))
    told = [bureau.ask(since="2026-01").text, bureau.ask("/permits").text]
    told += [bureau.ask("/table", of=of, since="2026-01").text for of in (
        "inspections", "decisions", "classes", "causes", "doubts", "open_findings", "permits",
        "districts", "years",
    )]  # fmt: skip
    for person in (bureau.inspector, bureau.reviewer):
        assert not any(str(person) in one for one in told)


def test_months_that_are_none_are_refused_with_their_code(bureau) -> None:
    def code(path="", **params):
        answer = bureau.ask(path, **params)
        assert answer.status_code == 422, answer.text
        return answer.json()["code"]

    assert code(since="2026-03", until="2026-02") == "months_backwards"
    for language in ("en", "id"):
        assert "=" not in wording(language).say("errors.months_backwards.hint")
    assert code(since="1990-01", until="2026-02") == "months_too_many"
    for month in ("2026-13", "2026", "0000-01", "2026-1", "x", "2026-01-01", ""):
        assert code(since=month) == "request_invalid"
    assert code("/table", of="people") == "request_invalid"
    assert code("/table") == "request_invalid"
    assert code(by="person") == "request_invalid"
    assert code("/permits", size=0) == code("/permits", skip=-1) == "request_invalid"
    usual = bureau.ask().json()
    assert len(usual["inspections"]) == 12
    assert usual["until"] == f"{datetime.now(JAKARTA):%Y-%m}"
    assert bureau.ask(since="2006-03", until="2026-02").status_code == 200
    years = bureau.ask(since="2099-11", until="2099-12").json()
    assert [one["month"] for one in years["inspections"]] == ["2099-11", "2099-12"]
