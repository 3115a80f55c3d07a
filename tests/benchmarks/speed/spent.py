"""What a whole process spent, and all that it started."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """One run of one way."""

    cpu_s: float
    """User and system, of the process and of all that it waited for."""
    wall_s: float
    peak_mb: float
    """Of its largest process."""
    out_mb: float


class FailedError(Exception):
    """A way that did not end well; the words are its own."""


def spent(commands: list[list[str]], *, cwd: Path, out: tuple[str, ...] = ()) -> Spent:
    """Run commands one after the other and say what they spent together."""
    cpu = peak = 0.0
    begun = time.perf_counter()
    for command in commands:
        with (cwd / "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=cwd, stdout=log, stderr=log, env=environment(), start_new_session=True
            )
            try:
                _, status, used = os.wait4(process.pid, 0)
            except BaseException:  # whoever stops the benchmark stops what it runs
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise FailedError(f"{command[0]}: {(cwd / 'log').read_text()[-2000:]}")
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)
    wall = time.perf_counter() - begun
    written = sum((cwd / name).stat().st_size for name in out if (cwd / name).is_file())
    return Spent(cpu_s=cpu, wall_s=wall, peak_mb=peak, out_mb=written / 1e6)


def environment() -> dict[str, str]:
    """Two threads where a tool would start one a core."""
    return os.environ | {
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "PYTHONPATH": str(Path.cwd()),
    }


SPIN = """
import time
end = time.perf_counter() + 1
while time.perf_counter() < end:
    pass
print(time.process_time())
"""


def cores_free() -> float:
    """How many cores two spinning processes get: below two, others were at work."""
    spinning = [
        subprocess.Popen([sys.executable, "-c", SPIN], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    return sum(float(one.communicate()[0]) for one in spinning)
