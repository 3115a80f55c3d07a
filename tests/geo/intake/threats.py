"""The threats of images, each built from its description: by id, a file and its verdict."""

import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine
from rasterio.control import GroundControlPoint

from tests.geo.intake.tiffs import (
    FIRST,
    LONG,
    SHORT,
    TRANSFORM,
    deflated,
    image_tags,
    picture,
    tiff,
    tiled_tags,
    written,
)

SENTINEL = 77
"""Value of every pixel of another applicant's image; no image of ours has it."""

SECRET = "SECRET-APPLICANT"  # noqa: S105 - of nobody
NOT_A_TIFF, POSITION = "image_not_geotiff", "image_position_impossible"
SIZE = 600

LOCAL = 'LOCAL_CS["site grid",UNIT["metre",1]]'
PERMIT = shapely.box(500_002, 9_699_972, 500_028, 9_699_998)
"""Permit on the ground that every image of ours says that it shows, in EPSG:32750."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What lies around a threat: its folder, another applicant's files, and a server."""

    folder: Path
    others: Path
    url: str

    @property
    def foreign(self) -> Path:
        return self.others / "foreign.tif"

    @property
    def secret(self) -> Path:
        return self.others / "secret.txt"

    @property
    def index(self) -> Path:
        return self.others / "index.gpkg"

    @property
    def marker(self) -> Path:
        """What only code of the file itself would write."""
        return self.folder / "marker"

    @property
    def upload(self) -> Path:
        return self.folder / "upload.tif"


def others_at(folder: Path) -> Path:
    """Write the files of the other applicant."""
    written(folder / "foreign.tif", np.full((3, SIZE, SIZE), SENTINEL, dtype=np.uint8))
    (folder / "secret.txt").write_text(SECRET * 100)
    frame = geopandas.GeoDataFrame(
        {"location": [SECRET]}, geometry=[shapely.box(5e5, 9.6e6, 6e5, 9.7e6)], crs=32750
    )
    frame.to_file(folder / "index.gpkg", driver="GPKG")
    return folder


def ours(rows: int = SIZE, columns: int = SIZE) -> np.ndarray:
    """Picture without the sentinel."""
    pixels = picture(rows, columns)
    return np.where(pixels == SENTINEL, SENTINEL + 1, pixels).astype(np.uint8)


def _text(content: Callable[[World], str]) -> Callable[[World], None]:
    return lambda world: _wrote(world.upload.write_text(content(world)))


def _bytes(content: Callable[[], bytes]) -> Callable[[World], None]:
    return lambda world: _wrote(world.upload.write_bytes(content()))


def _wrote(_: int) -> None:
    return None


def vrt(source: str, *, attributes: str = "", band: str = "") -> str:
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{number}" {attributes}>{band}<SimpleSource>'
        f'<SourceFilename relativeToVRT="0">{source}</SourceFilename>'
        f"<SourceBand>{number}</SourceBand></SimpleSource></VRTRasterBand>"
        for number in (1, 2, 3)
    )
    return f'<VRTDataset rasterXSize="{SIZE}" rasterYSize="{SIZE}">{bands}</VRTDataset>'


def raw_vrt(source: str) -> str:
    return (
        '<VRTDataset rasterXSize="16" rasterYSize="16">'
        '<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
        f'<SourceFilename relativeToVRT="0">{source}</SourceFilename>'
        "<ImageOffset>0</ImageOffset></VRTRasterBand></VRTDataset>"
    )


def _python(world: World) -> str:
    code = (
        f"<PixelFunctionType>f</PixelFunctionType><PixelFunctionLanguage>Python"
        f"</PixelFunctionLanguage><PixelFunctionCode><![CDATA[\n"
        f"def f(*_, **__):\n    open({str(world.marker)!r}, 'w').write('x')\n]]>"
        "</PixelFunctionCode>"
    )
    return vrt(str(world.foreign), attributes='subClass="VRTDerivedRasterBand"', band=code)


def _wms(world: World) -> str:
    server = f"<ServerUrl>{world.url}/${{z}}/${{x}}/${{y}}.png</ServerUrl>"
    window = (
        "<DataWindow><UpperLeftX>0</UpperLeftX><UpperLeftY>9</UpperLeftY><LowerRightX>9"
        "</LowerRightX><LowerRightY>0</LowerRightY><TileLevel>1</TileLevel></DataWindow>"
    )
    return (
        f"<GDAL_WMS><Service name='TMS'>{server}</Service>{window}<BandsCount>3</BandsCount>"
        "</GDAL_WMS>"
    )


def _wcs(world: World) -> str:
    return (
        f"<WCS_GDAL><ServiceURL>{world.url}/?</ServiceURL><Version>1.0.0</Version>"
        "<CoverageName>a</CoverageName></WCS_GDAL>"
    )


def _stacit(world: World) -> str:
    return (
        '{"type": "FeatureCollection", "stac_version": "1.0.0", "features": [{"type": "Feature",'
        f' "assets": {{"a": {{"href": "{world.url}/a.tif"}}}}}}]}}'
    )


