"""Threads of OpenCV: none of its own but where a long call is to have them."""

from collections.abc import Iterator

import cv2
import pytest

from geo.abreast import processors
from geo.undivided import divided, work_undivided


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = cv2.getNumThreads()
    yield
    cv2.setNumThreads(before)


def test_work_is_shared_out_only_while_that_is_asked() -> None:
    work_undivided()
    assert cv2.getNumThreads() == 1
    with divided():
        assert cv2.getNumThreads() == processors()
    assert cv2.getNumThreads() == 1


def test_what_goes_wrong_leaves_no_threads_behind() -> None:
    work_undivided()
    with pytest.raises(ZeroDivisionError), divided():
        _ = 1 / 0
    assert cv2.getNumThreads() == 1
