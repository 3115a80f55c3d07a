"""The check of everything that was brought: each file by its kind, none stopping another."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from shapely import MultiPolygon

from geo.antimeridian import box_outline
from geo.boundary import Boundary, read_boundary
from geo.errors import GeoError, RefusedError, UnfinishedError
from geo.intake.photos import Photo, read_photos
from inspection.check.checked import Answer, Checked, Kind, Question
from inspection.check.limits import CheckLimits
from inspection.check.listing import MOST_FILES, Found, Listing, listing
from inspection.check.orthophoto import examine_image, examine_picture
from inspection.check.papers import (
    examine_boundary,
    examine_control_points,
    examine_flight_log,
    examine_permit,
    examine_photo_table,
    examine_profile,
    outline_to_supply,
)
from inspection.check.photos import examine_photos
from inspection.check.processing import examine_processing
from inspection.check.recognition import kind_of
from inspection.problem import Problem, note, refusal, warning

type Examine = Callable[[Path, str, Question], Checked]

EXAMINATIONS: Final[Mapping[Kind, Examine]] = {
    Kind.ORTHOPHOTO: examine_image,
    Kind.PICTURE: examine_picture,
    Kind.CONTROL_POINTS: examine_control_points,
    Kind.PERMIT: examine_permit,
    Kind.PROFILE: examine_profile,
    Kind.FLIGHT_LOG: examine_flight_log,
    Kind.PHOTO_TABLE: examine_photo_table,
    Kind.PROCESSING: examine_processing,
}
APART: Final = frozenset({Kind.SIDECAR, Kind.SHAPE_PART, Kind.BOUNDARY, Kind.PHOTOS})
"""What belongs to other files, what is read before all others, and what is told together."""

OPTIONAL: Final = frozenset({Kind.UNKNOWN, Kind.PICTURE, Kind.PROFILE})
"""What is passed over in a folder, and examined only where it is named."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def check(
    paths: Sequence[Path],
    *,
    boundary: Path | None,
    limits: CheckLimits,
    now: datetime,
    thorough: bool = False,
) -> Answer:
    """
    Say of each file what it is, where it lies and what is wrong with it.

    Parameters
    ----------
    paths
        Files and folders; they are only read.
    boundary
        The permit's outline, which coverage is measured against. Where none is named, the
        only sound outline among the files is taken, and that is said.
    limits
        What the profile says.
    now
        The time of the question, with zone.
    thorough
        Whether every pixel is decoded, as an inspection would.
    """
    listed = listing(paths, boundary=boundary)
    kinds = {found: _attempted(partial(_recognised, found)) for found in listed.found}
    photos = _photos_among(kinds)
    kinds |= {found: Kind.PICTURE for found, photo in photos.items() if _is_made(photo)}
    outlines = {
        found: _attempted(partial(read_boundary, found.path))
        for found, kind in kinds.items()
        if kind is Kind.BOUNDARY
    }
    against, chosen = _chosen(boundary, outlines)
    question = Question(boundary=against, limits=limits, now=now, thorough=thorough)
    files = [
        _refused(found, kind, Kind.UNKNOWN)
        for found, kind in kinds.items()
        if isinstance(kind, GeoError)
    ]
    files += [
        _examined(found, kind, question)
        for found, kind in kinds.items()
        if isinstance(kind, Kind) and _is_examined(found, kind)
    ]
    # Outlines come last: where they should lie is where the flights are.
    question = replace(question, shown=_shown(files))
    files += [_of_outline(found, outline, question) for found, outline in outlines.items()]
    shows = any(one.kind is Kind.ORTHOPHOTO for one in files)
    taken = {found: photo for found, photo in photos.items() if not _is_made(photo)}
    files += _photos(taken, question, beside_orthophoto=shows)
    order = {found.name: number for number, found in enumerate(listed.found)}
    return Answer(
        boundary=chosen,
        files=tuple(sorted(files, key=lambda one: order.get(one.file, len(order)))),
        problems=(
            *_about_coverage(boundary, chosen, shows=shows),
            *_notes(listed, kinds, is_empty=not files),
        ),
    )


def _attempted[T](work: Callable[[], T]) -> T | GeoError:
    """Do something with one file; what goes wrong with it must not stop the others."""
    try:
        return work()
    except GeoError as error:
        return error
    except MemoryError:
        return UnfinishedError("out_of_memory")
    except OSError as error:
        if error.errno in _FULL:
            return UnfinishedError("disk_full")
        absent = error.errno == errno.ENAMETOOLONG
        return RefusedError("input_missing" if absent else "input_unreadable")


