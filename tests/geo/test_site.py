"""Sites: which ground is looked at, and on which pixels."""

import json

import pytest
from affine import Affine
from pyproj import CRS

from geo.boundary import read_boundary
from geo.crs import moved_shape
from geo.errors import RefusedError
from geo.grid import Grid
from geo.site import Site

UTM = CRS.from_epsg(32750)


@pytest.fixture
def boundary(tmp_path):
    west, south, size = 115.5, -3.5, 0.002
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size]]
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}))
    return read_boundary(path)


def image_over(boundary, *, size_m=0.2, margin_m=300.0, crs=UTM):
    left, bottom, right, top = boundary.on(UTM).bounds
    grid = Grid(
        crs=UTM,
        transform=Affine(size_m, 0, left - margin_m, 0, -size_m, top + margin_m),
        rows=round((top - bottom + 2 * margin_m) / size_m),
        columns=round((right - left + 2 * margin_m) / size_m),
    )
    assert crs == UTM
    return grid


def test_the_ring_is_as_wide_as_asked(boundary):
    site = Site.around(boundary, ring_m=100, near=UTM)
    left, bottom, right, top = site.permit.bounds
    assert site.looked_at.bounds == pytest.approx(
        (left - 100, bottom - 100, right + 100, top + 100)
    )
    assert Site.around(boundary, ring_m=0, near=UTM).looked_at.equals(site.permit)


def test_the_clipped_grid_lies_on_the_image_s_pixels_and_covers_the_ring(boundary):
    image = image_over(boundary)
    site = Site.around(boundary, ring_m=100, near=UTM)
    clipped = site.clip_grid(image)
    column, row = ~image.transform @ (clipped.transform.c, clipped.transform.f)
    assert (column, row) == pytest.approx((round(column), round(row)), abs=1e-6)
    assert clipped.footprint.covers(site.looked_at)
    assert clipped.rows % 64 == clipped.columns % 64 == 0


def test_a_rotated_image_is_clipped_north_up(boundary):
    image = image_over(boundary)
    centre = image.footprint.centroid
    turned = Grid(
        crs=UTM,
        transform=Affine.rotation(20, (centre.x, centre.y)) @ image.transform,
        rows=image.rows,
        columns=image.columns,
    )
    clipped = Site.around(boundary, ring_m=100, near=UTM).clip_grid(turned)
    assert clipped.is_north_up
    assert clipped.pixel_size == pytest.approx(0.2)


def test_an_image_elsewhere_is_refused_with_its_distance(boundary):
    image = image_over(boundary)
    away = Grid(
        crs=UTM,
        transform=Affine.translation(20_000, 0) @ image.transform,
        rows=image.rows,
        columns=image.columns,
    )
    site = Site.around(boundary, ring_m=100, near=UTM)
    with pytest.raises(RefusedError) as caught:
        site.require_seen_by(away)
    assert caught.value.code == "boundary_outside_image"
    assert caught.value.facts["distance_km"] == pytest.approx(20 - 0.3 - 0.22, abs=0.01)


@pytest.mark.parametrize(
    ("gsd_m", "analysed_m"),
    [(0.02, 0.32), (0.05, 0.2), (0.1, 0.2), (0.2, 0.2), (0.35, 0.35), (0.5, 0.5), (10.0, 10.0)],
)
def test_the_analysis_is_the_image_halved_so_often_that_it_fits(boundary, gsd_m, analysed_m):
    image = image_over(boundary, size_m=gsd_m)
    site = Site.around(boundary, ring_m=100, near=UTM)
    grid = site.analysis_grid(site.clip_grid(image), image=image, gsd_m=gsd_m, wished_m=0.25)
    assert grid.pixel_size == pytest.approx(analysed_m)
    assert grid.footprint.covers(site.looked_at)
    assert grid.footprint.area < 1.3 * site.looked_at.envelope.area


def test_degrees_are_analysed_in_metres(boundary):
    degrees = CRS.from_epsg(4326)
    image = Grid(
        crs=degrees, transform=Affine(9e-5, 0, 115.49, 0, -9e-5, -3.48), rows=300, columns=300
    )
    site = Site.around(boundary, ring_m=100, near=degrees)
    assert site.crs == UTM
    grid = site.analysis_grid(site.clip_grid(image), image=image, gsd_m=9.98, wished_m=0.25)
    assert grid.crs == UTM
    assert grid.pixel_size == pytest.approx(9.98)
    assert grid.footprint.covers(moved_shape(boundary.shape, source=degrees, target=UTM))
