"""Rows that were handed to workers: asked for once, told as they end, and not by everybody."""

import csv
import io
import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from inspection.access.people import add_person
from inspection.batch.conducting import gather
from inspection.batch.handed import fingerprint, handing
from inspection.batch.store import Folder
from inspection.errors import ForbiddenError, UsageError
from inspection.evidence.verify import verify
from inspection.jobs.submission import cancel
from inspection.records.tables.flights import Flight, Upload, UploadState
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role, User
from inspection.wording.catalogue import wording
from tests.inspection.batch.test_recorded import installation
from tests.inspection.conftest import run
from tests.inspection.jobs import done

__all__ = ["installation"]
MOMENT = datetime(2026, 11, 21, 3, tzinfo=UTC)


class Seen:
    """Somebody who watches rows that have all ended."""

    def __init__(self) -> None:
        self.ends: list[tuple[str, str]] = []

    def at(self, one, _seen) -> None:
        raise AssertionError(one)

    def ended(self, one, how) -> None:
        self.ends.append((one.line.cells["permit"], how.state))


@pytest.fixture
def sent(installation):
    """The flights of the installation as files that somebody sent; and a GIS officer."""
    _, records, _, office, (*_, by) = installation
    with records.writing(office) as session:
        flights = {one.sha256: one for one in session.scalars(select(Flight))}
        for flight in flights.values():
            upload = Upload(
                brought_by=by,
                name=flight.name,
                kind="file",
                size=1,
                received=1,
                claimed_sha256=flight.sha256,
                state=UploadState.COMPLETE,
                expires_at=MOMENT + timedelta(days=1),
            )
            session.add(upload)
        add_person(session, login="gis", name="Gis", roles=[Role.GIS], by=None)
    return installation


def test_permits_on_record_are_handed_to_workers_and_gathered(sent, tmp_path):
    settings, records, objects, office, (*_, by) = sent
    with handing(settings, "gis", None, None) as (handed, usual):
        lines = handed.of_permits("*")
        batch = handed.ask(lines, usual, table="*")
        with records.reading(office) as session:
            first, second = session.scalars(select(InspectionRun).order_by(InspectionRun.id)).all()
            gis = session.scalars(select(User.id).where(User.login == "gis")).one()
        assert {first.submitted_by, second.submitted_by} == {gis}
        assert first.baseline_id is not None
        assert second.baseline_id is None, "there is no earlier flight"
        done.put(records, objects, office, first.id)
        with records.writing(office) as session:
            cancel(session, second.id, by=by)
        with Folder.opened(tmp_path / "out", created_at=MOMENT) as folder:
            rows = fingerprint(lines)
            assert folder.handed(rows) is None
            folder.hand(rows, batch)
            for _ in range(2):  # whoever is killed goes on with what lies there
                seen = Seen()
                planned = handed.gathered(
                    batch, lines, folder, lambda _rows, _known, seen=seen: nullcontext(seen)
                )
                assert folder.handed(rows) == batch
                ends = [("IUP 1", "done"), ("IUP 2", "failed"), ("IUP 3", "refused")]
                assert seen.ends == ends
            gather(planned, folder, table="*", words=wording("en"))
            with pytest.raises(UsageError, match="batch_of_another_table"):
                folder.handed(fingerprint(lines[1:]))
    told = list(csv.DictReader(io.StringIO((tmp_path / "out/batch.csv").read_text("utf-8"))))
    assert [one["code"] for one in told] == [
        "",
        "batch_row_cancelled",
        "batch_permit_without_flight",
    ]
    assert told[0]["peak_mb"] == ""
    assert verify(tmp_path / "out" / told[0]["folder"]).flaws == ()


def test_of_flights_without_a_time_none_is_taken_for_the_latest(sent):
    settings, records, _, office, _ = sent
    with records.writing(office) as session:
        session.scalars(select(Flight).where(Flight.name == "baseline.tif")).one().claimed_at = None
    with handing(settings, "gis", None, None) as (handed, _):
        told = [one.problem.code if one.problem else None for one in handed.of_permits("*")]
    assert told == ["batch_flight_undated", None, "batch_permit_without_flight"]


def test_only_who_may_ask_for_inspections_hands_rows_to_workers(sent):
    settings, records, _, office, _ = sent
    with records.writing(office) as session:
        add_person(session, login="reader", name="Reader", roles=[Role.AUDITOR], by=None)
    with pytest.raises(ForbiddenError), handing(settings, "reader", None, None):
        pytest.fail("it was let in")


@pytest.mark.parametrize("option", ["--memory=8G", "--records=records", "--dry-run"])
def test_what_counts_for_this_machine_alone_is_refused_for_workers(option, tmp_path):
    words = ("batch", tmp_path / "table.csv", "--out", tmp_path / "out", "--on-workers", "gis")
    refused = run(*words, option)
    said = json.loads(refused.stderr.splitlines()[-1])
    assert (refused.returncode, said["code"]) == (2, "batch_not_on_workers")
    assert said["where"] == option.partition("=")[0]
    assert not (tmp_path / "out").exists()
