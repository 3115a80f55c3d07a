"""Reading ahead: the next values are made on a thread of their own while one is used."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from rasterio.env import defenv

from geo.abreast import begun

_END: Final = object()


def ahead[Value](values: Iterator[Value], *, most: int) -> Iterator[Value]:
    """
    Give values in their order; up to `most` of them are made before they are asked for.

    What making one raises is raised when its turn comes. GDAL warns each thread of what that
    thread did: the one here hears it too.
    """
    with ThreadPoolExecutor(1, initializer=defenv) as pool:
        coming = deque(begun(pool, next, values, _END) for _ in range(most))
        try:
            while (value := coming.popleft().result()) is not _END:
                coming.append(begun(pool, next, values, _END))
                yield value  # type: ignore[misc]  # the mark of the end is no value
        finally:
            for one in coming:
                one.cancel()
