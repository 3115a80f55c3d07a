"""The map of a drawn inspection, as it looks: its pixels, by where they lie on the ground."""

import json
import re
from functools import cache

import cv2
import numpy as np
import pytest
from shapely import Polygon, box

from geo.crs import LONLAT
from inspection.degrees import rings
from tests.api.drawn import BROWN, EAST, GREEN, GROUND, NORTH, UTM
from tests.inspection.jobs.done import made

HIDDEN: Polygon = box(EAST + 60, NORTH - 180, EAST + 110, NORTH - 130)
"""Ground that was not observed, in metres: on the green side."""

RING_M = 25.0


@cache
def said() -> dict[str, object]:
    """A document of the ground that the drawn rasters show."""
    document = json.loads((made() / "inspection.json").read_bytes())
    hidden = [{"reason": "unflown", "vertices": rings(HIDDEN, UTM)}]
    return {
        "boundary": {**document["boundary"], "vertices": rings(GROUND, LONLAT)},
        "coverage": {**document["coverage"], "not_observed": hidden},
        "parameters": {**document["parameters"], "clip": {"ring_m": RING_M}},
    }


class Shown:
    """The map as it looks: its pixels, by where they lie on the ground."""

    def __init__(self, visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.place = self.page.locator(".map")
        self.left, self.top, self.px_per_m = 0.0, 0.0, 1.0

    def picture(self) -> np.ndarray:
        self.page.locator(".map[aria-busy=false]").wait_for()
        shot = np.frombuffer(self.place.screenshot(), np.uint8)
        return cv2.imdecode(shot, cv2.IMREAD_COLOR)[:, :, ::-1].astype(int)

    def look(self, name: str) -> np.ndarray:
        self.page.locator(f"[data-look={name}]").click()
        return self.picture()

    def calibrate(self) -> None:
        """Find where the picture lies on the screen, by what is drawn and nothing else."""
        now = self.look("current")
        row = now[now.shape[0] * 9 // 10]
        green, brown = (np.flatnonzero(np.abs(row - c).max(axis=1) < 12) for c in (GREEN, BROWN))
        self.px_per_m = (brown[0] - green[0]) / (256 / 2)
        self.left = green[0] - 0.5
        column = now[:, round(self.left + 85 * self.px_per_m)]
        hatched = np.flatnonzero(np.abs(column - GREEN).max(axis=1) > 40)
        groups = np.split(hatched, np.flatnonzero(np.diff(hatched) > 12) + 1)
        hatched = max(groups, key=len)
        tall = hatched.max() - hatched.min()
        assert tall == pytest.approx(50 * self.px_per_m, abs=4), "as large as the hidden ground"
        self.top = hatched.min() + 1.0 - 130 * self.px_per_m

    def told(self, part: str) -> str:
        return self.page.locator(f".readout .{part}").inner_text()

    def stand_at(self, text: str) -> None:
        """Go to a place by its coordinates."""
        self.page.get_by_role("button", name=re.compile("^(Go to|Menuju)$")).click()
        self.page.locator("dialog input").fill(text)
        self.page.keyboard.press("Enter")
        self.page.locator("dialog").wait_for(state="detached")

    def at(self, east: float, south: float) -> tuple[int, int]:
        """Column and row of a place so many metres from the corner of the picture."""
        return round(self.left + east * self.px_per_m), round(self.top + south * self.px_per_m)
