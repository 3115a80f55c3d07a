"""What-ifs by the service: what is published, tried under other rules and never published."""

import csv
import io
from uuid import UUID, uuid4

import openpyxl
from sqlalchemy import select

from inspection.errors import UnfinishedError
from inspection.records.tables.batches import Batch, BatchItem
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.records.tables.trials import Trial, TrialItem, TrialState
from inspection.terminal.failure import failure_of, problem_of
from tests.api.web.finished import finish

DATABASES = ("sqlite", "postgresql")
OWN = 'name = "ours"\ntitle = "Ours"\nversion = "2026-12-01"\nextends = "generic"\n'


def answered(comparable: str, new: float | None, software: str = "1") -> dict:
    """A document in short, as the steps of a trial write it."""
    answer = {"value": 0.5, "uncertainty": None, "limit": None}
    return {
        "answers": {
            "place": {"verdict": "pass", **answer},
            "comparable": {"verdict": comparable, **answer},
        },
        "ledger_ha": {"standing": 0.1, "new": new, "recovered": new, "not_observed": 0.0},
        "findings": 3,
        "profile": "generic",
        "software": {"tinjau": software},
    }


def put(service, trial: str, position: int, state: TrialState, **more) -> None:
    """As a worker would leave one of its results."""
    with service.records.writing(service.offices["here"]) as session:
        row = session.scalars(
            select(TrialItem).where(
                TrialItem.trial_id == UUID(trial), TrialItem.position == position
            )
        ).one()
        row.state = state
        for name, value in more.items():
            setattr(row, name, value)


def test_rules_are_tried_on_what_is_published_and_tell_what_would_change(service) -> None:
    done = [finish(service) for _ in range(4)]
    runs = [str(run) for run, _ in done]
    with service.records.writing(service.offices["here"]) as session:
        batch = Batch(submitted_by=service.people["here", Role.GIS])
        session.add(batch)
        for position, (run, _) in enumerate(done):
            session.add(BatchItem(batch_id=batch.id, position=position, inspection_id=run))
    with service.as_role(Role.GIS) as client:
        before = {run: client.get(f"/api/v1/inspections/{run}").text for run in runs}
        answer = client.post("/api/v1/trials", json={"rules": OWN, "batch_id": str(batch.id)})
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert (told["profile"], told["is_own"], told["rules"]) == ("ours", True, OWN)
        assert (told["states"], told["changed"], told["items"]) == ({"waiting": 4}, 0, [])
        trial, address = told["id"], answer.headers["location"]
        put(
            service,
            trial,
            0,
            TrialState.DONE,
            before=answered("pass", 0.25),
            after=answered("fail", None, software="2"),
            changes=1,
        )
        same = answered("pass", 0.25)
        put(service, trial, 1, TrialState.DONE, before=same, after=same, changes=0)
        problem = problem_of(failure_of(UnfinishedError("disk_full")))
        put(service, trial, 2, TrialState.FAILED, problem=problem)
        later = client.get(address).json()
        assert later["states"] == {"done": 2, "failed": 1, "waiting": 1}
        assert later["changed"] == 1
        first, failed = later["items"]
        assert first["inspection_id"] == runs[0]
        assert first["permit_reference"] == done[0][1]
        others = [one for one in first["answers"] if one["is_other"]]
        assert [(one["question"], one["before"], one["after"]) for one in others] == [
            ("comparable", "pass", "fail")
        ]
        assert (first["ledger_before_ha"]["new"], first["ledger_after_ha"]["new"]) == (0.25, None)
        assert (first["is_other_version"], failed["is_other_version"]) == (True, False)
        assert failed["problem"]["code"] == "disk_full"
        assert failed["problem"]["hint"]
        every = client.get(address, params={"all": True}).json()["items"]
        assert [one["inspection_id"] for one in every] == runs
        table = list(csv.DictReader(io.StringIO(client.get(f"{address}/table").text)))
        assert [one["row"] for one in table] == [*["1"] * 6, *["2"] * 6, "3", "4"]
        changed = [
            (one["question"], one["value_before"]) for one in table if one["changes"] == "yes"
        ]
        assert changed == [("comparable", "0.5"), ("new_ha", "0.25"), ("recovered_ha", "0.25")]
        book = client.get(f"{address}/table", params={"form": "xlsx"})
        assert book.headers["content-type"].endswith(".sheet")
        sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
        assert sheet.max_row == len(table) + 1
        assert sheet["I4"].value == 0.1
        assert client.post(f"{address}/cancel").json()["states"] == {
            "done": 2,
            "failed": 1,
            "cancelled": 1,
        }
        assert client.get("/api/v1/trials").json()["items"][0]["id"] == trial
        # What is published is as it was, in every answer about it.
        assert {run: client.get(f"/api/v1/inspections/{run}").text for run in runs} == before


def test_what_cannot_be_tried_is_told_and_starts_nothing(service) -> None:
    unfinished = service.inspection("here")
    with service.records.reading_all() as session:
        known = len(session.scalars(select(Trial)).all())
        permit = session.get_one(InspectionRun, unfinished).permit_id
        reference = session.get_one(Permit, permit).reference
    refused = [
        ({}, 422, "trial_of_one_kind"),
        ({"profile": "generic", "rules": OWN}, 422, "trial_of_one_kind"),
        ({"profile": "generic", "words": "x", "batch_id": str(uuid4())}, 422, "trial_of_one_kind"),
        ({"profile": "generic", "batch_id": str(uuid4())}, 404, "absent"),
        ({"profile": "nobody"}, 422, "profile_unknown"),
        ({"rules": OWN.replace("generic", "/etc/rules.toml")}, 422, "profile_unknown"),
        ({"rules": "[" * 5000}, 422, "profile_unreadable"),
        ({"profile": "generic", "words": reference}, 422, "trial_nothing_published"),
    ]
    with service.as_role(Role.GIS) as client:
        for asked, status, code in refused:
            answer = client.post("/api/v1/trials", json=asked)
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        for asked in ({"profile": "../x"}, {"rules": OWN, "more": 1}, {"rules": "x" * 40_000}):
            assert client.post("/api/v1/trials", json=asked).status_code == 422
    with service.records.reading_all() as session:
        assert len(session.scalars(select(Trial)).all()) == known
    service.take_back_inspections()
