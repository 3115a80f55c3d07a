"""Branches of a JSON tree by the paths of a mapping, each with its JSON pointer (RFC 6901)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from geo.errors import RefusedError
from geo.vector.label import plain_name, printable

ANYWHERE: Final = "**"
ANY: Final = "*"
AROUND: Final = "^"


@dataclass(frozen=True, eq=False)
class Branch:
    """One node of a tree, where it stands, and the object that it stands in."""

    node: Any
    pointer: str = ""
    around: "Branch | None" = None

    def child(self, name: str, node: object) -> "Branch":
        """The node under one of its names."""
        written = printable(name).replace("~", "~0").replace("/", "~1")
        return Branch(node, f"{self.pointer}/{written}", self)

    def elements(self) -> Iterator["Branch"]:
        """Itself, or the elements of the list that it is, however deep."""
        if not isinstance(self.node, list):
            yield self
            return
        for number, one in enumerate(self.node):
            yield from Branch(one, f"{self.pointer}/{number}", self.around).elements()


def followed(start: Branch, path: str) -> Iterator[Branch]:
    """
    Every branch that a path leads to; lists are gone through element by element.

    Names are compared without case and signs. `*` is any name, `**` any depth, `^` the object
    around.

    Raises
    ------
    RefusedError
        ``import_name_twice`` where two names of one object differ in case or signs alone.
    """
    names = [part for part in path.split(".") if part]
    yield from _followed(start, names)


def _followed(at: Branch, names: list[str]) -> Iterator[Branch]:
    for one in at.elements():
        if not names:
            yield one
        elif names[0] == AROUND:
            if one.around is not None:
                yield from _followed(one.around, names[1:])
        elif isinstance(one.node, dict):
            yield from _within(one, names)


def _within(one: Branch, names: list[str]) -> Iterator[Branch]:
    first, rest = names[0], names[1:]
    if first == ANYWHERE:
        found = list(_within(one, rest))
        for name, node in () if found else one.node.items():
            found += _followed(one.child(name, node), names)
        yield from found
        return
    wanted = plain_name(first)
    alike = [name for name in one.node if first == ANY or plain_name(name) == wanted]
    if first != ANY and len(alike) > 1:
        raise RefusedError("import_name_twice", where=f"{one.pointer}/{printable(alike[1])}")
    for name in alike:
        yield from _followed(one.child(name, one.node[name]), rest)
