"""Small valid files of every kind that `tinjau check` knows, and ways to break them."""

import io
import json
import random
import shutil
import zipfile
from pathlib import Path

import cv2
import ezdxf
import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely
from pyproj import CRS

from geo.boundary import read_boundary
from inspection.exchange.outline import write_outline

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data"
FEW_BYTES = 4096
"""Most of what a file says of itself stands at its beginning."""

TELLING = (
    b"\0", b"\xff", b"<", b"{", b"[", b'"', b"-", b",", b"\n", b"9" * 40, b"1e999", b"NaN",
    b"\xff\xff\xff\x7f", "°\u2032\u2212\u202e\U0001f600".encode(),
)  # fmt: skip
AT = [
    # x, y, column, row
    (332_900, 9_642_000, 5, 5), (332_910, 9_642_000, 195, 9), (332_900, 9_641_990, 8, 190),
    (332_910, 9_641_990, 188, 191),
]  # fmt: skip
PHOTOS = b"""SourceFile,GPSLatitude,GPSLongitude,DateTimeOriginal
a.jpg,"8 deg 17' 42.56"" S","115 deg 29' 14.67"" E",2025:10:01 13:27:03
"""
STATISTICS = {"components": 1, "initial_shots_count": 9, "reconstructed_shots_count": 9}
METRES = CRS.from_epsg(32750)


def corpus(home: Path) -> list[Path]:
    """Write one small valid file of each kind into a folder."""
    _pictures(home)
    _outlines(home)
    _points(home)
    for name, source in (
        ("permit.json", SAMPLE / "permit.json"),
        ("log.json", ROOT / "docs" / "flight-log.example.json"),
        ("profile.toml", ROOT / "inspection" / "profiles" / "indonesia-province.toml"),
    ):
        shutil.copyfile(source, home / name)
    (home / "photos.csv").write_bytes(PHOTOS)
    (home / "stats.json").write_text(json.dumps({"reconstruction_statistics": STATISTICS}))
    return sorted(home.iterdir())


def _pictures(home: Path) -> None:
    colours = np.random.default_rng(1).integers(1, 255, (24, 24, 3), np.uint8)
    for name in ("map.png", "map.jpg"):
        cv2.imwrite(str(home / name), colours)
    with rasterio.open(SAMPLE / "current.tif") as flight:
        placed = {"crs": flight.crs, "transform": flight.transform}
    for name, form in (("deflate", "DEFLATE"), ("jpeg", "JPEG"), ("plain", None)):
        profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "width": 24, "height": 24}
        with rasterio.open(home / f"{name}.tif", "w", compress=form, **profile, **placed) as out:
            out.write(colours.transpose(2, 0, 1))
    heights = {"driver": "GTiff", "dtype": "float32", "count": 1, "width": 9, "height": 9}
    with rasterio.open(home / "dsm.tif", "w", **heights, **placed) as out:
        out.write(np.ones((1, 9, 9), np.float32))


def _outlines(home: Path) -> None:
    boundary = read_boundary(SAMPLE / "boundary.geojson")
    for suffix in ("geojson", "kml", "gpkg", "wkt", "csv", "xlsx"):
        write_outline(home / f"boundary.{suffix}", boundary)
    with zipfile.ZipFile(home / "boundary.kmz", "w") as archive:
        archive.write(home / "boundary.kml", "doc.kml")
    frame = geopandas.GeoDataFrame(geometry=[boundary.shape], crs=boundary.crs)
    with zipfile.ZipFile(home / "boundary.zip", "w") as archive:
        pyogrio.write_dataframe(frame, home / "bare.shp")
        for part in sorted(home.glob("bare.*")):
            archive.write(part, part.name)
            part.unlink()
    drawing = ezdxf.new()  # says of no drawing in which system it is
    drawing.modelspace().add_lwpolyline(
        shapely.get_coordinates(boundary.on(METRES))[:-1], close=True
    )
    drawing.saveas(home / "boundary.dxf")


def _points(home: Path) -> None:
    odm = "".join(f"{x} {y} 0 {c} {r} gcp_list.tif p{n}\n" for n, (x, y, c, r) in enumerate(AT))
    (home / "gcp_list.txt").write_text("EPSG:32750\n" + odm)
    head = "#CRS: EPSG:32750\nmapX,mapY,sourceX,sourceY,enable\n"
    qgis = head + "".join(f"{x},{y},{c},-{r},1\n" for x, y, c, r in AT)
    (home / "map.points").write_text(qgis)
    shutil.copyfile(SAMPLE / "control_points.csv", home / "points.csv")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Break a file; an archive as often in one of its members as in its own bytes."""
    if content.startswith(b"PK\3\4") and chance.random() < 0.5:  # noqa: PLR2004
        return _with_a_broken_member(content, chance)
    return _broken(content, chance)


def _broken(content: bytes, chance: random.Random) -> bytes:
    """Give bytes changed, cut out, doubled, spliced or cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        end = len(data) if chance.random() < 0.3 else min(len(data), FEW_BYTES)  # noqa: PLR2004
        at = chance.randint(0, max(end - 1, 0))
        match chance.randint(0, 5):
            case 0 if data:
                data[at] = chance.randint(0, 255)
            case 1:
                data[at:at] = chance.choice(TELLING)
            case 2:
                del data[at : at + chance.randint(1, 64)]
            case 3:
                data[at:at] = data[at : at + chance.randint(1, 200)]
            case 4 if len(data) > at + 4:
                data[at : at + 4] = chance.randbytes(4)
            case _ if chance.random() < 0.2:  # noqa: PLR2004
                del data[at:]
    return bytes(data)


def _with_a_broken_member(content: bytes, chance: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        hit = chance.choice(old.namelist())
        for name in old.namelist():
            whole = old.read(name)
            new.writestr(name, _broken(whole, chance) if name == hit else whole)
    return made.getvalue()
