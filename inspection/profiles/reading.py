"""A profile's file and the ones that it extends, merged into one table."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from geo.errors import RefusedError
from inspection.model import Source
from inspection.profiles.certainty import Certainty, LeftOut, Sure, Table, rated, without
from inspection.profiles.problem import problem_of

MAX_BYTES = 1 << 20
"""Of one file; the largest that comes along has some kilobytes."""

MOST_PARENTS = 8

COME_ALONG = files("inspection.profiles")
"""Where the profiles lie that come with the product."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a profile says together with those it extends."""

    table: Table
    origins: tuple[Source, ...]
    """The file itself, then the one that it extends, and so on."""

    certainty: Mapping[str, Certainty]
    left_out: tuple[LeftOut, ...]


def merged_profile(name_or_file: str) -> Merged:
    """
    Read a profile's file and those it extends; what a file says counts before its parent.

    A value that its file calls unverified is left out, so that the parent's counts.

    Raises
    ------
    RefusedError
        ``profile_unknown``, ``profile_unreadable``, ``profile_value``,
        ``profile_extends_itself``.
    """
    table: Table = {}
    certainty: dict[str, Certainty] = {}
    left_out: list[LeftOut] = []
    origins: list[Source] = []
    for said, origin in lineage(name_or_file, home=COME_ALONG):
        given = _certainty(said)
        for leaf, entry in rated(said, given).items():
            if entry.sure is Sure.UNVERIFIED:
                said = without(said, leaf)  # noqa: PLW2901 - less of the same file
                left_out.append(LeftOut(name=leaf, source=entry.source))
            else:
                certainty.setdefault(leaf, entry)
        table = under(table, said)
        origins.append(origin)
    table.pop("extends", None)
    table.pop("certainty", None)
    return Merged(
        table=table, origins=tuple(origins), certainty=certainty, left_out=tuple(left_out)
    )


def lineage(name_or_file: str, *, home: Traversable) -> Sequence[tuple[Table, Source]]:
    """
    Read a file and those that it extends, each with its hash; `home` holds those that come along.

    Raises
    ------
    RefusedError
        ``profile_unknown``, ``profile_unreadable``, ``profile_extends_itself``,
        ``profile_value``.
    """
    found: list[tuple[Table, Source]] = []
    at: Path | str | None = _place(name_or_file, beside=None)
    seen: set[Path | str] = set()
    while at is not None:
        if at in seen or len(seen) > MOST_PARENTS:
            raise RefusedError("profile_extends_itself", where="extends")
        seen.add(at)
        table, origin = _file(at, home=home, parent=bool(found))
        found.append((table, origin))
        named = table.get("extends")
        if named is not None and not isinstance(named, str):
            raise RefusedError("profile_value", where="extends", value=str(named), allowed="string")
        beside = at.parent if isinstance(at, Path) else None
        at = None if named is None else _place(named, beside=beside)
    return found


def _place(name: str, *, beside: Path | None) -> Path | str:
    """Give the path of a file, or the name of a profile that comes along."""
    if name.endswith(".toml"):
        return ((beside or Path()) / name).resolve()
    return name


def _file(at: Path | str, *, home: Traversable, parent: bool) -> tuple[Table, Source]:
    known = profile_names(home)
    file: Traversable = at if isinstance(at, Path) else home.joinpath(f"{at}.toml")
    if not (file.is_file() if isinstance(at, Path) else at in known):
        where = "extends" if parent else None
        raise RefusedError("profile_unknown", where=where, known=", ".join(known))
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise RefusedError("profile_unreadable")
        table = tomllib.loads(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise RefusedError("profile_unreadable") from error
    role = "parent_profile" if parent else "profile"
    digest = hashlib.sha256(content).hexdigest()
    return table, Source(role=role, name=file.name, sha256=digest, size=len(content))


def _certainty(table: Table) -> dict[str, Certainty]:
    given = table.get("certainty", {})
    try:
        return TypeAdapter(dict[str, Certainty]).validate_python(given)
    except ValidationError as error:
        raise problem_of(error, at=("certainty",)) from error


def under(child: Table, parent: Mapping[str, Any]) -> Table:
    """Fill in what the child does not say; a list is one value."""
    both = {**parent, **child}
    for name, value in child.items():
        if isinstance(value, dict) and isinstance(parent.get(name), dict):
            both[name] = under(value, parent[name])
    return both


def profile_names(home: Traversable = COME_ALONG) -> tuple[str, ...]:
    """Names of the profiles that come with the product."""
    here = (one.name for one in home.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in here if name.endswith(".toml")))
