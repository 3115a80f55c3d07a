"""Memory that is free waits for the next array, and is given back when it is asked for."""

import subprocess
import sys

import pytest

PASSING = """
import resource, sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from geo.memory import give_back, keep_free

def pages():
    with open("/proc/self/statm") as held:
        return int(held.read().split()[1])

def passing(_):
    arrays = [np.full(mb << 20, 7, np.uint8) for mb in (5, 9, 3, 12)]
    return sum(int(array[-1]) for array in arrays)

if sys.argv[1] == "kept":
    keep_free()
with ThreadPoolExecutor(1) as one:
    one.submit(passing, 0).result()
with ThreadPoolExecutor(1) as another:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    list(another.map(passing, range(20)))
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
held = pages()
give_back()
print(faults, held - pages())
"""

MEGABYTE = 256
"""Pages."""


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, int]]:
    """Pages that passing arrays asked the machine for, and those given back at the end."""
    said = {
        how: subprocess.run(
            [sys.executable, "-c", PASSING, how], check=True, capture_output=True, text=True
        ).stdout
        for how in ("kept", "not kept")
    }
    return {how: tuple(map(int, line.split())) for how, line in said.items()}


def test_arrays_take_the_room_of_those_before_them(told: dict[str, tuple[int, int]]) -> None:
    """Of one thread or another: nothing is asked of the machine anew."""
    assert told["kept"][0] < 4 * MEGABYTE
    assert told["not kept"][0] > 20 * MEGABYTE  # else the C library needs no asking any more


def test_what_waited_is_given_back(told: dict[str, tuple[int, int]]) -> None:
    """All but a little of the 29 MB."""
    assert told["kept"][1] > 25 * MEGABYTE
