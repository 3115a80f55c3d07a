"""The files of a check: those that were named, and those in a folder that was."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from inspection.check.recognition import WORLD_FILES

MOST_FILES: Final = 20_000
"""Of one folder, below it included; a flight takes hundreds of photos, a campaign thousands."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One file to look at."""

    path: Path
    name: str
    """For people, every sign of it printable."""

    named: bool
    """
    Whether it must be answered for: the caller named the file itself, or a world file beside
    it says that it is a map.
    """


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All files to look at, in an order that is the same on every machine."""

    found: tuple[Found, ...]
    """A folder that does not open is among them, so that it is answered for as well."""

    passed: tuple[str, ...]
    """Links, pipes and devices in folders: they may lead to what is not their bringer's."""

    is_cut: bool
    """Whether a folder held more than is looked at."""


def listing(paths: Sequence[Path], *, boundary: Path | None) -> Listing:
    """
    List files and what lies in folders; hidden files, links and pipes there are passed over.

    The boundary comes first and is one file, whatever else it is said to be.
    """
    paths = [*([boundary] if boundary else []), *paths]
    times = Counter(path.name for path in set(paths))
    found: list[Found] = []
    passed: list[str] = []
    is_cut = False
    for path in dict.fromkeys(paths):
        name = path.name if times[path.name] == 1 and path.name else str(path)
        is_folder = os.path.isdir(path)  # noqa: PTH112 - any name is only no folder
        if path == boundary or not is_folder:
            found.append(Found(path=path, name=_printable(name), named=True))
            continue
        count = 0
        for one in _below(path):
            at = Path(name) / one.relative_to(path)
            if _is_another(one):
                passed.append(_printable(str(at)))
                continue
            count += 1
            if count > MOST_FILES:
                is_cut = True
                break
            found.append(Found(path=one, name=_printable(str(at)), named=False))
    maps = {one.path.with_suffix("") for one in found if _is_world_file(one.path)}
    found = [replace(one, named=one.named or one.path.with_suffix("") in maps) for one in found]
    return Listing(found=tuple(found), passed=tuple(passed), is_cut=is_cut)


def _is_world_file(path: Path) -> bool:
    return path.name.lower().endswith(WORLD_FILES)


def _below(folder: Path) -> Iterator[Path]:
    """What lies in a folder and below, and the folders there that do not open."""
    closed: list[Path] = []

    def keep(error: OSError) -> None:
        closed.append(Path(os.fsdecode(error.filename)))

    for home, folders, names in os.walk(folder, onerror=keep):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        links = [one for one in folders if os.path.islink(Path(home) / one)]  # noqa: PTH114
        yield from (Path(home) / one for one in sorted([*names, *links]) if one[0] != ".")
        yield from closed
        closed.clear()
    yield from closed


def _is_another(path: Path) -> bool:
    """Whether something in a folder is neither a file nor a folder of its own."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False  # told when it is to be opened
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _printable(name: str) -> str:
    """Name without signs that would command a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)
