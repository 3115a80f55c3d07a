"""Abreast: the same done to many values on as many threads as there are processors for it."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Final

from rasterio.env import defenv

MOST_THREADS: Final = 2
"""More would hold more in memory at a time, and others work on the machine too."""


def processors() -> int:
    """How many processors this process may use."""
    return min(os.cpu_count() or 1, len(os.sched_getaffinity(0)))


def abreast[Value, Result](
    function: Callable[[Value], Result],
    values: Iterable[Value],
    *,
    leave: Callable[[], None] | None = None,
) -> Iterator[Result]:
    """
    Give the results in the order of the values; as many are made ahead as there are threads.

    What making one raises is raised when its turn comes. `leave` is called where not all results
    are taken: it may bring what is still being made to an end, which is waited for.
    """
    threads = min(MOST_THREADS, processors())
    with ThreadPoolExecutor(threads, initializer=defenv) as pool:
        left = iter(values)
        coming: deque[Future[Result]] = deque()
        try:
            coming.extend(begun(pool, function, value) for value in islice(left, threads))
            while coming:
                result = coming.popleft().result()
                coming.extend(begun(pool, function, value) for value in islice(left, 1))
                yield result
        except BaseException:
            if leave is not None:
                leave()
            raise
        finally:
            for one in coming:
                one.cancel()


def begun[**Given, Result](
    pool: ThreadPoolExecutor,
    function: Callable[Given, Result],
    *given: Given.args,
    **named: Given.kwargs,
) -> Future[Result]:
    """
    Begin work on a thread.

    Raises
    ------
    MemoryError
        If there is no room for one more thread.
    """
    try:
        return pool.submit(function, *given, **named)
    except RuntimeError as error:
        raise MemoryError("no thread can begin") from error
