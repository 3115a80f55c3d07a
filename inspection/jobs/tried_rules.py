"""Rules that somebody tries: some that come along, or a file of their own that may extend these."""

import tempfile
import tomllib
from pathlib import Path
from typing import Final

from geo.errors import RefusedError
from inspection.profiles.profile import Profile, read_profile
from inspection.profiles.reading import profile_names

FILE: Final = "rules.toml"


def known_rules(name: str) -> Profile:
    """
    Read rules that come along.

    Raises
    ------
    RefusedError
        ``profile_unknown``.
    """
    _require_known(name, where=name)
    return read_profile(name)


def own_rules(text: str) -> Profile:
    """
    Read rules as somebody sends them: a whole TOML file, which may extend some that come along.

    Raises
    ------
    RefusedError
        As `inspection.profiles.profile.read_profile`; ``profile_unknown`` if it extends others.
    """
    try:
        extends = tomllib.loads(text).get("extends")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RefusedError("profile_unreadable") from error
    if isinstance(extends, str):
        # Never a path: this machine's files are none of theirs.
        _require_known(extends, where="extends")
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / FILE
        path.write_text(text, encoding="utf-8")
        return read_profile(str(path))


def _require_known(name: str, *, where: str) -> None:
    known = profile_names()
    if name not in known:
        raise RefusedError("profile_unknown", where=where, known=", ".join(known))
