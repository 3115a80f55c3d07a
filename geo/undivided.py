"""OpenCV's own threads: none where windows are worked on abreast, all for long calls alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2

from geo.abreast import processors


def work_undivided() -> None:
    """
    Have OpenCV do what it is asked on the thread that asks, all over this process.

    Whole windows are worked on abreast. What it would cut up besides is small, and its threads
    wait for the next piece awake.
    """
    cv2.setNumThreads(1)


@contextmanager
def divided() -> Iterator[None]:
    """Let OpenCV share out long calls that are made one at a time among all processors."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(processors())
    try:
        yield
    finally:
        cv2.setNumThreads(before)
