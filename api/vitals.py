"""What Prometheus is told of the installation beside its requests."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from inspection.errors import UnfinishedError
from inspection.upkeep.vitals import Counting, Vitals, free_bytes

LASTS_S: Final = 10.0
"""How long a look at the records is good for: whoever asks more often costs them nothing."""


class InstallationVitals(Collector):
    """Figures of the records and the disks, for a registry."""

    def __init__(self, counting: Counting, folders: Mapping[str, Path]) -> None:
        self._counting, self._folders = counting, folders
        self._lock = Lock()
        self._seen: Vitals | None = None
        self._seen_at = -LASTS_S

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the registry shall not ask the database when it is set up."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Each figure; without a database only that there is none, and the disks."""
        vitals = self._look()
        yield _gauge("tinjau_database_up", "Whether the database answers", vitals is not None)
        if vitals is not None:
            yield from _told(vitals)
        free = GaugeMetricFamily("tinjau_disk_free_bytes", "Room on the disk", labels=["of"])
        for name, folder in self._folders.items():
            free.add_metric([name], free_bytes(folder))
        yield free

    def _look(self) -> Vitals | None:
        with self._lock:
            if time.monotonic() - self._seen_at >= LASTS_S:
                try:
                    self._seen = self._counting.look()
                except UnfinishedError:
                    self._seen = None
                self._seen_at = time.monotonic()
            return self._seen


def _told(vitals: Vitals) -> Iterable[Metric]:
    text = "Inspections that wait, run, or need somebody"
    is_open = GaugeMetricFamily("tinjau_inspections", text, labels=["state"])
    for state, number in vitals.inspections.items():
        is_open.add_metric([state], number)
    yield is_open
    text = "Inspections that ended since the start"
    ended = CounterMetricFamily("tinjau_inspections_ended", text, labels=["state"])
    for state, number in vitals.ended.items():
        ended.add_metric([state], number)
    yield ended
    for name, text, value in (
        ("oldest_waiting_seconds", "Age of the oldest waiting inspection", vitals.oldest_waiting_s),
        ("uploads_unfinished", "Uploads on their way", vitals.uploads),
        ("outbox_waiting", "Messages to be delivered", vitals.outbox),
        ("outbox_oldest_seconds", "Age of the oldest of them", vitals.outbox_oldest_s),
        ("outbox_given_up", "Messages that nobody took", vitals.outbox_given_up),
        ("audit_head_age_seconds", "Since the newest signed head", vitals.head_age_s),
    ):
        if value is not None:
            yield _gauge(f"tinjau_{name}", text, value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))