def _gti(world: World) -> str:
    return (
        f"<GDALTileIndexDataset><IndexDataset>{world.index}</IndexDataset>"
        "<LocationField>location</LocationField></GDALTileIndexDataset>"
    )


def _gti_itself(world: World) -> None:
    world.upload.write_bytes(world.index.read_bytes())


BIG_TILE = deflated(bytes(4096 * 4096 * 3))


def _million() -> bytes:
    return tiff(tiled_tags(1_000_000, 1_000_000, tile=8192, blocks=[(0, 0)] * 123**2), big=True)


def _billions() -> bytes:
    return tiff(image_tags(2**31, 2**31, t279=(LONG, [1])), blocks=bytes(1))


def _one_great_tile() -> bytes:
    return tiff(tiled_tags(2**31, 2**31, tile=2**31, blocks=[(FIRST, 1)]), blocks=bytes(1))


def _shared_tiles() -> bytes:
    shared = [(FIRST, len(BIG_TILE))] * 225
    return tiff(tiled_tags(61440, 61440, tile=4096, blocks=shared), blocks=BIG_TILE)


def _many_bands() -> bytes:
    return tiff(image_tags(1, 1, bands=65535), blocks=bytes(65535))


def _great_strip() -> bytes:
    strip = {"t259": (SHORT, [8]), "t279": (LONG, [900_000])}
    return tiff(image_tags(17321, 17321, **strip), blocks=bytes(900_000))


def _loop() -> bytes:
    return tiff(image_tags(4, 4), blocks=bytes(48), loop=True)


def _directories() -> bytes:
    small = image_tags(1, 1, bands=1, t33550=None, t33922=None, t34735=None)
    return tiff(*[small] * 60_000, blocks=bytes(1))


def _note_of_4_gb() -> bytes:
    honest = tiff(image_tags(4, 4, t270=(2, b"x" * 8)), blocks=bytes(48))
    length, lie = (struct.pack("<HHI", 270, 2, count) for count in (8, 2**32 - 1))
    return honest.replace(length, lie)


