"""What the child of a job may take: so much memory, so much time, with all that it begins."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inspection.jobs.ending import Ending, quarantined
from inspection.terminal.failure import UNFINISHED, Failure

MIB: Final = 1024 * 1024
_PROCESSES: Final = Path("/proc")
_KIB: Final = 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one try may take; None for as much as there is."""

    memory_mb: int | None = None
    hours: float | None = None


NO_LIMITS: Final = Limits()


@dataclass(kw_only=True)
class Meter:
    """Looks at a child and what it began, as long as it runs."""

    limits: Limits
    process: int
    peak_mb: int = 0
    """The most that was seen."""

    _began: float = field(default_factory=time.monotonic)

    def exceeded(self) -> Ending | None:
        """How a try ends that took too much; None where it did not."""
        hours, memory = self.limits.hours, self.limits.memory_mb
        taken = _memory_of(self.process)
        self.peak_mb = max(self.peak_mb, -(-taken // MIB))
        if hours is not None and time.monotonic() - self._began > hours * 3600:
            facts: dict[str, str | int | float] = {"hours": hours}
            return quarantined(Failure(code="job_time_exceeded", exit_code=UNFINISHED, facts=facts))
        if memory is not None and taken > memory * MIB:
            facts = {"memory_mb": memory}
            return quarantined(
                Failure(code="job_memory_exceeded", exit_code=UNFINISHED, facts=facts)
            )
        return None


def _memory_of(process: int) -> int:
    """Bytes that a process and all that it began have for themselves."""
    return sum(_anonymous(one) for one in (process, *_begun_by(process)))


def _begun_by(process: int) -> Iterator[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for path in _PROCESSES.glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold anything; what counts stands behind it.
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        children[parent].append(int(path.parent.name))
    found = list(children[process])
    for one in found:
        found += children[one]
    yield from found


def _anonymous(process: int) -> int:
    try:
        lines = (_PROCESSES / str(process) / "status").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith("RssAnon:"))
