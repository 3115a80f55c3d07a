"""Photos of a drone under check: told together, because a flight takes hundreds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod

from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.intake.photos import Photo
from inspection.check.checked import Checked, Kind, Place, Question
from inspection.check.limits import LEVEL_PITCH_DEG, NEAR_PERMIT_KM, PHOTO_SPREAD_KM
from inspection.flight_log.doubts import CLOCK_DAYS, OLD_DAYS
from inspection.language import Json
from inspection.problem import Problem, note, refusal, warning

type Degrees = NDArray[np.float64]

_GEOD: Final = Geod(ellps="WGS84")
_MOST: Final = (180.0, 90.0)
_FIXED: Final = 50.0
_ANTIPODE_KM: Final = 20_000.0


def examine_photos(
    photos: Sequence[Photo | None],
    name: str,
    question: Question,
    *,
    kind: Kind = Kind.PHOTOS,
    size: int = 0,
    beside_orthophoto: bool = False,
) -> Checked:
    """Say what a set of photos claims and what is wrong with it."""
    read = [photo for photo in photos if photo is not None]
    at = _positions(read)
    problems: list[Problem] = []
    if beside_orthophoto:
        problems.append(note("photos_beside_orthophoto", value=len(photos)))
    elif kind is Kind.PHOTOS:
        problems.append(refusal(RefusedError("photos_not_processed", count=len(photos))))
    problems += _photo_doubts(photos, read, question)
    problems += _position_doubts(read, at, question.boundary)
    return Checked(
        file=name,
        kind=kind,
        size=size,
        facts=_facts(photos, read, at),
        place=_place(at),
        problems=tuple(problems),
    )


def _facts(photos: Sequence[Photo | None], read: Sequence[Photo], at: Degrees) -> dict[str, Json]:
    times = sorted(photo.taken_at.isoformat() for photo in read if photo.taken_at)
    heights = [p.above_take_off_m for p in read if p.above_take_off_m is not None]
    return {
        "photos": len(photos),
        "read": len(read),
        "placed": len(at),
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
        "days": len({time[:10] for time in times}),
        "cameras": [*sorted({photo.camera for photo in read if photo.camera})],
        "above_take_off_m": [min(heights), max(heights)] if heights else None,
        "rtk_fixed": sum(photo.rtk == _FIXED for photo in read),
    }


def _positions(read: Sequence[Photo]) -> Degrees:
    """Longitude and latitude (n, 2) of the photos that state a possible one."""
    found = [(p.longitude, p.latitude) for p in read if _is_possible(p)]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _is_possible(photo: Photo) -> bool:
    if photo.longitude is None or photo.latitude is None:
        return False
    inside = abs(photo.longitude) <= _MOST[0] and abs(photo.latitude) <= _MOST[1]
    return inside and (photo.longitude, photo.latitude) != (0.0, 0.0)


def _place(at: Degrees) -> Place | None:
    if not len(at):
        return None
    together = at[_from_middle_km(at, at) <= PHOTO_SPREAD_KM]
    if not len(together):
        return None
    (west, south), (east, north) = together.min(axis=0), together.max(axis=0)
    return Place(crs="EPSG:4326", bounds=(float(west), float(south), float(east), float(north)))


def _photo_doubts(
    photos: Sequence[Photo | None], read: Sequence[Photo], question: Question
) -> Iterator[Problem]:
    """What speaks against photos apart from where they are."""
    if unread := len(photos) - len(read):
        yield warning("photos_unreadable", value=unread)
    cameras = sorted({photo.camera for photo in read if photo.camera})
    if len(cameras) > 1:
        yield warning("photos_cameras_differ", value=len(cameras), cameras=", ".join(cameras))
    times = [_at_greenwich(photo.taken_at) for photo in read if photo.taken_at]
    if undated := len(read) - len(times):
        yield warning("photos_undated", value=undated)
    if times:
        yield from _time_doubts(times, question.now)
    taken = Counter((p.taken_at, p.longitude, p.latitude) for p in read if p.taken_at)
    if repeated := sum(count - 1 for (_, *where), count in taken.items() if None not in where):
        yield warning("photos_repeated", value=repeated)
    level = [p for p in read if p.pitch_deg is not None and p.pitch_deg > LEVEL_PITCH_DEG]
    if level:
        yield warning("photos_not_downwards", value=len(level), limit=LEVEL_PITCH_DEG)
    highest = max((p.above_take_off_m or 0.0 for p in read), default=0.0)
    most = question.limits.most_above_ground_m
    if most is not None and highest > most:
        yield warning("photos_high", value=round(highest, 1), limit=most)


def _time_doubts(times: Sequence[datetime], now: datetime) -> Iterator[Problem]:
    seconds = [(now - time).total_seconds() / 86_400 for time in times]
    if late := sum(days < -CLOCK_DAYS for days in seconds):
        yield warning("photos_future", value=late, limit=now.isoformat(timespec="minutes"))
    if min(seconds) > OLD_DAYS + CLOCK_DAYS:
        yield warning("photos_old", value=int(min(seconds)), limit=OLD_DAYS)
    days = {time.date() for time in times}
    if len(days) > 1:
        yield note(
            "photos_of_days",
            value=len(days),
            first=min(days).isoformat(),
            last=max(days).isoformat(),
        )


def _at_greenwich(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _position_doubts(
    read: Sequence[Photo], at: Degrees, boundary: Boundary | None
) -> Iterator[Problem]:
    stated = sum(p.longitude is not None and p.latitude is not None for p in read)
    if unplaced := len(read) - stated:
        yield warning("photos_without_position", value=unplaced)
    if impossible := stated - len(at):
        yield warning("photos_position_impossible", value=impossible)
    if not len(at):
        return
    limit = PHOTO_SPREAD_KM if boundary is None else NEAR_PERMIT_KM

    def away_km(positions: Degrees) -> Degrees:
        return _from_middle_km(positions, at) if boundary is None else _away_km(positions, boundary)

    away = away_km(at)
    far = away > limit
    if far.any():
        # The same numbers on another half of the Earth: a sign was lost.
        mirrored = np.any(
            [away_km(at * signs) <= limit for signs in ((1, -1), (-1, 1), (-1, -1))],
            axis=0,
        )
        if lost := int((far & mirrored).sum()):
            yield warning("photos_hemisphere", value=lost)
        if lost < far.sum():
            farthest = float(away[far & ~mirrored].max())
            yield warning(
                "photos_far" if boundary is None else "photos_far_from_permit",
                value=int(far.sum()) - lost,
                limit=limit,
                farthest_km=round(farthest, 1),
            )


def _from_middle_km(positions: Degrees, at: Degrees) -> Degrees:
    """Distance of positions from the middle of all photos, in km."""
    middle = np.broadcast_to(np.median(at, axis=0), positions.shape)
    *_, metres = _GEOD.inv(middle[:, 0], middle[:, 1], positions[:, 0], positions[:, 1])
    return np.asarray(metres, dtype=np.float64) / 1000


def _away_km(positions: Degrees, boundary: Boundary) -> Degrees:
    """Distance of positions from the permit, in km."""
    longitude, latitude = boundary.place()
    # Near by a map laid on the permit is true; far away it is true enough to say far.
    here = CRS.from_dict({"proj": "aeqd", "lon_0": longitude, "lat_0": latitude, "datum": "WGS84"})
    ground = moved_shape(boundary.on(LONLAT), source=LONLAT, target=here)
    points = moved_shape(shapely.MultiPoint(positions), source=LONLAT, target=here)
    km: Degrees = shapely.distance(ground, shapely.get_parts(points)) / 1000
    return np.where(np.isfinite(km), km, _ANTIPODE_KM)
