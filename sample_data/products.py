"""The files of the sample, as the programs and the offices of the trade write them."""

import csv
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine

from sample_data.marks import Mark
from sample_data.picture import DSM_STEP, Picture
from sample_data.site import (
    CRS,
    EAST_M,
    HEIGHTS,
    NORTH_M,
    PERMIT_DMS,
    PIXEL_M,
    SIDE_M,
    Day,
    permit_lonlat,
)

QUALITY: Final = 93
NO_HEIGHT: Final = -9999.0
LIMIT_SHARE: Final = 1 / 1.2
"""The permit allows less than is disturbed: the sample has something to find."""


def write_picture(folder: Path, picture: Picture, day: Day) -> None:
    """Write orthophoto and surface model of one flight, tiled and compressed, without overviews."""
    rows, columns = picture.seen.shape
    origin = Affine(PIXEL_M, 0, EAST_M, 0, -PIXEL_M, NORTH_M + SIDE_M)
    alpha = np.where(picture.seen, 255, 0).astype(np.uint8)
    with rasterio.open(
        folder / f"{day.name}.tif",
        "w",
        driver="GTiff",
        width=columns,
        height=rows,
        count=4,
        dtype="uint8",
        crs=CRS,
        transform=origin,
        tiled=True,
        blockxsize=512,
        blockysize=512,
        photometric="RGB",
        alpha="YES",
        interleave="pixel",
        compress="WEBP",
        webp_level=QUALITY,
    ) as target:
        target.write(np.concatenate([picture.rgb.transpose(2, 0, 1), alpha[np.newaxis]]))
        target.update_tags(
            TIFFTAG_SOFTWARE="tinjau sample_data",
            TIFFTAG_DATETIME=day.captured_at.strftime("%Y:%m:%d %H:%M:%S"),
        )
    surface = np.where(np.isnan(picture.surface_m), NO_HEIGHT, np.round(picture.surface_m, 2))
    with rasterio.open(
        folder / f"{day.name}_dsm.tif",
        "w",
        driver="GTiff",
        width=surface.shape[1],
        height=surface.shape[0],
        count=1,
        dtype="float32",
        nodata=NO_HEIGHT,
        crs=f"{CRS}+{HEIGHTS}",
        transform=origin @ Affine.scale(DSM_STEP),
        tiled=True,
        compress="DEFLATE",
        predictor=3,
    ) as target:
        target.write(surface.astype(np.float32), 1)


def write_marks(folder: Path, marks: list[Mark]) -> None:
    """Write the control-point list."""
    with (folder / "control_points.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "role", "crs", "x", "y", "z", "column", "row"])
        for mark in marks:
            table.writerow(
                [mark.name, mark.role, CRS, mark.x, mark.y, mark.z, mark.column, mark.row]
            )


def write_boundary(folder: Path) -> None:
    """Write the concession as GeoJSON, and as the table that a permit prints."""
    ring = [[round(x, 10), round(y, 10)] for x, y in permit_lonlat().exterior.coords]
    feature = {
        "type": "Feature",
        "properties": {
            "nama_usaha": "PT Contoh Tambang Batu",
            "jenis_izin": "SIPB",
            "komoditas": "BATU GAMPING",
            "nama_prov": "KALIMANTAN SELATAN",
            "kegiatan": "CONTOH",
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    write_json(folder / "boundary.geojson", {"type": "FeatureCollection", "features": [feature]})
    degrees = "{0} °;{0} ';{0} \"".format
    lines = [f"No. titik;{degrees('Garis Bujur')};BT;{degrees('Garis Lintang')};LU/LS"]
    for number, (longitude, latitude) in enumerate(PERMIT_DMS, start=1):
        east, south = (
            f"{whole};{minutes};{seconds:.3f}".replace(".", ",")
            for whole, minutes, seconds in (longitude, latitude)
        )
        lines.append(f"{number};{east};BT;{south};LS")
    (folder / "boundary_dms.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_permit(folder: Path, found: dict[str, Any], permit_ha: float) -> None:
    """Write the permit's record, with a limit that the current state exceeds."""
    disturbed = found["ledger_ha"]["new"] + found["ledger_ha"]["standing"]
    write_json(
        folder / "permit.json",
        {
            "id": "CONTOH-0001",
            "holder": "PT Contoh Tambang Batu",
            "kind": "SIPB",
            "commodity": "batu gamping",
            "authority": "DPMPTSP Provinsi Contoh",
            "valid_from": "2025-06-01",
            "valid_until": "2028-05-31",
            "declared_area_ha": round(permit_ha, 2),
            "limits": {"max_disturbed_ha": round(disturbed * LIMIT_SHARE, 2)},
        },
    )


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write JSON that a person can read."""
    path.write_text(
        json.dumps(document, ensure_ascii=False, indent=None if "objects" in document else 1)
        + "\n",
        encoding="utf-8",
    )
