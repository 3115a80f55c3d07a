"""Pixels laid once are the same in every window, and are asked for once."""

from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest
from pyproj import CRS

from geo import clusters, kept_looks, memory, narrow_pieces
from geo.appearance import Scale, appearance
from geo.grid import Grid, Tile
from geo.kept_looks import KeptLooks
from geo.laid import BLOCK_PX as LAID_PX
from geo.laid import MARGIN_PX, Laid
from geo.look import Look
from geo.narrow_pieces import with_strips
from geo.narrowness import strips
from geo.pieces import Piece
from geo.raster import Raster

GRID = Grid.over((0, 0, 1500, 1200), crs=CRS.from_epsg(32748), pixel=1.0)
WHOLE = Tile(row=0, column=0, rows=GRID.rows, columns=GRID.columns)


def flight(asked: Counter[tuple[float, float]]):
    """Pixels that tell their place, with a gap."""

    def read(grid: Grid) -> Raster:
        asked[grid.transform.c, grid.transform.f] += 1
        x = np.round(grid.transform.c) + np.arange(grid.columns)
        y = np.round(grid.transform.f) - np.arange(grid.rows)
        values = np.stack([(x[None] + k * y[:, None]) % 251 for k in (1, 2, 3)]).astype(np.uint8)
        valid = (x[None] + y[:, None]) % 7 > 0
        return Raster(values=values * valid, valid=valid, grid=grid)

    return read


