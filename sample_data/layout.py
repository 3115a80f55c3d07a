"""What lies where: the outlines that are painted are the outlines that are the truth."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import LineString, Point, Polygon, box

from sample_data.outlines import Points, centreline, natural_outline, ribbon
from sample_data.site import CRS, EAST_M, NORTH_M, SEED, SIDE_M, permit_lonlat

RIVER: Final = ((66, 440), (46, 372), (66, 316), (62, 262), (34, 206), (30, 150), (58, 92))
RIVER_MOUTH: Final = ((82, 46), (84, 14), (76, -28))
ROAD: Final = ((436, 246), (384, 233), (342, 238), (310, 232), (284, 222), (256, 214))
HAUL_ROAD: Final = ((197, 192), (199, 176), (210, 163), (226, 155), (242, 153))
UNFLOWN: Final = ((284, 440), (283, 400), (279, 352), (291, 318), (296, 303), (314, 294))
UNFLOWN_EDGE: Final = ((352, 288), (397, 291), (440, 286))

OUTLINES: Final[dict[str, Points]] = {
    "old_pit": ((220, 222), (222, 203), (236, 190), (256, 192), (266, 206), (262, 222), (243, 232)),
    "pit_growth": (
        (224, 224),
        (226, 200),
        (212, 188),
        (194, 190),
        (182, 205),
        (188, 222),
        (206, 231),
    ),
    "yard": ((276, 244), (290, 241), (303, 243), (305, 256), (302, 268), (286, 270), (275, 262)),
    "clearing": (
        (114, 236),
        (131, 222),
        (152, 225),
        (168, 238),
        (170, 256),
        (150, 264),
        (128, 260),
    ),
    "pond": ((146, 168), (154, 157), (170, 155), (181, 163), (178, 176), (164, 182), (151, 179)),
    "stockpile": (
        (236, 158),
        (240, 145),
        (252, 141),
        (265, 146),
        (268, 158),
        (259, 168),
        (245, 167),
    ),
    "encroachment": (
        (166, 112),
        (170, 92),
        (184, 82),
        (204, 80),
        (216, 91),
        (214, 112),
        (200, 124),
        (180, 123),
    ),
    "ring_clearing": ((212, 362), (222, 349), (236, 350), (243, 360), (236, 372), (220, 374)),
    "revegetated": (
        (196, 276),
        (206, 262),
        (224, 258),
        (240, 265),
        (243, 280),
        (228, 289),
        (207, 288),
    ),
    "farmstead": ((362, 216), (372, 211), (386, 212), (389, 222), (378, 227), (365, 225)),
    "cloud_shadow": (
        (62, 150),
        (76, 132),
        (100, 128),
        (122, 137),
        (128, 156),
        (116, 176),
        (92, 182),
        (70, 172),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Disturbance:
    """One object of the truth, in metres from the square's corner."""

    name: str
    class_: str
    epoch: str
    """`new`, `standing` or `recovered`."""

    shape: Polygon


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The whole site on both dates."""

    permit: Polygon
    disturbances: dict[str, Disturbance]
    river: Polygon
    river_line: LineString
    road_line: LineString
    plots: dict[str, Polygon]
    """Fields and palms, which change with the season and are no disturbance."""

    cloud_shadow: Polygon
    unflown: Polygon
    """Ground that the current flight did not picture, on top of its ragged edge."""

    def shape(self, name: str) -> Polygon:
        """Outline of one disturbance."""
        return self.disturbances[name].shape


@cache
def layout() -> Layout:
    """Draw the site from its seed."""
    rng = np.random.default_rng(SEED)
    drawn = {
        name: natural_outline(points, rng=rng, ragged_m=0.9) for name, points in OUTLINES.items()
    }
    edge = box(-8, -8, SIDE_M + 8, SIDE_M + 8)
    river = ribbon((*RIVER, *RIVER_MOUTH), width_m=15.0, rng=rng, ragged_m=0.9)
    road = ribbon(ROAD, width_m=7.0, rng=rng, ragged_m=0.3).intersection(edge)
    haul_road = ribbon(HAUL_ROAD, width_m=8.0, rng=rng, ragged_m=0.35)
    drive = ribbon(((288, 246), (291, 236), (292, 226)), width_m=5.0, rng=rng, ragged_m=0.2)
    path = ribbon(((374, 219), (373, 228), (374, 236)), width_m=3.0, rng=rng, ragged_m=0.15)

    old_pit = drawn["old_pit"]
    growth = _whole(drawn["pit_growth"] - old_pit)
    road = _whole(road - old_pit)
    stockpile = drawn["stockpile"]
    haul_road = _whole(haul_road - growth - old_pit - stockpile)
    yard = _whole((drawn["yard"] | drive) - road)
    farmstead = _whole((drawn["farmstead"] | path) - road)
    objects = (
        ("old_pit", "excavation", "standing", old_pit),
        ("access_road", "road", "standing", road),
        ("yard", "built", "standing", yard),
        ("farmstead", "built", "standing", farmstead),
        ("clearing", "vegetation_clearing", "new", drawn["clearing"]),
        ("pit_growth", "excavation", "new", growth),
        ("pond", "water", "new", drawn["pond"]),
        ("haul_road", "road", "new", haul_road),
        ("stockpile", "stockpile", "new", stockpile),
        ("encroachment", "vegetation_clearing", "new", drawn["encroachment"]),
        ("ring_clearing", "vegetation_clearing", "new", drawn["ring_clearing"]),
        ("revegetated", "bare_ground", "recovered", drawn["revegetated"]),
    )
    corner = Polygon([*UNFLOWN, *UNFLOWN_EDGE, (440, 440)])
    return Layout(
        permit=to_local(permit_lonlat()),
        disturbances={
            name: Disturbance(name=name, class_=class_, epoch=epoch, shape=shape)
            for name, class_, epoch, shape in objects
        },
        river=_whole(river),
        river_line=centreline((*RIVER, *RIVER_MOUTH)),
        road_line=centreline(ROAD),
        plots=_plots(rng),
        cloud_shadow=drawn["cloud_shadow"],
        unflown=_whole(corner.buffer(0)),
    )


def to_local(lonlat: Polygon) -> Polygon:
    """Bring degrees to metres from the square's corner."""
    there = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)

    def project(at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(there.transform(at[:, 0], at[:, 1])) - (EAST_M, NORTH_M)

    return shapely.transform(lonlat, project)


def _plots(rng: np.random.Generator) -> dict[str, Polygon]:
    palms = (
        (286, 128),
        (286, 190),
        (318, 204),
        (362, 198),
        (424, 204),
        (424, 60),
        (330, 40),
        (300, 84),
    )
    fields = ((106, 74), (148, 66), (228, 62), (262, 44), (262, -12), (112, -12), (104, 30))
    return {
        "oil_palms": natural_outline(palms, rng=rng, ragged_m=1.2),
        "fields": natural_outline(fields, rng=rng, ragged_m=0.8),
    }


def _whole(shape: object) -> Polygon:
    if isinstance(shape, Polygon):
        return Polygon(shape.exterior)
    parts = [part for part in getattr(shape, "geoms", ()) if isinstance(part, Polygon)]
    return Polygon(max(parts, key=lambda part: part.area).exterior)


def vehicles() -> dict[str, tuple[Point, float, float, float]]:
    """Give the parked vehicles of the current date: centre, heading, length, width in metres."""
    return {
        "vehicle_1": (Point(330.0, 235.9), 98.0, 6.6, 2.4),
        "vehicle_2": (Point(199.0, 207.0), 35.0, 5.0, 2.9),
        "vehicle_3": (Point(208.0, 213.0), 120.0, 6.6, 2.4),
        "vehicle_4": (Point(297.0, 262.0), 10.0, 4.7, 1.9),
        "vehicle_5": (Point(244.0, 208.0), 75.0, 6.4, 2.5),
    }
