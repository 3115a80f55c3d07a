"""Several inspections in one call, and one that is put in line again."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event

from inspection.jobs.batches import MOST
from inspection.jobs.submission import end
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role

DATABASES = ("sqlite", "postgresql")


def wanted(permit, picture, **more):
    return {"permit_id": str(permit), "current": {"orthophoto": str(picture)}, **more}


def test_one_that_cannot_be_made_stops_no_other(service) -> None:
    picture = service.upload("here", b"one flight")
    good = [wanted(service.permit("here"), picture) for _ in range(2)]
    bare, foreign = service.permits["here"], service.permit("there")
    lost = uuid4()
    odd = [wanted(bare, picture), wanted(foreign, picture), wanted(good[0]["permit_id"], lost)]
    asked = [good[0], *odd, good[1]]
    with service.as_role(Role.GIS) as client:
        answer = client.post("/api/v1/batches", json={"inspections": asked})
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert [one["position"] for one in told["items"]] == [0, 1, 2, 3, 4]
        assert [one["state"] for one in told["items"]] == [
            "submitted",
            *[None] * 3,
            "submitted",
        ]
        codes = [one["problem"] and one["problem"]["code"] for one in told["items"]]
        assert codes == [None, "permit_without_boundary", "absent", "absent", None]
        wheres = [one["problem"]["where"] for one in told["items"][1:4]]
        assert wheres == ["inspections.1", str(foreign), str(lost)]
        assert (told["states"], told["refused"]) == ({"submitted": 2}, 3)
        first = told["items"][0]["inspection_id"]
        assert client.get(f"/api/v1/inspections/{first}").json()["state"] == "submitted"
        client.post(f"/api/v1/inspections/{first}/cancel").raise_for_status()
        later = client.get(answer.headers["location"]).json()
        assert later["states"] == {"submitted": 1, "cancelled": 1}
        assert later["items"][0]["state"] == "cancelled"
        for few in ([], [good[0]] * (MOST + 1), [{**good[0], "state": "done"}]):
            refused = client.post("/api/v1/batches", json={"inspections": few})
            assert refused.status_code == 422
    service.take_back_inspections()


def test_five_hundred_cost_the_database_no_more_each_than_fifty(service) -> None:
    """Statements are counted: whatever is looked up anew for each adds to them."""
    picture = service.upload("here", b"one flight of many permits")
    asked = [wanted(service.permit("here"), picture) for _ in range(MOST + 50)]

    def statements(few):
        heard = []

        def hear(*words):
            heard.append(words[2])

        headers = {"Idempotency-Key": str(uuid4())}
        with service.as_role(Role.GIS) as client:
            event.listen(Engine, "before_cursor_execute", hear)
            answer = client.post("/api/v1/batches", json={"inspections": few}, headers=headers)
            event.remove(Engine, "before_cursor_execute", hear)
            assert answer.status_code == 202, answer.text
            assert answer.json()["states"] == {"submitted": len(few)}
            again = client.post("/api/v1/batches", json={"inspections": few}, headers=headers)
            assert again.content == answer.content
        return len(heard)

    fifty = statements(asked[:50])
    assert 0 < statements(asked[50:]) <= fifty + 20  # rows of a table may be sent in a few parts
    service.take_back_inspections()


@pytest.mark.parametrize("state", [InspectionState.FAILED, InspectionState.QUARANTINED])
def test_what_could_not_be_finished_is_tried_again_under_a_name_of_its_own(service, state) -> None:
    run = service.inspection("here")
    address = f"/api/v1/inspections/{run}/retry"
    with service.as_role(Role.GIS) as client:
        waiting = client.post(address)
        assert (waiting.status_code, waiting.json()["code"]) == (409, "inspection_not_retried")
        with service.records.writing(service.offices["here"]) as session:
            row = session.get_one(InspectionRun, run)
            end(session, row, state, problem={"code": "disk_full"})
            asked, by = row.request, row.submitted_by
        answer = client.post(address)
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert told["retry_of_id"] == str(run)
        assert told["submitted_by"] == str(by)
        assert told.items() <= client.get(answer.headers["location"]).json().items()
        assert client.get(f"/api/v1/inspections/{run}").json()["state"] == state
        twice = client.post(address)
        assert (twice.status_code, twice.json()["code"]) == (409, "inspection_retried_before")
    with service.records.reading(service.offices["here"]) as session:
        assert session.get_one(InspectionRun, UUID(told["id"])).request == asked
    service.take_back_inspections()
