"""What a step does to a clock: by its meaning, and by whether its time is the office's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from inspection.records.moving import moves_of
from inspection.records.tables.clocks import ProcessStep

JAKARTA = ZoneInfo("Asia/Jakarta")


def step(**more):
    told = {
        "source": "SiCantik",
        "code": "2",
        "name": None,
        "status": None,
        "state": None,
        "meaning": None,
        "began": "2026-03-16T08:00:00",
        "ended": None,
        "counts": True,
        "where": "row 1",
    }
    return ProcessStep(**told | more)


def at(day, hour=0):
    return datetime(2026, 3, day, hour, tzinfo=JAKARTA)


DONE = {"state": "done", "ended": "2026-03-17"}


@pytest.mark.parametrize(
    ("told", "moves"),
    [
        ({}, []),
        ({"meaning": "complete"}, [(at(16, 8), "start")]),
        ({"meaning": "complete", "state": "active"}, []),
        ({"meaning": "complete", **DONE}, [(at(17), "start")]),
        ({"meaning": "clock_stops", "state": "active"}, [(at(16, 8), "stop")]),
        ({"meaning": "issued", **DONE}, [(at(17), "end")]),
        ({"meaning": "field_inspection"}, []),
        ({"counts": False, "state": "active"}, [(at(16, 8), "stop")]),
        ({"counts": False, **DONE}, [(at(16, 8), "stop"), (at(17), "resume")]),
        ({"counts": False, **DONE, "ended": "2026-03-15"}, [(at(16, 8), "stop")]),
        ({"meaning": "complete", "began": "2026-03-16T01:00:00+00:00"}, [(at(16, 8), "start")]),
        ({"meaning": "complete", "began": None}, []),
    ],
)
def test_a_step_moves_a_clock_as_it_means(told, moves):
    assert list(moves_of(step(**told), JAKARTA)) == moves