@pytest.mark.parametrize("room", [memory.IN_MEMORY_BYTES, 0])
def test_windows_show_what_the_flight_shows_and_ask_for_it_once(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(memory, "IN_MEMORY_BYTES", room)
    asked: Counter[tuple[float, float]] = Counter()
    read = Laid(flight(asked), GRID, folder=None)
    for window in (
        WHOLE.of(GRID, margin=MARGIN_PX),
        Tile(row=1000, column=900, rows=40, columns=300).of(GRID),
        Tile(row=-60, column=-7, rows=90, columns=80).of(GRID),
    ):
        found, truth = read(window), flight(Counter())(window)
        assert np.array_equal(found.values, truth.values)
        assert np.array_equal(found.valid, truth.valid)
        assert found.grid is window
        found.values[...] = 0  # whoever asked may write on what it was given
    start = WHOLE.of(GRID, margin=MARGIN_PX).transform
    assert asked == {
        (start.c + right, start.f - down): 1 for down in (0, LAID_PX) for right in (0, LAID_PX)
    }


def test_windows_that_are_no_part_of_the_grid_are_read_directly() -> None:
    asked: Counter[tuple[float, float]] = Counter()
    read = Laid(flight(asked), GRID, folder=None)
    corners = (
        (-MARGIN_PX - 1, 0),
        (0, -MARGIN_PX - 1),
        (GRID.rows + MARGIN_PX - 8, 0),
        (0, GRID.columns + MARGIN_PX - 8),
    )
    beyond = [Tile(row=row, column=column, rows=9, columns=9).of(GRID) for row, column in corners]
    between = replace(GRID, transform=GRID.transform.translation(0.5, 0) @ GRID.transform)
    elsewhere = replace(GRID, crs=CRS.from_epsg(32749))
    for window in (GRID.coarser(4), *beyond, between, elsewhere):
        before = asked.total()
        assert read(window).grid is window
        assert asked.total() == before + 1


SHAPE = (30, 40)


@pytest.mark.parametrize("room", [kept_looks.IN_MEMORY_PX, 1000, 0])
def test_looks_come_back_as_they_were_put(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """All in memory, some in the file, all in the file."""
    monkeypatch.setattr(kept_looks, "IN_MEMORY_PX", room)
    tiles = [Tile(row=0, column=40 * i, rows=30, columns=40) for i in range(3)]
    looks = [_look(np.random.default_rng(i), SHAPE, dates=1 + i % 2) for i in range(3)]
    masks = [np.random.default_rng(i).random(SHAPE) < 0.7 for i in range(3)]
    kept = KeptLooks(folder=None)
    for tile, seen, where in zip(tiles, looks, masks, strict=True):
        kept.put(tile, seen, where)
    for tile, seen, where in reversed(list(zip(tiles, looks, masks, strict=True))):
        some = where & (np.arange(40) % 2 == 0)
        again = kept.take(tile, some)
        assert again is not None
        for one, other in (
            (again.change, seen.change),
            (again.cover_after, seen.cover_after),
            (again.compared, seen.compared),
            (again.after.roughness, seen.after.roughness),
        ):
            assert one.dtype == other.dtype
            assert np.array_equal(one, other[some])
        assert (again.before is None) == (seen.before is None)
        if again.before is not None and seen.before is not None:
            assert np.array_equal(again.before.lightness, seen.before.lightness[some])
        assert kept.take(tile, some) is None, "they are taken once"


def test_a_look_that_lacks_a_pixel_is_not_given() -> None:
    tile = Tile(row=0, column=0, rows=30, columns=40)
    kept = KeptLooks(folder=None)
    where = np.ones(SHAPE, np.bool_)
    where[3, 4] = False
    kept.put(tile, _look(np.random.default_rng(0), SHAPE, dates=2), where)
    assert kept.take(tile, ~where) is None


def test_looks_without_end_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_looks, "IN_FILE_PX", 2000)
    tiles = [Tile(row=0, column=40 * i, rows=30, columns=40) for i in range(2)]
    kept, all_of_it = KeptLooks(folder=None), np.ones(SHAPE, np.bool_)
    for tile in tiles:
        kept.put(tile, _look(np.random.default_rng(0), SHAPE, dates=2), all_of_it)
    assert kept.take(tiles[0], all_of_it) is not None
    assert kept.take(tiles[1], all_of_it) is None


def _look(random: np.random.Generator, shape: tuple[int, int], *, dates: int) -> Look:
    picture = random.uniform(0, 255, (3, *shape)).astype(np.float32)
    shown = appearance(picture, np.ones(shape, np.bool_), scale=Scale.of(0.25))
    covers = random.integers(0, 5, (2, *shape)).astype(np.uint8)
    return Look(
        before=shown if dates == 2 else None,
        after=shown,
        cover_before=covers[0],
        cover_after=covers[1],
        change=random.uniform(0, 3, shape).astype(np.float32),
        compared=random.uniform(0, 1, shape) < 0.5,
    )


@pytest.mark.parametrize("least", [0.0, 2.2])
def test_strips_are_cut_alike_wherever_blocks_meet(
    monkeypatch: pytest.MonkeyPatch, least: float
) -> None:
    """Ground of all widths, in blocks so small that many of them meet; much of it, and little."""
    monkeypatch.setattr(narrow_pieces, "BLOCK_PX", 96)
    monkeypatch.setattr(clusters, "BLOCK_PX", 32)
    radius, shape = 9, (700, 900)
    random = np.random.default_rng(1)
    new, standing = (cv2.GaussianBlur(random.normal(size=shape), (0, 0), 6.0) for _ in range(2))
    codes = np.zeros(shape, np.uint8)
    codes[new > least * new.std()] = Piece.NEW_CLEARED
    codes[standing > max(1.0, least) * standing.std()] = Piece.STANDING_BARE
    codes[300:340, 410:440], codes[600:640, 20:60] = Piece.NEW_CLEARED, Piece.STANDING_BARE
    whole = np.pad(codes, 4 * radius)
    wanted = codes.copy()
    inner = slice(4 * radius, -4 * radius)
    for piece, strip in (
        (Piece.NEW_CLEARED, Piece.NEW_STRIP),
        (Piece.STANDING_BARE, Piece.STANDING_STRIP),
    ):
        wanted[strips(whole == piece, radius=radius)[inner, inner]] = strip
    found = with_strips(codes, radius=radius)
    assert np.array_equal(found, wanted)
    ways = {Piece.NEW_STRIP, Piece.NEW_CLEARED, Piece.STANDING_STRIP, Piece.STANDING_BARE}
    assert ways <= set(np.unique(found))


def test_what_lies_in_anothers_window_is_not_cut_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wide piece, one pixel of which lies in the window around two arms beside it."""
    monkeypatch.setattr(clusters, "BLOCK_PX", 32)
    codes = np.zeros((320, 384), np.uint8)
    codes[0:224, 0:32] = codes[192:224, 0:224] = Piece.STANDING_BARE
    codes[64:128, 224:320] = Piece.STANDING_BARE
    narrow = strips(np.pad(codes, 40) > 0, radius=9)[40:-40, 40:-40]
    assert np.array_equal(with_strips(codes, radius=9) == Piece.STANDING_STRIP, narrow)
    assert not narrow[90:100, 224].any()
