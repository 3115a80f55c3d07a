"""Files as inspectors bring them, in order and spoilt, and how they are asked about."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from pyproj import CRS
from rasterio.control import GroundControlPoint

from geo.crs import LONLAT, moved_shape
from inspection.check.checked import Answer, Checked
from inspection.check.examination import check
from inspection.check.limits import CheckLimits
from inspection.language import Language
from inspection.profiles.requirements import DatumRules
from inspection.terminal.checklist import as_answer
from inspection.wording.catalogue import wording
from tests.geo.intake.jpegs import exif, photo
from tests.geo.intake.tiffs import picture, written

ROOT = Path(__file__).parent.parent.parent.parent
NOW = datetime(2026, 10, 10, tzinfo=UTC)
UTM = CRS.from_epsg(32750)
EAST, NORTH, SIDE = 333_000.0, 9_613_000.0, 200
PLACED = Affine(1, 0, EAST, 0, -1, NORTH)
TAKEN = "2026:10:03 13:40:00"

LIMITS = CheckLimits(
    ring_m=50.0,
    least_observed_share=0.95,
    gsd_min_m=0.5,
    gsd_max_m=2.0,
    most_above_ground_m=120.0,
    jurisdiction=(94.0, -12.0, 142.0, 7.0),
    datum=DatumRules(unstated_m=5.0),
)


def asked(*paths: Path, boundary: Path | None = None, thorough: bool = False) -> Answer:
    """Check files, and require that every problem is worded in both languages."""
    answer = check(list(paths), boundary=boundary, limits=LIMITS, now=NOW, thorough=thorough)
    for language in Language:
        told = as_answer(answer, wording(language))
        json.dumps(told, allow_nan=False)
    return answer


def codes(one: Checked | Answer) -> set[str]:
    return {problem.code for problem in one.problems}


def alone(answer: Answer, name: str) -> Checked:
    (one,) = (one for one in answer.files if one.file == name)
    return one


def image(path: Path, *, side: int = SIDE, pixels: np.ndarray | None = None, **profile) -> Path:
    when = profile.pop("when", TAKEN)
    values = picture(side, side) if pixels is None else pixels
    settings = {"crs": "EPSG:32750", "transform": PLACED, "compress": "DEFLATE"}
    written(path, values, **(settings | profile))
    if when:
        with rasterio.open(path, "r+") as file:
            file.update_tags(TIFFTAG_DATETIME=when)
    return path


def outline(path: Path, shape: shapely.Geometry, crs: CRS = UTM) -> Path:
    degrees = moved_shape(shape, source=crs, target=LONLAT)
    path.write_text(json.dumps(shapely.geometry.mapping(degrees)))
    return path


def square(x0: float, y0: float, x1: float, y1: float) -> shapely.Geometry:
    """Metres from the upper left corner of the image, y to the south."""
    return shapely.box(EAST + x0, NORTH - y1, EAST + x1, NORTH - y0)


def photos_of(folder: Path, *changes: dict) -> Path:
    folder.mkdir()
    for number, change in enumerate(changes):
        settings = {"longitude": 115.5 + number * 1e-4, "latitude": -3.5, "taken": TAKEN}
        packet = change.pop("packet", "")
        photo(folder / f"DJI_{number:04}.JPG", notes=exif(**(settings | change)), packet=packet)
    return folder


def by_points(path: Path, *places: tuple[float, float], crs: CRS | str = UTM) -> Path:
    """A TIFF that says where it lies by control points alone, at (column, row) on PLACED."""
    points = [GroundControlPoint(row, column, *(PLACED @ (column, row))) for column, row in places]
    return written(path, picture(SIDE, SIDE), gcps=points, crs=crs, transform=None)


STATISTICS = {
    "processing_statistics": {},
    "reconstruction_statistics": {
        "components": 1,
        "has_gps": True,
        "has_gcp": False,
        "initial_shots_count": 100,
        "reconstructed_shots_count": 99,
        "reprojection_error_pixels": 0.8,
    },
    "gcp_errors": {"ce90": 0.0123456, "le90": 0.02},
    "odm_processing_statistics": {"average_gsd": 2.9},
}


POINTS = "name,role,crs,x,y,column,row\n" + "".join(
    f"{n},{role},EPSG:32750,{EAST + x},{NORTH - y},{x},{y}\n"
    for n, role, x, y in [
        (1, "control", 10, 10), (2, "control", 190, 20), (3, "control", 100, 180),
        (4, "check", 50, 60),
    ]
)  # fmt: skip
