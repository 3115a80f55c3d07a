"""A large picture made of one smaller one many times, side by side: dense, and soon there."""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

import rasterio
import rasterio.shutil

from tests.benchmarks.speed.scene import Scene

PART_PX = 20480
"""Side of the smaller one, at most."""

PACKED = {"compress": "deflate", "zlevel": "1", "predictor": "2", "num_threads": "2"}


def times_of(side: int) -> int:
    """How often the smaller one lies along each side."""
    return -(-side // PART_PX)


def repeat(part: Scene, whole: Scene, *, times: int) -> None:
    """Write both pictures of a pair, each made of the smaller one."""
    for source, into in ((part.before, whole.before), (part.after, whole.after)):
        plan = into.with_suffix(".vrt")
        plan.write_bytes(_plan(source, times=times))
        options = PACKED | {"tiled": "yes", "blockxsize": "512", "blockysize": "512"}
        with rasterio.Env(GDAL_CACHEMAX=256 << 20):
            rasterio.shutil.copy(plan, into, driver="GTiff", bigtiff="yes", **options)
        plan.unlink()
        source.unlink()


def _plan(source: Path, *, times: int) -> bytes:
    """GDAL's description of a picture whose parts are all the same file."""
    with rasterio.open(source) as one:
        columns, rows, kinds = one.width, one.height, [kind.name for kind in one.colorinterp]
        system, place = one.crs.to_wkt(), ", ".join(map(str, one.transform.to_gdal()))
    sides = {"rasterXSize": str(columns * times), "rasterYSize": str(rows * times)}
    plan = Element("VRTDataset", sides)
    SubElement(plan, "SRS").text = system
    SubElement(plan, "GeoTransform").text = place
    whole = {"xOff": "0", "yOff": "0", "xSize": str(columns), "ySize": str(rows)}
    for number, kind in enumerate(kinds, start=1):
        band = SubElement(plan, "VRTRasterBand", {"dataType": "Byte", "band": str(number)})
        SubElement(band, "ColorInterp").text = kind.capitalize()
        for there in range(times * times):
            down, across = divmod(there, times)
            laid = whole | {"xOff": str(across * columns), "yOff": str(down * rows)}
            copy = SubElement(band, "SimpleSource")
            SubElement(copy, "SourceFilename").text = str(source)
            SubElement(copy, "SourceBand").text = str(number)
            SubElement(copy, "SrcRect", whole)
            SubElement(copy, "DstRect", laid)
    return tostring(plan)
