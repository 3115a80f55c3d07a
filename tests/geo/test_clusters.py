"""Clusters hold what a mask marks once, and cut through nothing that hangs together."""

import cv2
import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS

from geo import clusters as module
from geo.clusters import clusters
from geo.grid import Grid
from geo.pieces import NEW, Piece
from geo.pieces_measured import outlined
from geo.polygons import absorbed, numbered
from geo.scored_pieces import Joining
from geo.sight import Sight
from tests.geo.judging import named_together

SHAPE = (300, 410)


def mask(seed: int, *, share: float) -> np.ndarray:
    """Blobs of some pixels width."""
    field = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=SHAPE), (0, 0), 5.0)
    return field > np.quantile(field, 1 - share)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.6, 1.0])
def test_each_part_lies_in_one_cluster(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    monkeypatch.setattr(module, "BLOCK_PX", 16)
    marked = mask(3, share=share)
    _, parts = cv2.connectedComponents(marked.view(np.uint8), connectivity=8)
    times, found = np.zeros(SHAPE, int), []
    for window, own in clusters(marked):
        times[window] += marked[window] & own
        numbers = set(np.unique(parts[window][own & marked[window]])) - {0}
        assert numbers
        assert all((parts == one).sum() == (parts[window] == one).sum() for one in numbers)
        found.append(numbers)
    assert np.array_equal(times, marked.astype(int))
    assert sum(map(len, found)) == len(set().union(*found)) == parts.max()
    if share in (0.01, 1.0):
        assert (len(found) > 4) == (share == 0.01)


def test_what_changed_is_judged_alike_in_clusters_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    standing = np.where(mask(1, share=0.3), np.uint8(Piece.STANDING_BARE), np.uint8(0))
    became = np.zeros(SHAPE, np.uint8)
    for seed, piece in enumerate((*NEW[:4], Piece.RECOVERED), start=5):
        became[mask(seed, share=0.02)] = piece
    firm = mask(20, share=0.6)
    sure = firm & mask(21, share=0.6)

    def judged(block_px: int) -> np.ndarray:
        monkeypatch.setattr(module, "BLOCK_PX", block_px)
        return named_together(
            standing, became, (firm, sure), Joining(rim_px=2.0, seed_share=0.4, least_px=12)
        )

    whole = judged(512)
    assert {*NEW[:4], Piece.RECOVERED, Piece.STANDING_BARE} <= set(np.unique(whole))
    assert not np.array_equal(whole, np.where(became > 0, became, standing))
    for block_px in (16, 64):
        assert np.array_equal(judged(block_px), whole)


def blocks(*marked: tuple[int | slice, int | slice]) -> np.ndarray:
    """Mark whole blocks of 16 pixels."""
    found = np.zeros((10, 12), np.bool_)
    for rows, columns in marked:
        found[rows, columns] = True
    return np.kron(found, np.ones((16, 16), np.bool_))


def test_a_cluster_in_anothers_window_stays_as_it_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that is judged first, and lies between the arms of the other."""
    monkeypatch.setattr(module, "BLOCK_PX", 16)
    around = blocks((slice(7), 8), (6, slice(2, 9)), (slice(2, 7), 2))
    marked = around | blocks((0, 5))
    assert len(list(clusters(marked))) == 2
    became = marked * np.uint8(Piece.NEW_CLEARED)
    judged = named_together(
        np.zeros_like(became),
        became,
        (marked, marked),
        Joining(rim_px=0.0, seed_share=0.4, least_px=12),
    )
    assert np.array_equal(judged, became)


def test_a_soft_rim_is_taken_off_where_a_block_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_PX", 16)
    marked = blocks((slice(3, 6), slice(4, 7)))
    firm = cv2.erode(marked.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    became = marked * np.uint8(Piece.NEW_CLEARED)
    judged = named_together(
        np.zeros_like(became),
        became,
        (firm, firm),
        Joining(rim_px=1.0, seed_share=0.4, least_px=12),
    )
    assert np.array_equal(judged > 0, firm)


def test_what_codes_mark_is_outlined_alike_in_clusters_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    codes = np.zeros(SHAPE, np.uint8)
    for seed, piece in enumerate(NEW, start=5):
        codes[mask(seed, share=0.03)] = piece
    codes[np.random.default_rng(1).random(SHAPE) < 0.1] = Piece.STANDING_BARE
    codes[~mask(40, share=0.12)] = Piece.NONE
    sight = np.where(mask(20, share=0.9), np.uint8(Sight.SEEN), np.uint8(0))
    grid = Grid(
        crs=CRS.from_epsg(32750),
        transform=Affine(0.3, 0, 300_000.1, 0, -0.3, 9_630_000.7),
        rows=SHAPE[0],
        columns=SHAPE[1],
    )

    def outlines(block_px: int) -> dict[str, Piece]:
        monkeypatch.setattr(module, "BLOCK_PX", block_px)
        assert (len(list(clusters(codes))) > 5) == (block_px < 256)
        found = outlined(codes, sight, grid, least_px=12)
        return {shapely.normalize(shape).wkb_hex: piece for piece, shape in found}

    whole = outlines(256)
    drawn = numbered([shapely.from_wkb(bytes.fromhex(one)) for one in whole], grid=grid)
    assert not drawn[sight == 0].any()
    assert set(NEW) <= set(whole.values())
    specks = absorbed(codes, least_px=12, where=sight > 0) != codes
    assert np.count_nonzero(specks & (codes == Piece.STANDING_BARE)) > 100
    for block_px in (8, 16):
        assert outlines(block_px) == whole


def test_a_speck_beside_a_piece_goes_to_the_wide_ground_around_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BLOCK_PX", 16)
    codes = np.zeros((64, 64), np.uint8)
    codes[17:31, 17:31] = Piece.NEW_CLEARED  # more than all else in its window
    codes[16, 20:22] = Piece.STANDING_BARE
    grid = Grid(crs=CRS.from_epsg(32750), transform=Affine.identity(), rows=64, columns=64)
    ((piece, shape),) = outlined(codes, np.full_like(codes, Sight.SEEN), grid, least_px=4)
    assert piece == Piece.NEW_CLEARED
    assert shape.area == 14 * 14
