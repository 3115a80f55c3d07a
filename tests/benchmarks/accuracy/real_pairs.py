"""Real pairs: labelled by others, or of places where nothing was disturbed."""

import json
from collections.abc import Iterator
from itertools import combinations

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.warp import transform_geom

from tests.benchmarks.accuracy.drawing import training
from tests.benchmarks.accuracy.movements import drawn_movement, moved
from tests.benchmarks.accuracy.pairs import Pair
from tests.benchmarks.accuracy.registration_peers import sift
from tests.benchmarks.accuracy.sources import Pixels, data, naip_years, picture

FIGURE_BAND_PX = 3
SECOND = {2: "bare", 4: "water", 5: "built"}
"""Their classes of the later picture, where they are classes of ours."""

ORTHOS = {
    "Bali": ("pix4d_alpha_nodata.tif", 0.35),
    "suburb": ("orthophoto.tif", 0.5),
    "Australia": ("australia.tif", 0.25),
    "wood": ("OSBS_029.tif", 0.25),
    "town": ("1091-322_00.tif", 0.5),
}
"""With the size at which their pixels count: those that are finer are taken as 0.25 m."""

FRAMES = {
    "beach 14, 15": ("training_photos/brighton_14.jpg", "training_photos/brighton_15.jpg"),
    "beach 15, 16": ("training_photos/brighton_15.jpg", "training_photos/brighton_16.jpg"),
    "beach 16, 17": ("training_photos/brighton_16.jpg", "training_photos/brighton_17.jpg"),
    "building site 6, 7": ("training_photos/caliterra_06.jpg", "training_photos/caliterra_07.jpg"),
    "building site 7, 8": ("training_photos/caliterra_07.jpg", "training_photos/caliterra_08.jpg"),
    "slope 140, 142": tuple(
        f"ortho_from_raw_taiwan/odm/images/100_0005_0{number}.tif" for number in (140, 142)
    ),
}
"""Frames of one flight that overlap, none of them trained on."""

FRAME_SHARE = 0.3
"""Of two frames, at least this share must be common ground."""


def labelled() -> Iterator[Pair]:
    """Pairs with a truth that others drew."""
    yield _figure("mine", "minenetcd_site2/site2_{}.png", 3.0)
    for site in ("s1", "s2", "s5", "s6"):
        yield _figure("SECOND", f"second_crops/{site}_{{}}.png", 1.0)
    yield _alert()


def _figure(group: str, pattern: str, pixel_m: float) -> Pair:
    before, after, mask = (picture(pattern.format(part)) for part in ("t1", "t2", "mask"))
    covers = None
    if group == "SECOND":
        kinds = cv2.imread(str(data(pattern.format("class_t2"))), cv2.IMREAD_UNCHANGED)
        covers = np.full(kinds.shape, "", "U10")
        for number, word in SECOND.items():
            covers[kinds == number] = word
    return Pair(
        domain="real",
        group=group,
        name=pattern.split("/")[1].split("_", maxsplit=1)[0],
        before=before,
        after=after,
        pixel_m=pixel_m,
        seen=np.ones(after.shape[:2], np.bool_),
        truth=mask[..., 0] > 127,
        band_px=FIGURE_BAND_PX,
        covers=covers,
    )


def _alert() -> Pair:
    """A satellite's alert: what else changed there, nobody says."""
    folder = "goldmining_alert_pair"
    shapes = json.loads(data(f"{folder}/example.geojson").read_text())["features"]
    with rasterio.open(data(f"{folder}/example_t1.tif")) as source:
        outlines = [transform_geom("EPSG:4326", source.crs, one["geometry"]) for one in shapes]
        truth = rasterize(outlines, out_shape=source.shape, transform=source.transform) > 0
    before, after = (picture(f"{folder}/example_t{date}.tif") for date in (0, 1))
    return Pair(
        domain="real",
        group="gold mine",
        name="alert",
        before=before,
        after=after,
        pixel_m=10.0,
        seen=np.ones(truth.shape, np.bool_),
        truth=truth,
        band_px=1,
        is_partly_known=True,
    )


