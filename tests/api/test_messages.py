"""A record system is told by the worker of an installation, which a person starts."""

import json
import os
import signal
import subprocess
import sys
import time
from threading import Event

import httpx
from sqlalchemy import select

from inspection.delivery.attaching import attach
from inspection.delivery.deliverer import deliver
from inspection.delivery.webhook import receiver_of
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.offices import Role
from inspection.records.tables.reports import Report
from inspection.settings import Settings
from tests.inspection.records.receiver import record_system, status

MOST_S = 90
PHRASE = "a phrase of more than 24 bytes"


def worker(data, **more) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "inspection", "worker", "--language", "en"],
        env={**os.environ, "TINJAU_DATA": str(data), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_worker_tells_of_what_was_attached(installation, tmp_path) -> None:
    there = installation(tmp_path / "data")
    report = there.report("here")
    office, by = there.offices["here"], there.people["here", Role.REVIEWER]
    with there.records.writing(office) as session:
        attach(session, session.get_one(Report, report.id), by=by, role="reviewer")
    with record_system(status(200)) as system:
        working = worker(
            tmp_path / "data",
            TINJAU_WEBHOOK_URL=system.url,
            TINJAU_WEBHOOK_SECRET=PHRASE,
            TINJAU_ADDRESS="https://tinjau.example",
        )
        until = time.monotonic() + MOST_S
        while not is_delivered(there, office):
            assert working.poll() is None, working.communicate()
            assert time.monotonic() < until
            time.sleep(0.2)
        working.send_signal(signal.SIGTERM)
        out, err = working.communicate(timeout=60)
    assert working.returncode == 0, err
    assert "Traceback" not in out + err
    (call,) = system.calls
    told = json.loads(call.body)
    assert told["data"]["receipt"]["report"]["sha256"] == report.sha256
    assert told["data"]["file"]["url"] not in out + err


def is_delivered(there, office) -> bool:
    with there.records.reading(office) as session:
        return session.scalars(select(OutboxMessage.delivered_at)).one() is not None


def test_a_worker_that_could_not_sign_does_not_begin(tmp_path) -> None:
    working = worker(tmp_path / "data", TINJAU_WEBHOOK_URL="https://records.example/hook")
    _, err = working.communicate(timeout=60)
    assert working.returncode == 2
    assert json.loads(err.splitlines()[-1])["code"] == "webhook_secret"


def test_the_link_of_a_message_gives_the_paper_to_whoever_has_it(service) -> None:
    report = service.report("here")
    by = service.people["here", Role.REVIEWER]
    with service.records.writing(service.offices["here"]) as session:
        attach(session, session.get_one(Report, report.id), by=by, role="reviewer")
    with record_system(status(200)) as system:
        to = receiver_of(
            Settings(webhook_url=system.url, webhook_secret="x" * 24, address=service.url)
        )
        while not any(report.sha256.encode() in call.body for call in system.calls):
            assert deliver(service.records, service.app.state.objects, to, Event())
    bodies = [json.loads(call.body)["data"] for call in system.calls]
    (file,) = [one["file"] for one in bodies if one["receipt"]["report"]["sha256"] == report.sha256]
    answer = httpx.get(file["url"])
    assert answer.headers["ETag"] == f'"{file["sha256"]}"'
    assert len(answer.content) == file["size"]
    assert answer.content == b"".join(service.app.state.objects.stream(file["sha256"]))
    assert httpx.get(file["url"][:-1]).status_code == 404