def _cut(world: World) -> None:
    written(world.upload, ours(), compress="LZW", tiled=True)
    with world.upload.open("r+b") as file:
        file.truncate(world.upload.stat().st_size * 6 // 10)


def _zeros_at_the_end(**profile: object) -> Callable[[World], None]:
    def write(world: World) -> None:
        written(world.upload, ours(), tiled=True, **profile)
        size = world.upload.stat().st_size
        with world.upload.open("r+b") as file:
            file.seek(size * 6 // 10)
            file.write(bytes(size - size * 6 // 10))

    return write


def _png(world: World) -> None:
    _, encoded = cv2.imencode(".png", np.moveaxis(ours()[::-1], 0, -1))
    world.upload.write_bytes(encoded.tobytes())


def _zip(world: World) -> None:
    with zipfile.ZipFile(world.upload, "w") as archive:
        archive.writestr("a.tif", b"II*\0")


def _image(**profile: object) -> Callable[[World], None]:
    return lambda world: _made(written(world.upload, ours(), **profile))


def _made(_: Path) -> None:
    return None


def _unplaced(**profile: object) -> Callable[[World], None]:
    def write(world: World) -> None:
        written(world.upload, ours(), transform=None, **profile)

    return write


def _control_points(world: World) -> None:
    corners = [(0, 0), (0, SIZE), (SIZE, 0), (SIZE, SIZE)]
    points = [GroundControlPoint(r, c, 5e5 + c / 20, 9.7e6 - r / 20) for r, c in corners]
    _unplaced(gcps=points)(world)


def _noted(world: World) -> None:
    _image()(world)
    with rasterio.open(world.upload, "r+") as out:
        out.update_tags(TIFFTAG_SOFTWARE="<img src=x onerror=alert(1)>")


def _beside(suffix: str, content: Callable[[World], str], **profile: object):
    def write(world: World) -> None:
        written(world.upload, ours(), **profile)
        beside = world.upload.with_suffix(".tfw") if suffix == ".tfw" else None
        (beside or world.upload.with_name(world.upload.name + suffix)).write_text(content(world))

    return write


MOVED = "<PAMDataset><GeoTransform>596000, .05, 0, 8905000, 0, -.05</GeoTransform></PAMDataset>"
WORLD_FILE = "9\n0\n0\n-9\n0\n0\n"


@dataclass(frozen=True, kw_only=True)
class Threat:
    """One way of doing harm."""

    write: Callable[[World], object]
    placing: str
    """What its place ends with, or "accepted"."""

    copying: str
    """What copying its pixels ends with, or "accepted"."""

    found: str | None = None
    """Type that the refusal names."""


def refused(write: Callable[[World], object], code: str, *, found: str | None = None) -> Threat:
    """A threat that the gate turns away before any image library sees it."""
    return Threat(write=write, placing=code, copying=code, found=found)


def misplaced(write: Callable[[World], object], code: str) -> Threat:
    """An image whose pixels are sound and whose place is not."""
    return Threat(write=write, placing=code, copying="accepted")


def harmless(write: Callable[[World], object]) -> Threat:
    """An honest image that something evil lies beside or in."""
    return Threat(write=write, placing="accepted", copying="accepted")


TURNED = TRANSFORM @ Affine.translation(SIZE / 2, 0) @ Affine.rotation(30)
SOUTH_UP = Affine(0.05, 0, 5e5, 0, 0.05, 9_699_970)

THREATS = {
    "r01": refused(_text(lambda w: vrt(str(w.foreign))), NOT_A_TIFF, found="VRT"),
    "r02": refused(_text(lambda w: raw_vrt(str(w.secret))), NOT_A_TIFF, found="VRT"),
    "r02b": refused(_text(lambda _: raw_vrt("/etc/passwd")), NOT_A_TIFF, found="VRT"),
    "r03": refused(_text(lambda w: vrt(f"/vsicurl/{w.url}/a.tif")), NOT_A_TIFF, found="VRT"),
    "r04": refused(_text(_python), NOT_A_TIFF, found="VRT"),
    "r05": refused(_text(lambda w: vrt(str(w.upload))), NOT_A_TIFF, found="VRT"),
    "r06": refused(_text(_wms), NOT_A_TIFF, found="XML"),
    "r06b": refused(_text(_wcs), NOT_A_TIFF, found="XML"),
    "r06c": refused(_text(_stacit), NOT_A_TIFF, found="JSON"),
    "r06d": refused(_text(_gti), NOT_A_TIFF, found="XML"),
    "r06d itself": refused(_gti_itself, NOT_A_TIFF, found="SQLite/GeoPackage"),
    "r07": refused(_bytes(_million), "image_too_large"),
    "r07b": refused(_bytes(_billions), "image_too_large"),
    "r07c": refused(_bytes(_one_great_tile), "image_too_large"),
    "r08": refused(_bytes(_shared_tiles), "image_blocks_overlap"),
    "r08b": refused(_bytes(_many_bands), "image_too_many_bands"),
    "r08c": refused(_bytes(_great_strip), "image_block_too_large"),
    "r09": refused(_cut, "image_truncated"),
    **{
        f"r09d {name}": Threat(
            write=_zeros_at_the_end(compress=name), placing="accepted", copying="image_corrupt"
        )
        for name in ("LZW", "DEFLATE", "ZSTD")
    },
    "r10": refused(_bytes(_loop), "image_header_damaged"),
    "r10b": refused(_bytes(_directories), "image_header_too_long"),
    "r10c": refused(_bytes(_note_of_4_gb), "image_header_damaged"),
    # A PNG is read as what it is, and never says where it lies.
    "r11 PNG": Threat(write=_png, placing="image_needs_position", copying="accepted", found="PNG"),
    "r11 ELF": refused(_bytes(lambda: b"\x7fELF\x02" + bytes(99)), NOT_A_TIFF, found="ELF"),
    "r11 HTML": refused(_text(lambda _: "<!DOCTYPE html><html>"), NOT_A_TIFF, found="HTML"),
    "r11 ZIP": refused(_zip, NOT_A_TIFF, found="ZIP"),
    "r12 zone": misplaced(_image(crs="EPSG:32751"), "boundary_outside_image"),
    "r12 metres called degrees": misplaced(_image(crs="EPSG:4326"), POSITION),
    "r12 no system": misplaced(_image(crs=None), "image_without_crs"),
    "r12 hemisphere": misplaced(_image(crs="EPSG:32650"), "boundary_outside_image"),
    "r12 local": misplaced(_image(crs=LOCAL), "image_crs_local"),
    "r13": misplaced(_control_points, "image_needs_rectifying"),
    "r14 rotated": harmless(_image(transform=TURNED)),
    "r14 south-up": harmless(_image(transform=SOUTH_UP)),
    "r14 NaN": misplaced(_image(transform=Affine(float("nan"), 0, 5e5, 0, -1, 9e6)), POSITION),
    "r14 1e30": misplaced(_image(transform=Affine(1, 0, 1e30, 0, -1, 1e30)), POSITION),
    "r14 singular": misplaced(_image(transform=Affine(1, 0, 5e5, 1, 0, 9e6)), POSITION),
    "r14 absurd pixels": misplaced(_image(transform=Affine(1e-9, 0, 5e5, 0, -1e-9, 9e6)), POSITION),
    "r15": harmless(_beside(".aux.xml", lambda _: MOVED)),
    "r15 world file": misplaced(
        _beside(".tfw", lambda _: WORLD_FILE, transform=None, crs=None), "image_without_crs"
    ),
    "r15d": harmless(_noted),
    "r15b": harmless(_beside(".ovr", lambda w: vrt(str(w.foreign)))),
    "r15c": harmless(_beside(".msk", lambda w: vrt(f"/vsicurl/{w.url}/m.tif"))),
}
"""By id of the threat; what stands behind the id tells its variants apart."""

IDS = {
    *("r01", "r02", "r02b", "r03", "r04", "r05", "r06", "r06b", "r06c", "r06d"),
    *("r07", "r07b", "r07c", "r08", "r08b", "r08c", "r09", "r09d", "r10", "r10b", "r10c"),
    *("r11", "r12", "r13", "r14", "r15", "r15d", "r15b", "r15c"),
}
"""Every row of the table of threats that is a file."""
