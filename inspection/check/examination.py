"""The check of everything that was brought: each file by its kind, none stopping another."""

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from shapely import MultiPolygon

from geo.boundary import Boundary, read_boundary
from geo.errors import GeoError, RefusedError, UnfinishedError, naming
from geo.intake.photos import read_photos
from inspection.boundary_place import region_box
from inspection.check.checked import Answer, Checked, Kind, Question
from inspection.check.limits import CheckLimits
from inspection.check.listing import MOST_FILES, Found, Listing, listing
from inspection.check.orthophoto import examine_image
from inspection.check.papers import (
    examine_boundary,
    examine_control_points,
    examine_flight_log,
    examine_permit,
    examine_photo_table,
    examine_profile,
)
from inspection.check.photos import examine_photos
from inspection.check.processing import examine_processing
from inspection.check.recognition import kind_of
from inspection.problem import Problem, note, refusal, warning

type Examine = Callable[[Path, str, Question], Checked]

EXAMINATIONS: Final[Mapping[Kind, Examine]] = {
    Kind.ORTHOPHOTO: examine_image,
    Kind.PICTURE: examine_image,
    Kind.BOUNDARY: examine_boundary,
    Kind.CONTROL_POINTS: examine_control_points,
    Kind.PERMIT: examine_permit,
    Kind.PROFILE: examine_profile,
    Kind.FLIGHT_LOG: examine_flight_log,
    Kind.PHOTO_TABLE: examine_photo_table,
    Kind.PROCESSING: examine_processing,
}
BESIDE: Final = frozenset({Kind.SIDECAR, Kind.SHAPE_PART})
OPTIONAL: Final = frozenset({Kind.UNKNOWN, Kind.PICTURE, Kind.PROFILE})
"""What is passed over in a folder, and examined only where it is named."""


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
    listed = listing([*([boundary] if boundary else []), *paths])
    kinds = {found: _recognised(found) for found in listed.found}
    against, chosen = _boundary(boundary, kinds)
    question = Question(boundary=against, limits=limits, now=now, thorough=thorough)
    files = [_refused(found, kind) for found, kind in kinds.items() if isinstance(kind, GeoError)]
    asked = [
        (found, kind)
        for found, kind in kinds.items()
        if isinstance(kind, Kind) and _is_examined(found, kind)
    ]
    # Outlines come last: where they should lie is where the flights are.
    for found, kind in sorted(asked, key=lambda one: one[1] is Kind.BOUNDARY):
        if kind is Kind.BOUNDARY:
            question = replace(question, shown=_shown(files))
        files.append(_examined(found, kind, question))
    shows = any(one.kind is Kind.ORTHOPHOTO for one in files)
    photos = [found for found, kind in kinds.items() if kind is Kind.PHOTOS]
    files += _photos(photos, question, beside_orthophoto=shows)
    order = {found.name: number for number, found in enumerate(listed.found)}
    return Answer(
        boundary=chosen,
        files=tuple(sorted(files, key=lambda one: order.get(one.file, len(order)))),
        problems=tuple(_notes(listed, kinds, guessed=chosen if boundary is None else None)),
    )


def _recognised(found: Found) -> Kind | GeoError:
    try:
        with naming(found.path):
            if not found.path.is_file():
                # A pipe or a device would keep us waiting for ever.
                raise RefusedError("input_unreadable" if found.path.exists() else "input_missing")
            return kind_of(found.path)
    except GeoError as error:
        return error
    except OSError as error:
        absent = error.errno == errno.ENAMETOOLONG
        return RefusedError("input_missing" if absent else "input_unreadable")


def _boundary(
    named: Path | None, kinds: Mapping[Found, Kind | GeoError]
) -> tuple[Boundary | None, str | None]:
    """Outline to measure against: the one named, else the only sound one that was brought."""
    candidates = [found for found, kind in kinds.items() if kind is Kind.BOUNDARY]
    if named is not None:
        candidates = [found for found in candidates if found.path == named]
    sound = []
    for found in candidates:
        try:
            sound.append((read_boundary(found.path), found.name))
        except (GeoError, OSError):
            continue  # told when the file itself is examined
    return sound[0] if len(sound) == 1 else (None, None)


def _shown(files: Sequence[Checked]) -> MultiPolygon | None:
    boxes = []
    for one in files:
        if one.kind is Kind.ORTHOPHOTO and one.place is not None:
            west, south, east, north = one.place.bounds
            boxes.append(region_box((west, south, east, north)))
    return MultiPolygon(boxes) if boxes else None


def _is_examined(found: Found, kind: Kind) -> bool:
    return kind not in {*BESIDE, Kind.PHOTOS} and (found.named or kind not in OPTIONAL)


def _examined(found: Found, kind: Kind, question: Question) -> Checked:
    try:
        if kind not in EXAMINATIONS:
            raise RefusedError("file_unrecognised")
        examined = EXAMINATIONS[kind](found.path, found.name, question)
    except GeoError as error:
        return _refused(found, error, kind)
    except OSError:
        return _refused(found, RefusedError("input_unreadable"), kind)
    except MemoryError:
        return _refused(found, UnfinishedError("out_of_memory"), kind)
    return examined


def _refused(found: Found, error: Kind | GeoError, kind: Kind = Kind.UNKNOWN) -> Checked:
    problems = (refusal(error),) if isinstance(error, GeoError) else ()
    return Checked(file=found.name, kind=kind, problems=problems)


def _photos(
    found: Sequence[Found], question: Question, *, beside_orthophoto: bool
) -> list[Checked]:
    """Photos by the folder they lie in; pictures that no camera made are answered for if named."""
    read = read_photos([one.path for one in found])
    made = [
        one for one, photo in zip(found, read, strict=True) if photo and not photo.is_from_a_camera
    ]
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(found):
        if one not in made:
            groups.setdefault(one.name.rpartition("/")[0], []).append(number)
    told = []
    for folder, members in groups.items():
        first = found[members[0]]
        told.append(
            examine_photos(
                [read[number] for number in members],
                first.name if len(members) == 1 else f"{folder}/*.jpg".lstrip("/"),
                question,
                size=sum(found[number].path.stat().st_size for number in members),
                beside_orthophoto=beside_orthophoto,
            )
        )
    return told + [
        replace(_examined(one, Kind.PICTURE, question), kind=Kind.PICTURE)
        for one in made
        if one.named
    ]


def _notes(
    listed: Listing, kinds: Mapping[Found, Kind | GeoError], *, guessed: str | None
) -> list[Problem]:
    """What concerns no single file, so that nothing is passed over in silence."""
    problems = []
    if guessed is not None:
        problems.append(note("boundary_from_files", boundary=guessed))
    if listed.is_cut:
        problems.append(warning("folder_too_full", limit=MOST_FILES))
    beside = [found for found, kind in kinds.items() if kind is Kind.SIDECAR]
    if beside:
        problems.append(note("sidecars_ignored", value=len(beside), first=beside[0].name))
    passed = [f for f, kind in kinds.items() if kind in OPTIONAL and not f.named]
    if passed:
        problems.append(note("files_passed_over", value=len(passed), first=passed[0].name))
    return problems