def _recognised(found: Found) -> Kind:
    if not found.path.is_file():
        # A pipe or a device would keep us waiting for ever.
        is_there = os.path.lexists(found.path)
        raise RefusedError("input_unreadable" if is_there else "input_missing")
    return kind_of(found.path)


def _chosen(
    named: Path | None, outlines: Mapping[Found, Boundary | GeoError]
) -> tuple[Boundary | None, str | None]:
    """Outline to measure against: the one named, else the only sound one that was brought."""
    sound = [
        (outline, found.name)
        for found, outline in outlines.items()
        if isinstance(outline, Boundary) and named in (None, found.path)
    ]
    return sound[0] if len(sound) == 1 else (None, None)


def _shown(files: Sequence[Checked]) -> MultiPolygon | None:
    boxes = []
    for one in files:
        if one.kind is Kind.ORTHOPHOTO and one.place is not None:
            west, south, east, north = one.place.bounds
            boxes.append(box_outline((west, south, east, north)))
    return MultiPolygon(boxes) if boxes else None


def _of_outline(found: Found, outline: Boundary | GeoError, question: Question) -> Checked:
    if isinstance(outline, GeoError):
        told = outline_to_supply(outline, question)
        return Checked(file=found.name, kind=Kind.BOUNDARY, problems=(told,))
    return _answered(
        found,
        Kind.BOUNDARY,
        partial(examine_boundary, found.path, outline, found.name, question),
    )


def _is_examined(found: Found, kind: Kind) -> bool:
    return kind not in APART and (found.named or kind not in OPTIONAL)


def _examined(found: Found, kind: Kind, question: Question) -> Checked:
    if kind not in EXAMINATIONS:
        return _refused(found, RefusedError("file_unrecognised"), kind)
    return _answered(found, kind, partial(EXAMINATIONS[kind], found.path, found.name, question))


def _answered(found: Found, kind: Kind, examine: Callable[[], Checked]) -> Checked:
    examined = _attempted(examine)
    return examined if isinstance(examined, Checked) else _refused(found, examined, kind)


def _refused(found: Found, error: GeoError, kind: Kind) -> Checked:
    return Checked(file=found.name, kind=kind, problems=(refusal(error),))


def _photos_among(kinds: Mapping[Found, Kind | GeoError]) -> dict[Found, Photo | None]:
    found = [one for one, kind in kinds.items() if kind is Kind.PHOTOS]
    return dict(zip(found, read_photos([one.path for one in found]), strict=True))


def _is_made(photo: Photo | None) -> bool:
    """Whether a program made the picture, and no camera."""
    return photo is not None and not photo.is_from_a_camera


def _photos(
    taken: Mapping[Found, Photo | None], question: Question, *, beside_orthophoto: bool
) -> list[Checked]:
    """Tell photos by the folder they lie in."""
    groups: dict[str, list[Found]] = {}
    for one in taken:
        groups.setdefault(one.name.rpartition("/")[0], []).append(one)
    return [
        examine_photos(
            [taken[one] for one in members],
            members[0].name if len(members) == 1 else f"{folder}/*.jpg".lstrip("/"),
            question,
            size=sum(one.path.stat().st_size for one in members),
            beside_orthophoto=beside_orthophoto,
        )
        for folder, members in groups.items()
    ]


def _about_coverage(named: Path | None, chosen: str | None, *, shows: bool) -> list[Problem]:
    """What coverage is measured against, where that was not said or is not possible."""
    if chosen is not None:
        return [note("boundary_from_files", boundary=chosen)] if named is None else []
    if named is not None:
        return [warning("boundary_of_no_use")]
    return [note("coverage_not_measured")] if shows else []


def _notes(
    listed: Listing, kinds: Mapping[Found, Kind | GeoError], *, is_empty: bool
) -> list[Problem]:
    """What concerns no single file, so that nothing is passed over in silence."""
    problems = []
    if is_empty:
        problems.append(warning("nothing_to_check"))
    if listed.is_cut:
        problems.append(warning("folder_too_full", limit=MOST_FILES))
    beside = [found for found, kind in kinds.items() if kind is Kind.SIDECAR]
    if beside:
        problems.append(note("sidecars_ignored", value=len(beside), first=beside[0].name))
    if listed.passed:
        problems.append(note("links_passed_over", value=len(listed.passed), first=listed.passed[0]))
    passed = [f for f, kind in kinds.items() if kind in OPTIONAL and not f.named]
    if passed:
        problems.append(note("files_passed_over", value=len(passed), first=passed[0].name))
    return problems
