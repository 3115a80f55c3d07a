"""The ledger adds up exactly, and a line with an uncertainty cuts ground into three."""

import itertools

import pytest
import shapely
import shapely.affinity
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import MultiPolygon, Point, Polygon, box

from geo.area import area_m2
from geo.partition import SNAP_M, Division, common, disjoint, ledger_m2, less, resolved, union

UTM = CRS.from_epsg(32750)
EAST, NORTH = 300_000.0, 9_630_000.0


def at(x0, y0, x1, y1):
    return box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


PERMIT = at(0, 0, 200, 200)
LOOKED_AT = PERMIT.buffer(100)


def division(uncertainty_m=5.0):
    return Division.of(PERMIT, LOOKED_AT, uncertainty_m=uncertainty_m)


def test_a_shape_across_the_line_is_cut_into_three():
    split = division().split(at(180, 50, 230, 100))
    assert split.inside.area == pytest.approx(15 * 50)
    assert split.uncertain.area == pytest.approx(10 * 50)
    assert split.outside.area == pytest.approx(25 * 50)


def test_ground_beyond_the_ring_is_not_counted():
    assert division().split(at(400, 50, 430, 100)).whole.is_empty
    assert division().split(at(190, 50, 500, 100)).whole.area == pytest.approx(110 * 50, rel=1e-6)


def test_the_distance_past_the_line_is_the_farthest():
    assert division().distance_outside_m(at(180, 50, 230, 100)) == pytest.approx(30, abs=1e-3)
    assert division().distance_outside_m(at(20, 50, 30, 100)) is None


def test_what_an_overlay_gave_is_cut_as_if_it_were_laid_on_the_lattice_anew():
    for seed in range(20):
        turn = 0.1 + seed / 7
        one = shapely.affinity.rotate(at(-30, 10, 90, 130), 31 * turn)
        other = shapely.affinity.rotate(at(20, 40, 150, 90), 17 * turn)
        shared, rest = common(one, other), less(one, other)
        anew = [shapely.from_wkb(shape.wkb) for shape in (shared, rest)]
        for work in (common, less):
            assert work(PERMIT, shared).equals(work(PERMIT, anew[0]))
            assert work(rest, PERMIT).equals(work(anew[1], PERMIT))
        assert union([shared, rest]).equals(union(anew))
        assert union([rest, MultiPolygon()]).equals(rest)


@given(
    st.lists(
        st.tuples(st.floats(-50, 250), st.floats(-50, 250), st.floats(1, 80), st.integers(3, 40)),
        min_size=0,
        max_size=6,
    )
)
def test_parts_share_no_ground_and_make_the_whole(circles):
    shapes = {
        f"part{n}": Point(EAST + x, NORTH + y).buffer(r, quad_segs=q)
        for n, (x, y, r, q) in enumerate(circles)
    }
    parts = disjoint(shapes, within=PERMIT)
    for one, other in itertools.combinations(parts.values(), 2):
        assert common(one, other).area <= SNAP_M * (one.length + other.length)
    assert union(parts.values()).area == pytest.approx(PERMIT.area, abs=0.01)
    areas = ledger_m2(parts, PERMIT, UTM)
    total = sum(round(areas[name] * 100) for name in parts)
    assert total == round(areas["whole"] * 100), "to the last hundredth of a square metre"
    for name, part in parts.items():
        assert areas[name] == pytest.approx(area_m2(part, UTM), abs=0.02 + 0.001 * part.length)


def test_parts_that_do_not_make_the_whole_are_a_fault():
    with pytest.raises(ValueError, match="ledger is off"):
        ledger_m2({"half": at(0, 0, 100, 200)}, PERMIT, UTM)


def test_stairs_of_pixel_edges_are_no_ground():
    stairs = union([at(k, 0, k + 1, (k % 2) * 0.4) for k in range(100)])
    gap = at(50, 50, 60, 60)
    kept = resolved(union([stairs, gap]), width_m=1.0)
    assert kept.area == pytest.approx(100, rel=0.01)
    assert less(kept, gap.buffer(1)).area < 1e-6


def test_lines_left_by_an_overlay_have_no_area():
    touching = common(at(0, 0, 10, 10), at(10, 0, 20, 10))
    assert isinstance(touching, MultiPolygon)
    assert touching.is_empty
    crossing = union([Polygon(), at(0, 0, 1, 1)])
    assert shapely.area(crossing) == pytest.approx(1)
