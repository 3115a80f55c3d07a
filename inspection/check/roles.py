"""What a file is to an inspection, as whoever brings it says: which of them there are, and fit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from geo.errors import RefusedError, about
from inspection.check.checked import Kind
from inspection.errors import UsageError

FILE: Final = "file"
"""What a file is of which nobody said more."""

FOUND: Final[Mapping[Kind, str]] = {Kind.HEIGHTS: "dsm", Kind.UNKNOWN: FILE}
"""Roles that are called otherwise than the kind of file that has them."""

_PICTURES: Final = frozenset({Kind.ORTHOPHOTO, Kind.PICTURE})
_ONCE: Final[Mapping[str, frozenset[Kind]]] = {
    "orthophoto": _PICTURES,
    "dsm": frozenset({Kind.HEIGHTS}),
    "control_points": frozenset({Kind.CONTROL_POINTS}),
    "flight_log": frozenset({Kind.FLIGHT_LOG}),
    "baseline": _PICTURES,
    "baseline_dsm": frozenset({Kind.HEIGHTS}),
    "baseline_flight_log": frozenset({Kind.FLIGHT_LOG}),
}
"""What an inspection takes one of, and the kinds of file that it can be."""

ROLES: Final[Mapping[str, frozenset[Kind]]] = {
    **{role_of: frozenset({kind}) for kind in Kind for role_of in [FOUND.get(kind, str(kind))]},
    **_ONCE,
    FILE: frozenset(Kind),
}


def require_role(role: str, kind: Kind, *, name: str) -> None:
    """
    Refuse a role that is none, or that a file of this kind cannot have.

    Raises
    ------
    UsageError
        ``file_role_unknown``, with those that there are.
    RefusedError
        ``file_role_unfit``.
    """
    with about(name):
        if role not in ROLES:
            raise UsageError("file_role_unknown", where=role, roles=", ".join(sorted(ROLES)))
        if kind not in ROLES[role]:
            raise RefusedError("file_role_unfit", role=role, found=FOUND.get(kind, str(kind)))


def require_once(said: Sequence[str | None], given: Sequence[str]) -> None:
    """
    Refuse a role that was said and that another file has too, where an inspection takes one.

    What nobody said may come more often: the check cannot know which of two flights is the earlier.

    Raises
    ------
    UsageError
        ``file_role_twice``.
    """
    counts = Counter(given)
    for role in said:
        if role is not None and role in _ONCE and counts[role] > 1:
            raise UsageError("file_role_twice", where=role)