def unchanged(*, quick: bool = False) -> Iterator[Pair]:
    """Pairs in which nothing was disturbed: seasons, light, another point of view."""
    step = 3 if quick else 1
    years = naip_years()
    for one, other in list(combinations(sorted(years), 2))[::step]:
        yield _farmland(one, other, years)
    for name in list(ORTHOS)[::step]:
        yield _relit(name)
    for name in list(FRAMES)[::step]:
        yield from _overlap(name)


def _farmland(one: str, other: str, years: dict[str, str]) -> Pair:
    first, second = picture(years[one]), picture(years[other])
    rows, columns = (min(a, b) for a, b in zip(first.shape[:2], second.shape[:2], strict=True))
    return _still(
        "seasons", f"{one}, {other}", (first[:rows, :columns], second[:rows, :columns]), 5.0
    )


def _still(
    group: str,
    name: str,
    pictures: tuple[Pixels, Pixels],
    pixel_m: float,
    seen: NDArray[np.bool_] | None = None,
) -> Pair:
    before, after = pictures
    return Pair(
        domain="real",
        group=group,
        name=name,
        before=before,
        after=after,
        pixel_m=pixel_m,
        seen=np.ones(after.shape[:2], np.bool_) if seen is None else seen,
        truth=None,
    )


def _relit(name: str) -> Pair:
    """One orthophoto in another light and moved, then found again and laid back."""
    file, pixel_m = ORTHOS[name]
    with rasterio.open(data(f"drone_orthos/{file}")) as source:
        seen = source.dataset_mask() > 0
        if source.nodata is None and source.count == 3:
            seen &= source.read().max(axis=0) > 0
    pixels = picture(f"drone_orthos/{file}")
    random = np.random.default_rng((71, *name.encode()))
    rows, columns = seen.shape
    side = max(rows, columns)
    square = np.zeros((side, side, 3), np.float32)
    square[:rows, :columns] = pixels
    nuisance, kind = training("nuisance"), training("cover").Cover.UNKNOWN
    lit = nuisance.lit(random, square, np.full((side, side), kind, np.uint8), strength=1.0)
    taken = nuisance.taken(random, lit)[:rows, :columns]
    by = drawn_movement(random, pixels.shape)
    there, inside = moved(taken, by)
    there_seen = moved(np.repeat(seen[..., None] * np.uint8(255), 3, axis=2), by)[0][..., 0] > 250
    back = sift(there, pixels, inside & there_seen) or ~by
    laid, kept = moved(there, back)
    laid_seen = moved(np.repeat(there_seen[..., None] * np.uint8(255), 3, axis=2), back)[0][..., 0]
    common = seen & kept & (laid_seen > 250)
    return _still("relit", name, (laid, pixels), pixel_m, common)


def _overlap(name: str) -> Iterator[Pair]:
    """Two frames of one flight, the first laid on the second as a plane."""
    first, second = (_shrunk(picture(file)) for file in FRAMES[name])
    warp = _homography(first, second)
    if warp is None:
        return
    size = second.shape[1::-1]
    laid = cv2.warpPerspective(first, warp, size, flags=cv2.INTER_LINEAR)
    inside = np.full(first.shape[:2], 255, np.uint8)
    seen = cv2.erode(cv2.warpPerspective(inside, warp, size), np.ones((5, 5))) == 255
    rows, columns = np.nonzero(seen)
    if seen.mean() < FRAME_SHARE:
        return
    part = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    yield _still("one flight", name, (laid[part], second[part]), 0.25, seen[part])


def _shrunk(pixels: Pixels) -> Pixels:
    factor = max(1, round(max(pixels.shape) / 800))
    size = (pixels.shape[1] // factor, pixels.shape[0] // factor)
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _homography(first: Pixels, second: Pixels) -> NDArray[np.float64] | None:
    finder = cv2.SIFT_create(nfeatures=4000)
    (points, words), (others, answers) = (
        finder.detectAndCompute(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), None)
        for one in (first, second)
    )
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(words, answers, k=2)
    good = [one for one, rival in pairs if one.distance < 0.75 * rival.distance]
    if len(good) < 30:
        return None
    here = np.float32([points[one.queryIdx].pt for one in good])
    there = np.float32([others[one.trainIdx].pt for one in good])
    return cv2.findHomography(here, there, cv2.USAC_MAGSAC, 2.0)[0]
