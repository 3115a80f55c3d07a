"""Threads of OpenCV: none of its own but where a long call is to have them."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.abreast import processors
from geo.features import features
from geo.grid import Grid
from geo.raster import Raster
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


def test_features_are_sought_by_all_processors() -> None:
    work_undivided()
    threads = []

    def read(window: Grid) -> Raster:
        threads.append(cv2.getNumThreads())
        shape = window.shape
        return Raster(
            values=np.zeros((3, *shape), np.uint8), valid=np.zeros(shape, np.bool_), grid=window
        )

    place = Affine(0.2, 0, 0, 0, -0.2, 0)
    features(read, Grid(crs=CRS.from_epsg(32748), transform=place, rows=600, columns=600))
    assert set(threads) == {processors()}
