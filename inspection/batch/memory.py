"""How much memory a batch may take, and how many rows at a time that is enough for."""

import re
from pathlib import Path
from typing import Final

from inspection.errors import UsageError

LEAST_MB: Final = 768
"""What a row is given at least: less would end ordinary flights."""

_SHARE: Final = 0.75
"""Of the machine's memory, where nobody states a budget."""

_SIZE: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(|[KMGT]i?B?|B)", re.IGNORECASE)
_POWERS: Final = {"": 2, "B": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_MIB: Final = 1024 * 1024
_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def budget_mb(stated: str | None) -> int:
    """
    The budget in MiB: as stated (``8G``, ``6000M``, a number of MiB), else most of the machine's.

    Raises
    ------
    UsageError
        ``batch_memory_unreadable``; ``batch_memory_small`` if no row could run in it.
    """
    if stated is None:
        return max(LEAST_MB, int(_of_machine() * _SHARE) // _MIB)
    found = _SIZE.fullmatch(stated.strip())
    if found is None:
        raise UsageError("batch_memory_unreadable", where="--memory")
    number = float(found[1].replace(",", "."))
    size = int(number * 1024 ** (_POWERS[found[2][:1].upper()] - 2))
    if size < LEAST_MB:
        raise UsageError("batch_memory_small", where="--memory", least=LEAST_MB)
    return size


def places_in(budget: int, workers: int) -> int:
    """How many of the workers wanted have room at a time."""
    return max(1, min(workers, budget // LEAST_MB))


def _of_machine() -> int:
    lines = Path("/proc/meminfo").read_text().splitlines()
    whole = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemTotal:"))
    for path in _LIMITS:
        if path.is_file() and (text := path.read_text().strip()).isdecimal():
            whole = min(whole, int(text))
    return whole
