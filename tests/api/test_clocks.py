"""What OSS and SiCantik tell of an application moves its clock, by the office's own calendar."""

import json

import pytest

DATABASES = ("sqlite", "postgresql")
WEEK = {str(day): [8 * 60, 16 * 60] for day in range(1, 6)}


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def state(licence, code, at) -> dict:
    return {"IZINSTATUS": {"id_izin": licence, "kd_status": code, "tgl_status": at}}


@pytest.fixture
def admin(service):
    with service.as_role("admin") as client:
        yield client


@pytest.fixture
def gis(service):
    with service.as_role("gis") as client:
        yield client


@pytest.fixture
def usual(service, admin):
    """A calendar with a holiday, and the clock that permits of the office get."""
    name = service.next("usual ")
    holiday = {"day": "2026-03-19", "name": "Nyepi", "source": "SKB 2026"}
    calendar = {"name": name, "time_zone": "Asia/Jakarta", "week": WEEK, "days": [holiday]}
    assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
    clock = {"step": "verification", "calendar": name, "days": 3.0}
    assert admin.put("/api/v1/office/service", json={"clock": clock}).status_code == 200
    yield clock
    assert admin.put("/api/v1/office/service", json={"clock": None}).status_code == 200


def take(client, mapping, *told, name="states.json"):
    params = {"mapping": mapping, "name": name, "dry_run": False}
    done = client.post("/api/v1/permits/imports", params=params, content=json.dumps(told))
    assert done.status_code == 200, done.text
    return done.json()


def permit_of(client, reference):
    (found,) = client.get("/api/v1/permits", params={"reference": reference}).json()["items"]
    return client.get(f"/api/v1/permits/{found['id']}").json()


def test_states_of_oss_stop_resume_and_end_the_clock(service, gis, usual) -> None:
    licence = service.next("I-clock-")
    take(
        gis,
        "oss-status",
        state(licence, "10", "2026-03-16 08:00:00"),  # a Monday
        state(licence, "41", "2026-03-17 08:00:00"),
    )
    (clock,) = permit_of(gis, licence)["clocks"]
    assert (clock["state"], clock["taken_days"], clock["left_days"]) == ("stopped", 1.0, 2.0)
    told = [clock[f"{one}_minutes"] for one in ("allowed", "taken", "left")]
    assert (clock["unit"], told) == ("days", [None, 480, None])
    assert (clock["step"], clock["calendar"], clock["due_at"]) == (
        "verification",
        usual["calendar"],
        None,
    )
    # On again from Wednesday noon; Thursday is a holiday; approved on Friday at noon.
    take(
        gis,
        "oss-status",
        state(licence, "42", "2026-03-18 12:00:00"),
        state(licence, "50", "2026-03-20 12:00:00"),
    )
    told = permit_of(gis, licence)
    (clock,) = told["clocks"]
    assert (clock["state"], clock["taken_days"], clock["is_overdue"]) == ("ended", 2.0, False)
    assert [one["effect"] for one in clock["events"]] == ["start", "stop", "resume", "end"]
    assert [one["code"] for one in told["steps"]] == ["10", "41", "42", "50"]
    assert {one["source"] for one in clock["events"]} == {"OSS"}


def test_what_was_told_before_moves_a_clock_that_is_given_later(service, gis, admin) -> None:
    licence = service.next("I-clock-")
    take(gis, "oss-status", state(licence, "10", "2026-03-16 08:00:00"))
    told = permit_of(gis, licence)
    assert (told["clocks"], len(told["steps"])) == ([], 1)
    name = service.next("late ")
    calendar = {"name": name, "time_zone": "Asia/Makassar", "week": WEEK}
    assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
    ask = {"step": "all", "calendar": name, "days": 1.0}
    address = f"/api/v1/permits/{told['id']}/clocks"
    clock = gis.post(address, json=ask).json()
    assert (clock["state"], clock["is_overdue"]) == ("running", True)
    assert clock["due_at"] == "2026-03-16T08:00:00Z"
    assert (clock["unit"], clock["allowed_minutes"], clock["taken_days"] > 100) == (
        "hours",
        480,
        True,
    )
    assert clock["left_minutes"] < -480
    # Eight in Jakarta's office was not said: by the clock on this office's own wall.
    assert clock["events"][0]["at"] == "2026-03-16T00:00:00Z"
    assert code_of(gis.post(address, json=ask)) == (409, "clock_known")
    unknown = ask | {"step": "x", "calendar": "none"}
    assert code_of(gis.post(address, json=unknown)) == (422, "calendar_unknown")


