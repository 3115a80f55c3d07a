"""The files of a check: those that were named, and those in a folder that was."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_FILES: Final = 20_000
"""Of one folder, below it included; a flight takes hundreds of photos, a campaign thousands."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One file to look at."""

    path: Path
    name: str
    """For people, every sign of it printable."""

    named: bool
    """Whether the caller named the file itself, so that it must be answered for."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All files to look at, in an order that is the same on every machine."""

    found: tuple[Found, ...]
    is_cut: bool
    """Whether a folder held more than is looked at."""


def listing(paths: Sequence[Path]) -> Listing:
    """List files and what lies in folders; hidden files and links in folders are passed over."""
    times = Counter(path.name for path in set(paths))
    found: list[Found] = []
    is_cut = False
    for path in dict.fromkeys(paths):
        name = path.name if times[path.name] == 1 and path.name else str(path)
        if not os.path.isdir(path):  # noqa: PTH112 - any name is only no folder
            found.append(Found(path=path, name=_printable(name), named=True))
            continue
        below = list(_below(path))
        is_cut = is_cut or len(below) > MOST_FILES
        found += [
            Found(path=one, name=_printable(f"{name}/{one.relative_to(path)}"), named=False)
            for one in below[:MOST_FILES]
        ]
    return Listing(found=tuple(found), is_cut=is_cut)


def _below(folder: Path) -> Iterator[Path]:
    count = 0
    for home, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            path = Path(home) / name
            # A link in an upload may lead to what its bringer may not see.
            if not name.startswith(".") and stat.S_ISREG(path.lstat().st_mode):
                yield path
                count += 1
                if count > MOST_FILES:
                    return


def _printable(name: str) -> str:
    """Name without signs that would command a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)
