"""Sun, sky and air: from heights and reflectance to the grey levels of a photograph."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from sample_data.noise import Field, blurred, smoothstep
from sample_data.site import PIXEL_M, Day

type Colour = NDArray[np.float32]
"""(rows, columns, 3) red, green, blue."""

SUNLIGHT = np.array([1.00, 0.94, 0.83], np.float32)
SKYLIGHT = np.array([0.19, 0.225, 0.285], np.float32)
AIR = np.array([0.40, 0.46, 0.54], np.float32)
LONGEST_SHADOW_M = 51.2


@dataclass(frozen=True, kw_only=True)
class Sun:
    """Where the sun stands."""

    azimuth_deg: float
    """Clockwise from north."""

    elevation_deg: float

    @property
    def towards(self) -> tuple[float, float, float]:
        """Unit vector to the sun: east, north, up."""
        azimuth, elevation = math.radians(self.azimuth_deg), math.radians(self.elevation_deg)
        flat = math.cos(elevation)
        return flat * math.sin(azimuth), flat * math.cos(azimuth), math.sin(elevation)


def sun_at(moment: datetime, *, longitude_deg: float, latitude_deg: float) -> Sun:
    """Give the sun's place to about half a degree (Spencer 1971's Fourier series)."""
    utc = moment.astimezone(UTC)
    hours = utc.hour + utc.minute / 60
    year = 2 * math.pi * (utc.timetuple().tm_yday - 1 + (hours - 12) / 24) / 365
    declination = (
        0.006918
        - 0.399912 * math.cos(year)
        + 0.070257 * math.sin(year)
        - 0.006758 * math.cos(2 * year)
        + 0.000907 * math.sin(2 * year)
    )
    equation_minutes = 229.18 * (
        0.000075
        + 0.001868 * math.cos(year)
        - 0.032077 * math.sin(year)
        - 0.014615 * math.cos(2 * year)
        - 0.040849 * math.sin(2 * year)
    )
    solar_hours = hours + longitude_deg / 15 + equation_minutes / 60
    turn = math.radians(15 * (solar_hours - 12))
    latitude = math.radians(latitude_deg)
    east = -math.cos(declination) * math.sin(turn)
    north = math.sin(declination) * math.cos(latitude) - math.cos(declination) * math.sin(
        latitude
    ) * math.cos(turn)
    up = math.sin(declination) * math.sin(latitude) + math.cos(declination) * math.cos(
        latitude
    ) * math.cos(turn)
    return Sun(
        azimuth_deg=round(math.degrees(math.atan2(east, north)) % 360, 2),
        elevation_deg=round(math.degrees(math.asin(up)), 2),
    )


def sunlit(surface_m: Field, sun: Sun) -> Field:
    """
    Share of the sun's disc that each pixel sees, from 0 in shadow to 1.

    The height of the shadow's roof is the highest thing towards the sun, less what the
    ray falls on the way; doubling the reach at each step needs few steps.
    """
    east, north, up = sun.towards
    flat = math.hypot(east, north)
    roof = surface_m.copy()
    reach_px = 1.0
    while reach_px * PIXEL_M < LONGEST_SHADOW_M:
        move = np.array([[1, 0, east / flat * reach_px], [0, 1, -north / flat * reach_px]])
        ahead = cv2.warpAffine(
            roof,
            move,
            roof.shape[::-1],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        np.maximum(roof, ahead - reach_px * PIXEL_M * up / flat, out=roof)
        reach_px *= 2
    return 1.0 - smoothstep(roof - surface_m, 0.05, 0.9)


def facing(surface_m: Field, sun: Sun, *, wrap: Field) -> Field:
    """Cosine of the sun's angle on each pixel; `wrap` is how far leaves carry light around."""
    east, north, up = sun.towards
    down = cv2.Sobel(surface_m, cv2.CV_32F, 0, 1, scale=1 / (8 * PIXEL_M))
    across = cv2.Sobel(surface_m, cv2.CV_32F, 1, 0, scale=1 / (8 * PIXEL_M))
    cosine = (up - across * east + down * north) / np.sqrt(1 + across**2 + down**2)
    return np.clip((cosine + wrap) / (1 + wrap), 0.0, 1.3).astype(np.float32)


def open_sky(surface_m: Field) -> Field:
    """Share of the sky that each pixel sees, judged by how far it lies below its surroundings."""
    share = np.ones_like(surface_m)
    for sigma_px, weight in ((2.5, 0.55), (8.0, 0.22), (28.0, 0.06)):
        sunk_m = np.clip(blurred(surface_m, sigma_px) - surface_m, 0.0, None)
        share *= np.exp(-weight * sunk_m)
    return share


def lit(reflectance: Colour, *, direct: Field, sky: Field) -> Colour:
    """Light that the ground sends up, under a sun share and a sky share."""
    light = direct[..., np.newaxis] * SUNLIGHT + sky[..., np.newaxis] * SKYLIGHT
    return (reflectance * light).astype(np.float32)


def photographed(radiance: Colour, day: Day, *, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Grey levels: air in between, the lens, the sensor, and the camera's curve."""
    hazy = radiance * (1 - day.haze) + AIR * day.haze
    hazy *= np.array(day.cast, np.float32)
    hazy = cv2.GaussianBlur(hazy, (0, 0), day.blur_px)
    curve = np.clip(1.42 * hazy, 0, None)
    curve = (curve * (1 + curve / 4.0)) / (1 + curve)
    grey = 255 * np.clip(curve, 0, 1) ** (1 / 2.2)
    grain = rng.standard_normal(grey.shape[:2], dtype=np.float32)[..., np.newaxis]
    grain = 0.8 * grain + 0.6 * rng.standard_normal(grey.shape, dtype=np.float32)
    grey += day.noise * cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.8
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)