def test_an_officer_begins_a_clock_where_no_import_tells_of_it(service, gis, admin) -> None:
    licence, name = service.next("I-clock-"), service.next("stated ")
    take(gis, "oss-status", state(licence, "99", "2026-03-16 08:00:00"))  # begins nothing
    calendar = {"name": name, "time_zone": "Asia/Makassar", "week": WEEK}
    assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
    address = f"/api/v1/permits/{permit_of(gis, licence)['id']}/clocks"
    ask = {"step": "all", "calendar": name, "days": 1.0}
    later = ask | {"begins_at": "2999-01-01T08:00:00Z"}
    assert code_of(gis.post(address, json=later)) == (422, "clock_begins_later")
    clock = gis.post(address, json=ask | {"begins_at": "2026-03-16T08:00"}).json()
    assert (clock["state"], clock["due_at"]) == ("running", "2026-03-16T08:00:00Z")
    begun = [(one["at"], one["effect"], one["source"]) for one in clock["events"]]
    assert ("2026-03-16T00:00:00Z", "start", "office") in begun
    take(gis, "oss-status", state(licence, "50", "2026-03-16 12:00:00"))
    (clock,) = permit_of(gis, licence)["clocks"]
    assert (clock["state"], clock["taken_minutes"], clock["is_overdue"]) == ("ended", 240, False)


@pytest.mark.usefixtures("usual")
def test_the_same_states_told_again_move_nothing_more(service, gis) -> None:
    licence = service.next("I-clock-")
    begun = state(licence, "10", "2026-03-16 08:00:00")
    take(gis, "oss-status", begun)
    again = take(gis, "oss-status", begun, state(licence, "41", "2026-03-17 08:00:00"))
    assert again["changed"] == 1
    told = permit_of(gis, licence)
    assert [len(told["steps"]), len(told["clocks"][0]["events"])] == [2, 2]


def test_a_term_of_one_day_is_counted_in_hours_over_breaks_and_stops(service, gis, admin) -> None:
    name = service.next("hours ")
    lunch, friday = [450, 720, 780, 960], [450, 690, 780, 990]
    week = dict.fromkeys("1234", lunch) | {"5": friday}
    short = {"day": "2026-03-20", "name": "Idul Fitri", "source": "SE 1", "hours": [480, 690]}
    calendar = {"name": name, "time_zone": "Asia/Makassar", "week": week, "days": [short]}
    stated = admin.put("/api/v1/office/calendars", json=calendar)
    assert stated.status_code == 200, stated.text
    (known,) = [one for one in gis.get("/api/v1/office/calendars").json() if one["name"] == name]
    assert (known["week"], known["days"]) == (week, [short])
    licence = service.next("I-clock-")
    take(
        gis,
        "oss-status",
        state(licence, "10", "2026-03-18 14:30:00"),
        state(licence, "41", "2026-03-19 11:17:00"),  # 90 and 227 minutes
        state(licence, "42", "2026-03-20 10:00:00"),  # 90 of the short day, 43 of Monday
    )
    address = f"/api/v1/permits/{permit_of(gis, licence)['id']}/clocks"
    clock = gis.post(address, json={"step": "a", "calendar": name, "days": 1.0}).json()
    assert (clock["unit"], clock["allowed_minutes"]) == ("hours", 450)
    assert clock["due_at"] == "2026-03-23T00:13:00Z"
    # The same in days, if one says so: its last part is used up there too, and the day goes on.
    in_days = {"step": "b", "calendar": name, "days": 1.0, "unit": "days"}
    clock = gis.post(address, json=in_days).json()
    assert (clock["unit"], clock["due_at"]) == ("days", "2026-03-20T03:30:00Z")
    odd = gis.post(address, json={**in_days, "step": "c", "unit": "weeks"})
    assert code_of(odd) == (422, "request_invalid")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone_unknown"),
        ({"week": {"1": [960, 480]}}, "calendar_hours"),
        ({"week": {"1": [480, 720, 700, 960]}}, "calendar_hours"),
        ({"week": {"1": [480, 720, 780]}}, "calendar_hours"),
        ({"week": {"8": [0, 60]}}, "request_invalid"),
        ({"days": [{"day": "2026-01-01", "name": "a", "source": "b"}] * 2}, "calendar_day_twice"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(admin, more, code) -> None:
    calendar = {"name": "odd", "time_zone": "Asia/Jakarta", "week": WEEK, **more}
    assert code_of(admin.put("/api/v1/office/calendars", json=calendar)) == (422, code)
    names = [one["name"] for one in admin.get("/api/v1/office/calendars").json()]
    assert "odd" not in names
