"""JPEG's blocks: taken out of a picture where they are, and nothing else."""

import cv2
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.block_edges import without_block_edges
from geo.grid import Grid
from geo.raster import Raster

GRID = Grid(
    crs=CRS.from_epsg(32750), transform=Affine(0.25, 0, 0, 0, -0.25, 0), rows=512, columns=640
)


def faint(*, contrast=3.0, seed=1):
    """Ground that shows little, with one bright road of hard edges."""
    noise = np.random.default_rng(seed).normal(size=(*GRID.shape, 3))
    smooth = cv2.GaussianBlur(noise, (0, 0), 4)
    picture = 110 + contrast * smooth / smooth.std()
    picture[:, 200:216] += 80
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def packed(picture, *, quality=50):
    """As a JPEG brings it back."""
    _, file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(file, cv2.IMREAD_COLOR)


def reading(picture, *, home=GRID):
    """A Read of windows that lie on the picture's own pixels."""

    def read(target):
        place = ~home.transform @ target.transform
        row, column = round(place.f), round(place.c)
        values = picture[row : row + target.rows, column : column + target.columns]
        valid = np.ones(target.shape, bool)
        return Raster(values=values.transpose(2, 0, 1), valid=valid, grid=target)

    return read


def blockiness(values, period=8, first=0):
    """By how much steps at block edges exceed all others, both ways, grey levels."""
    said = []
    for way in (values, values.swapaxes(1, 2)):
        sizes = np.abs(np.diff(way.astype(float), axis=2)).mean(axis=(0, 1))
        at = (np.arange(1, sizes.size + 1) - first) % period == 0
        said.append(np.median(sizes[at]) - np.median(sizes[~at]))
    return max(said)


def test_steps_between_blocks_are_taken_out_and_hard_edges_stay():
    picture = packed(faint())
    before, after = (read(GRID).values for read in (reading(picture), smoothed(picture)))
    assert blockiness(before) > 0.5
    assert blockiness(after) < 0.25 * blockiness(before)
    step = [one[:, :, 200:216].mean() - one[:, :, 180:196].mean() for one in (before, after)]
    assert step[1] == pytest.approx(step[0], abs=1)
    across = [np.abs(np.diff(one.astype(int), axis=2))[:, :, 199].mean() for one in (before, after)]
    assert across[1] > 0.9 * across[0] > 40


def smoothed(picture, *, home=GRID):
    return without_block_edges(reading(picture, home=home), home)


def test_a_window_that_begins_within_a_block_is_the_same_part_of_the_whole():
    read = smoothed(packed(faint()))
    whole = read(GRID).values
    window = GRID.window(row=91, column=131, rows=128, columns=128)
    inner = slice(8, -8)
    part = read(window).values[:, inner, inner]
    assert np.array_equal(part, whole[:, 91 : 91 + 128, 131 : 131 + 128][:, inner, inner])


def test_blocks_are_found_where_the_ground_compared_begins_within_one():
    picture = packed(faint())[3:, 5:]
    home = GRID.window(row=3, column=5, rows=GRID.rows - 3, columns=GRID.columns - 5)
    before, after = (
        read(home).values for read in (reading(picture, home=home), smoothed(picture, home=home))
    )
    assert blockiness(after[:, 5:, 3:]) < 0.25 * blockiness(before[:, 5:, 3:])


def test_blocks_of_a_picture_read_at_half_its_size_are_half_as_large():
    fine = np.kron(faint(contrast=6.0), np.ones((2, 2, 1), np.uint8))
    halved = cv2.resize(packed(fine, quality=25), GRID.shape[::-1], interpolation=cv2.INTER_AREA)
    before, after = (read(GRID).values for read in (reading(halved), smoothed(halved)))
    assert blockiness(before, period=4) > 0.3
    assert blockiness(after, period=4) < 0.4 * blockiness(before, period=4)


@pytest.mark.parametrize("contrast", [0.0, 3.0, 40.0])
def test_a_picture_without_blocks_is_read_as_it_is(contrast):
    read = reading(
        faint(contrast=contrast) if contrast else np.full((*GRID.shape, 3), 90, np.uint8)
    )
    assert without_block_edges(read, GRID) is read


def test_pixels_that_are_not_the_pictures_own_are_read_as_they_are():
    picture = packed(faint())
    coarse = GRID.coarser(2)

    def read(target):
        if target == coarse:
            values = picture[::2, ::2].transpose(2, 0, 1)
            return Raster(values=values, valid=np.ones(coarse.shape, bool), grid=coarse)
        return reading(picture)(target)

    assert np.array_equal(without_block_edges(read, GRID)(coarse).values, read(coarse).values)


def test_unseen_ground_stays_unseen():
    picture = packed(faint())

    def read(target):
        raster = reading(picture)(target)
        valid = raster.valid.copy()
        valid[:, : target.columns // 8] = target.columns != GRID.columns
        return Raster(values=raster.values * valid, valid=valid, grid=target)

    values = without_block_edges(read, GRID)(GRID).values
    assert (values[:, :, : GRID.columns // 8] == 0).all()
    assert (values[:, :, GRID.columns // 8 :] > 0).all()
