"""Steps with values in and values out, where the truth is known by construction."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from geo.boundary import read_boundary
from geo.errors import RefusedError
from geo.grid import Grid
from inspection import pictures
from inspection.profiles.profile import read_profile
from inspection.request import Request
from inspection.steps.clip import clip
from inspection.steps.georeference import georeference
from inspection.steps.ingest import ingest
from tests.inspection.conftest import PERMIT, SIDE_PX, UTM, transform

PROFILE = read_profile("generic")
HEADER = "name,role,crs,x,y,z,column,row\n"


def quiet(_share):
    return None


def taken_in(site, tmp_path, **more):
    desk = tmp_path / "desk"
    desk.mkdir()
    brought = {
        "boundary": site.folder / "boundary.geojson",
        "current": site.folder / "current.tif",
        **more,
    }
    request = Request(
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        **brought,
    )
    return ingest(request, PROFILE, desk=desk, advance=quiet)


def test_what_lies_beside_a_bare_shapefile_counts_as_an_input(site, tmp_path):
    outline = geopandas.read_file(site.folder / "boundary.geojson")
    outline[["geometry"]].to_file(tmp_path / "permit.shp", driver="ESRI Shapefile")
    (tmp_path / "permit.shp").rename(tmp_path / "permit.SHP")
    (tmp_path / "permit.dbf").rename(tmp_path / "permit.DBF")
    (tmp_path / "other.dbf").write_bytes(b"of another file")
    case = taken_in(site, tmp_path, boundary=tmp_path / "permit.SHP")
    beside = {one.role: one for one in case.sources if one.role.startswith("boundary_")}
    assert beside.keys() >= {"boundary_dbf", "boundary_prj"}
    for role, one in beside.items():
        path = next(p for p in tmp_path.glob("permit.*") if p.suffix.lower() == f".{role[9:]}")
        assert (one.name, one.sha256) == (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    assert case.boundary.area_m2 == pytest.approx(
        read_boundary(site.folder / "boundary.geojson").area_m2, rel=1e-9
    )


def georeferenced(case, tmp_path):
    desk = tmp_path / "bent"
    desk.mkdir()
    return georeference(case, PROFILE, desk=desk, advance=quiet)


def points_file(tmp_path, truth, *, checks_off=(0.0, 0.0)):
    """Marks whose true ground positions a placement gives, in the corners and the middle."""
    pixels = [(60, 60), (580, 70), (570, 590), (50, 580), (320, 320), (200, 450)]
    lines = []
    for number, (column, row) in enumerate(pixels * 2):
        x, y = truth @ (column, row)
        role = "control" if number < len(pixels) else "check"
        if role == "check":
            x, y = x + checks_off[0], y + checks_off[1]
        lines.append(f"P{number},{role},EPSG:32750,{x:.4f},{y:.4f},0,{column},{row}")
    path = tmp_path / "points.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n")
    return path


def test_ingest_leaves_the_original_as_it_was_and_copies_its_pixels(site, tmp_path):
    original = site.folder / "current.tif"
    before = original.read_bytes(), original.stat().st_mtime_ns
    case = taken_in(site, tmp_path)
    assert (original.read_bytes(), original.stat().st_mtime_ns) == before
    picture = case.current.orthophoto
    assert picture.captured_at == "2026-10-03T13:40:00"
    assert (picture.delivered_rows, picture.delivered_columns) == (SIDE_PX, SIDE_PX)
    with rasterio.open(original) as given, rasterio.open(picture.path) as own:
        column, row = ~given.transform @ (picture.grid.transform.c, picture.grid.transform.f)
        part = rasterio.windows.Window(round(column), round(row), own.width, own.height)
        assert np.array_equal(own.dataset_mask() > 0, given.read(4, window=part) > 0)
        seen = own.dataset_mask() > 0
        assert np.array_equal(own.read()[:, seen], given.read([1, 2, 3], window=part)[:, seen])


def test_without_points_the_position_is_unverified(site, tmp_path):
    placement = georeferenced(taken_in(site, tmp_path), tmp_path)
    assert placement.method == "as_delivered"
    assert placement.accuracy is None
    assert placement.uncertainty_m == PROFILE.position.unverified_m


def test_points_move_the_picture_to_where_it_belongs(site, tmp_path):
    truth = Affine.translation(-0.64, 0.38) @ transform()
    case = taken_in(site, tmp_path, control_points=points_file(tmp_path, truth))
    placement = georeferenced(case, tmp_path)
    grid = placement.flight.orthophoto.grid
    assert grid.transform @ (320, 320) == pytest.approx(truth @ (320, 320), abs=2e-3)
    assert placement.accuracy.rmse_m < 0.01


def test_check_points_tell_the_error_that_the_fit_cannot_see(site, tmp_path):
    path = points_file(tmp_path, transform(), checks_off=(0.3, 0.4))
    placement = georeferenced(taken_in(site, tmp_path, control_points=path), tmp_path)
    assert placement.accuracy.rmse_m == pytest.approx(0.5, abs=0.01)
    assert placement.uncertainty_m == pytest.approx(1.5175 * 0.5, abs=0.02)
    assert placement.accuracy.points == 6


def test_points_that_hold_nothing_are_refused_by_name(site, tmp_path):
    path = tmp_path / "line.csv"
    rows = [
        f"P{n},control,EPSG:32750,{333_000 + n},{9_613_000 - n},0,{4 * n},{4 * n}" for n in range(5)
    ]
    path.write_text(HEADER + "\n".join(rows))
    case = taken_in(site, tmp_path, control_points=path)
    with pytest.raises(RefusedError) as caught:
        georeferenced(case, tmp_path)
    assert (caught.value.code, caught.value.file) == ("control_points_in_line", "line.csv")


def test_clip_keeps_exactly_the_pixels_whose_centre_is_looked_at(site, tmp_path):
    case = taken_in(site, tmp_path)
    placement = georeferenced(case, tmp_path)
    clipped = clip(
        placement.flight.orthophoto,
        placement.site,
        analysed_m=0.25,
        out=tmp_path / "clip.tif",
        advance=quiet,
    )
    with rasterio.open(clipped.path) as dataset:
        mask = dataset.dataset_mask() > 0
        inside = rasterio.features.geometry_mask(
            [placement.site.looked_at], mask.shape, dataset.transform, invert=True
        )
        assert not (mask & ~inside).any()
        pixels = dataset.read()
    with rasterio.open(site.folder / "current.tif") as given:
        alpha = given.read(4) > 0
        origin = ~given.transform @ (clipped.grid.transform.c, clipped.grid.transform.f)
        column, row = (round(v) for v in origin)
        rows, columns = min(mask.shape[0], SIDE_PX - row), min(mask.shape[1], SIDE_PX - column)
        expected = alpha[row : row + rows, column : column + columns] & inside[:rows, :columns]
        assert np.array_equal(mask[:rows, :columns], expected)
        here = (slice(None), slice(row, row + rows), slice(column, column + columns))
        # At this pixel size every pixel is measured on, so the copy is exact.
        assert np.array_equal(
            pixels[:, :rows, :columns][:, expected], given.read([1, 2, 3])[here][:, expected]
        )


@pytest.mark.parametrize("baseline_crs", ["EPSG:32751", "EPSG:23880"])
def test_pictures_clipped_as_they_come_are_those_clipped_later(tmp_path, baseline_crs, monkeypatch):
    """One of which the site would be in another system is clipped later: its ring is another."""
    random = np.random.default_rng(3)
    fine = {"dtype": "uint8", "driver": "GTiff", "count": 3, "width": 1500, "height": 1400}
    permit = shapely.box(500_010, 9_699_900, 500_060, 9_699_950)
    outline = geopandas.GeoSeries([permit], crs=UTM)
    outline.to_file(tmp_path / "permit.geojson")
    for name, crs in (("current", "EPSG:32750"), ("baseline", baseline_crs)):
        left, _, _, top = outline.to_crs(crs).buffer(40).total_bounds
        place = {"crs": crs, "transform": Affine(0.1, 0, left, 0, -0.1, top)}
        with rasterio.open(tmp_path / f"{name}.tif", "w", **fine, **place) as target:
            target.write(random.integers(1, 255, (3, 1400, 1500), dtype=np.uint8))
    brought = {name: tmp_path / f"{name}.tif" for name in ("current", "baseline")}
    request = Request(
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        boundary=tmp_path / "permit.geojson",
        **brought,
    )
    contents, ways = [], []
    for way in ("as they come", "later"):
        if way == "later":
            monkeypatch.setattr(pictures.Taking, "is_kept_as_it_lies", lambda *_: False)
        desk = tmp_path / way
        desk.mkdir()
        case = ingest(request, PROFILE, desk=desk, advance=quiet)
        placement = georeference(case, PROFILE, desk=desk, advance=quiet)
        for one in (placement.flight.orthophoto, case.baseline.orthophoto):
            out = tmp_path / f"{len(contents)}.tif"
            clipped = clip(one, placement.site, analysed_m=0.25, out=out, advance=quiet)
            assert clipped.grid == placement.site.clip_grid(one.grid)
            contents.append(out.read_bytes())
            ways.append(one.clipped is not None)
    assert contents[:2] == contents[2:]
    assert ways == [True, baseline_crs != "EPSG:23880", False, False]


def test_a_rotated_picture_is_clipped_upright_with_the_same_ground(site, tmp_path):
    case = taken_in(site, tmp_path)
    placement = georeferenced(case, tmp_path)
    straight = placement.flight.orthophoto
    turn = Affine.rotation(11, tuple(straight.grid.footprint.centroid.coords[0]))
    with rasterio.open(straight.path) as source:
        values, mask = source.read(), source.dataset_mask()
    turned = Grid(
        crs=UTM,
        transform=turn @ straight.grid.transform,
        rows=values.shape[1],
        columns=values.shape[2],
    )
    clipped = clip(
        replace(straight, grid=turned),
        placement.site,
        analysed_m=0.25,
        out=tmp_path / "clip.tif",
        advance=quiet,
    )
    with rasterio.open(clipped.path) as dataset:
        assert dataset.transform.b == dataset.transform.d == 0
        centre = PERMIT.centroid
        column, row = ~dataset.transform @ (centre.x, centre.y)
        here = dataset.read()[:, int(row) - 4 : int(row) + 4, int(column) - 4 : int(column) + 4]
    source_column, source_row = ~turned.transform @ (centre.x, centre.y)
    there = values[
        :,
        int(source_row) - 4 : int(source_row) + 4,
        int(source_column) - 4 : int(source_column) + 4,
    ]
    assert np.abs(here.mean(axis=(1, 2)) - there.mean(axis=(1, 2))).max() < 8
    assert mask.any()


def test_a_record_travels_along_unread(site, tmp_path):
    case = taken_in(site, tmp_path, permit=site.folder / "permit.json")
    assert case.permit_record == json.loads((site.folder / "permit.json").read_text())
    assert (case.permit.id, case.permit.limits.max_disturbed_ha) == ("TEST/1", 0.1)


def bent(columns, rows):
    """Truth of a picture bent by metres: where each of its pixels lies."""
    u, v = (columns - SIDE_PX / 2) / SIDE_PX, (rows - SIDE_PX / 2) / SIDE_PX
    x, y = transform() @ (columns, rows)
    return x + 6 * u * v, y + 5 * u**2 - 3 * v**2


def bent_points(tmp_path, *, swapped=False, role="control"):
    lines = ["name,role,crs,x,y,column,row"]
    for number in range(36):
        column, row = 25 + 590 * (number % 6) / 5, 25 + 590 * (number // 6) / 5
        x, y = bent(column, row)
        x, y = (y, x) if swapped else (x, y)
        use = "check" if number % 3 == 1 else role
        lines.append(f"P{number},{use},EPSG:32750,{x:.4f},{y:.4f},{column},{row}")
    path = tmp_path / "bent.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_bent_picture_is_rectified_and_tested_at_points_kept_out(site, tmp_path):
    case = taken_in(site, tmp_path, control_points=bent_points(tmp_path))
    placement = georeferenced(case, tmp_path)
    assert placement.fit.kind == "polynomial"
    assert placement.accuracy.points == 12
    assert placement.accuracy.rmse_m < 0.01
    picture = placement.flight.orthophoto
    assert picture.path.name == "rectified.tif"
    assert picture.grid.is_north_up
    with (
        rasterio.open(picture.path) as after,
        rasterio.open(case.current.orthophoto.path) as before,
    ):
        for column, row in [(200, 210), (330.5, 400.5), (450, 300)]:
            down, across = (int(v) for v in reversed(~after.transform @ bent(column, row)))
            here = after.read(window=((down - 3, down + 4), (across - 3, across + 4)))
            there = before.read(
                window=((int(row) - 3, int(row) + 4), (int(column) - 3, int(column) + 4))
            )
            assert np.abs(here.mean(axis=(1, 2)) - there.mean(axis=(1, 2))).max() < 6


def test_an_exchange_of_x_and_y_is_offered_and_not_made(site, tmp_path):
    case = taken_in(site, tmp_path, control_points=bent_points(tmp_path, swapped=True))
    with pytest.raises(RefusedError) as caught:
        georeferenced(case, tmp_path)
    assert (caught.value.code, caught.value.file) == ("control_points_swapped", "bent.csv")


def test_points_left_out_warn_and_never_make_a_position_surer(site, tmp_path):
    path = tmp_path / "few.csv"
    lines = points_file(tmp_path, transform()).read_text().splitlines()
    path.write_text("\n".join(line for line in lines if ",check," not in line))
    placement = georeferenced(taken_in(site, tmp_path, control_points=path), tmp_path)
    assert placement.accuracy is None
    assert placement.fit.left_out_m < 0.01
    assert placement.uncertainty_m == PROFILE.position.unverified_m
    assert "control_points_left_out" in {one.code for one in placement.cautions}


def test_a_check_point_far_from_the_others_is_named_and_counts(site, tmp_path):
    path = bent_points(tmp_path)
    text = path.read_text().splitlines()
    name, role, crs, x, y, column, row = text[2].split(",")
    text[2] = ",".join([name, role, crs, str(float(x) + 4), y, column, row])
    path.write_text("\n".join(text))
    placement = georeferenced(taken_in(site, tmp_path, control_points=path), tmp_path)
    far = [one.facts for one in placement.cautions if one.code == "check_point_far"]
    assert [one["point"] for one in far] == [name]
    assert placement.accuracy.largest_m == pytest.approx(4, abs=0.1)
    assert placement.accuracy.rmse_east_m > 1 > placement.accuracy.rmse_north_m
