"""The child: gives up its rights, then does one job on one untrusted file."""

import json
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from geo.errors import GeoError, UnfinishedError
from geo.intake import landlock
from geo.intake.bounds import live_within
from geo.intake.room import INDEX, SOURCE, STENCIL, WORKING

# rasterio takes a client of S3 where there is one. This process speaks to nobody, and whoever
# waits for it would wait for that client's libraries too.
sys.modules["boto3"] = None  # type: ignore[assignment]

_LIBRARY: Final = Path(sysconfig.get_path("stdlib"))
_PACKAGES: Final = Path(sysconfig.get_path("purelib"))
_STEP: Final = 1 / 400
"""Share done that is worth a word: each wakes whoever listens."""

type Say = Callable[[dict[str, Any]], None]
type Advance = Callable[[float], None]
type Work = Callable[[], dict[str, Any]]


def main() -> None:
    """Answer the one request that stands on the standard input."""
    say = _private_output()
    request = json.loads(sys.stdin.readline())
    allowance = request["allowance"]
    try:
        live_within(
            memory_bytes=allowance["memory_bytes"],
            seconds=int(allowance["seconds"]) + 1,
            file_bytes=allowance["file_bytes"],
        )
        say({"result": _done(request, telling(say))})
    except MemoryError:
        os.abort()  # the parent knows this death; there may be no memory left for words
    except GeoError as error:
        kind = "unfinished" if isinstance(error, UnfinishedError) else "refused"
        say({kind: error.code, "where": error.where, "facts": error.facts})


def load(job: str) -> None:
    """Import what a job needs, where nothing is opened and no thread begun by that."""
    module = JOBS[job].loaded
    if module is not None:
        import_module(module)


def _done(request: dict[str, Any], advance: Advance) -> dict[str, Any]:
    job = JOBS[request["job"]]
    work = job.prepared(request, advance)  # what it imports comes before the last rights go
    landlock.confine(
        readable=[
            Path(SOURCE).resolve(),
            _LIBRARY,
            *(_PACKAGES / name for name in job.packages),
        ],
        writable=[Path.cwd()],
    )
    advance(0.0)  # from here on, what goes wrong is the file's fault
    return work()


def _probe(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import probing  # noqa: PLC0415

    return partial(probing.description, Path(SOURCE), driver=request["allowance"]["driver"])


def _heights(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import heights  # noqa: PLC0415

    return partial(
        heights.heights_file, Path(SOURCE), Path(WORKING), metres_up=request["metres_up"]
    )


def _glance(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import glancing  # noqa: PLC0415

    return partial(
        glancing.glances,
        Path(SOURCE),
        request["windows"],
        is_sparse=request["is_sparse"],
        driver=request["allowance"]["driver"],
    )


def _photos(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import exif  # noqa: PLC0415

    return partial(exif.photo_notes, Path(SOURCE), request["sizes"])


def _normalise(request: dict[str, Any], advance: Advance) -> Work:
    from geo.intake import normalising  # noqa: PLC0415

    return partial(
        normalising.working_file,
        Path(SOURCE),
        Path(WORKING),
        window=request["window"],
        needed=request["needed"],
        is_sparse=request["is_sparse"],
        driver=request["allowance"]["driver"],
        advance=advance,
    )


def _clip(request: dict[str, Any], advance: Advance) -> Work:
    from geo.intake import clipping, pieces  # noqa: PLC0415

    return partial(
        clipping.clipped_picture,
        Path(SOURCE),
        clipping.Room(stream=Path(WORKING), index=Path(INDEX)),
        pieces.Cut(
            window=tuple(request["window"]),
            shape=tuple(request["shape"]),
            side=request["side"],
            kinds=request["kinds"],
            stencil=Path(STENCIL),
        ),
        how=clipping.How(
            is_sparse=request["is_sparse"],
            driver=request["allowance"]["driver"],
            quality=request["quality"],
            threads=request["threads"],
        ),
        advance=advance,
    )


def _outlines(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import parsing  # noqa: PLC0415
    from geo.intake.form import Form  # noqa: PLC0415

    return partial(
        parsing.outlines_file,
        Path(SOURCE),
        Path(WORKING),
        read=parsing.reader_of(Form(request["form"])),
        most_vertices=request["most_vertices"],
    )


def _rows(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import rows  # noqa: PLC0415

    return partial(
        rows.rows_file,
        Path(SOURCE),
        Path(WORKING),
        is_workbook=request["is_workbook"],
        wanted=rows.Wanted(
            known=frozenset(request["known"]), unwanted=frozenset(request["unwanted"])
        ),
    )


def _tree(request: dict[str, Any], _advance: Advance) -> Work:
    from geo.intake import tree  # noqa: PLC0415

    unwanted = frozenset(request["unwanted"])
    return partial(tree.tree_file, Path(SOURCE), Path(WORKING), unwanted=unwanted)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One thing that a child can do with the file in its room."""

    prepared: Callable[[dict[str, Any], Advance], Work]
    """Imports what the work needs and gives the work, to be done without rights."""

    packages: tuple[str, ...]
    """Folders of libraries that read files of their own while they work."""

    loaded: str | None = None
    """Module of ours that is there before anything is forked for it, with all its libraries."""


RASTER: Final = ("rasterio", "numpy", "cv2")
VECTOR: Final = ("numpy", "shapely", "pyproj", "openpyxl", "et_xmlfile", "defusedxml", "ezdxf")

JOBS: Final[Mapping[str, Job]] = {
    "probe": Job(prepared=_probe, packages=RASTER, loaded="geo.intake.probing"),
    "heights": Job(prepared=_heights, packages=RASTER, loaded="geo.intake.heights"),
    "normalise": Job(prepared=_normalise, packages=RASTER, loaded="geo.intake.normalising"),
    "clip": Job(prepared=_clip, packages=RASTER, loaded="geo.intake.clipping"),
    "glance": Job(prepared=_glance, packages=RASTER, loaded="geo.intake.glancing"),
    "photos": Job(prepared=_photos, packages=("exifread",)),
    "outlines": Job(prepared=_outlines, packages=VECTOR),
    "rows": Job(prepared=_rows, packages=VECTOR),
    "tree": Job(prepared=_tree, packages=VECTOR),
}


def telling(say: Say) -> Advance:
    """Tell the share done where it is the first, or a step beyond the last that was told."""
    next_told = 0.0

    def advance(share: float) -> None:
        nonlocal next_told
        if share >= next_told:
            next_told = share + _STEP
            say({"progress": round(share, 4)})

    return advance


def _private_output() -> Say:
    """Keep the standard output for answers; whatever a library prints goes with the complaints."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    return say
