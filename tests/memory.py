"""A folder in memory, for files that only a test wants: a disk makes it wait at every fsync."""

import os
import shutil
from pathlib import Path

FOLDER = Path("/dev/shm")  # noqa: S108 - the names in it are random ones
GIB = 2**30


def in_memory(*, room: int, spare: int = 0) -> Path | None:
    """Give it if it has this much room, programs run in it and so much memory is to spare."""
    if not os.access(FOLDER, os.W_OK) or shutil.disk_usage(FOLDER).free <= room:
        return None
    if os.statvfs(FOLDER).f_flag & os.ST_NOEXEC or available() <= spare:
        return None
    return FOLDER


def available() -> int:
    """Memory that nobody uses, by the kernel's own account."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return 0
