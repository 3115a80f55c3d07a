"""Records of tables and of JSON, one after the other, and what the mapping does not ask for."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from geo.errors import RefusedError
from geo.intake.records import Cell, Odd, Sheet, Stamp, Table, Tree
from geo.vector.label import plain_name, printable
from inspection.exchange.permits.branches import Branch, followed
from inspection.exchange.permits.mapping import Mapping
from inspection.exchange.permits.rules import RecordRule
from inspection.exchange.permits.taking import Found, Look

_NAME: Final = re.compile(r"[A-Za-z_][\w ./()-]{0,59}")
_MANY_DIGITS: Final = re.compile(r"\d{6}")
_SIMPLE: Final = re.compile(r"[^.^*]+")
_SLASHED: Final = re.compile(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record, and where it stands."""

    rule: RecordRule
    look: Look
    where: str


def rows_of(
    table: Table, mapping: Mapping, passed_over: Counter[str]
) -> Iterator[Record | RefusedError]:
    """
    Rows of a table, or why one cannot be read.

    Raises
    ------
    RefusedError
        ``import_name_twice`` where a heading that is asked for stands twice.
    """
    (rule,) = mapping.record.values()
    known = {plain_name(name) for name in rule.names()}
    for title in table.passed_over:
        passed_over[repeatable(title)] += 1
    for sheet in table.sheets:
        if twice := sorted(sheet.repeated & known):
            raise RefusedError("import_name_twice", where=sheet.headings[twice[0]])
        others = [name for name in sheet.headings if name not in known | mapping.unwanted]
        for row in sheet.rows:
            passed_over.update(
                repeatable(sheet.headings[name])
                for name in others
                if row.cells.get(name) not in (None, "")
            )
            where = f"{sheet.title}!{row.number}" if sheet.title else f"line {row.number}"
            if row.is_whole:
                yield Record(rule=rule, look=_look(sheet, row.number, row.cells), where=where)
            else:
                yield RefusedError("import_row_broken", where=where, columns=len(sheet.headings))


def _look(sheet: Sheet, number: int, cells: Any) -> Look:  # noqa: ANN401 - a mapping of cells
    def look(name: str) -> list[Found]:
        plain = _plain(name)
        if plain not in cells:
            return []
        letter = sheet.letters[plain]
        where = f"{sheet.title}!{letter}{number}" if sheet.title else f"line {number}, {letter}"
        return [(where, cells[plain])]

    return look


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """Plain form of a name; a file has few of them, many times."""
    return plain_name(name)


def mixed_columns(table: Table) -> frozenset[str]:
    """Columns in which some dates are text and others were taken for dates by a spreadsheet."""
    stamps, texts = set[str](), set[str]()
    for sheet in table.sheets:
        for row in sheet.rows:
            for name, cell in row.cells.items():
                if isinstance(cell, Stamp):
                    stamps.add(name)
                elif isinstance(cell, str) and name not in texts and _SLASHED.match(cell):
                    texts.add(name)
    return frozenset(stamps & texts)


def branches_of(
    tree: Tree, mapping: Mapping, passed_over: Counter[str]
) -> Iterator[Record | RefusedError]:
    """Branches of a tree that are records, or why one cannot be read."""
    root = Branch(tree.root)
    for rule in mapping.record.values():
        known = {_plain(name.split(".")[0]) for name in rule.names()}
        known |= {_plain(p.split(".")[-1]) for one in mapping.record.values() for p in one.paths}
        for path in rule.paths:
            branches = list(followed(root, path))
            told = [one for one in branches if _tells(one.node, known)]
            if not told:
                continue
            for one in branches:
                if not _tells(one.node, known):
                    passed_over[repeatable(_label(one.pointer))] += 1
                    continue
                passed_over.update(
                    repeatable(name)
                    for name, value in one.node.items()
                    if _plain(name) not in known and value not in (None, "", [], {})
                )
                yield Record(rule=rule, look=_looking(one), where=one.pointer or "/")
            break


def _label(pointer: str) -> str:
    """Last name in a pointer; numbers only count elements."""
    return next((part for part in reversed(pointer.split("/")) if not part.isdecimal()), "")


def _tells(node: object, known: set[str]) -> bool:
    return isinstance(node, dict) and any(_plain(name) in known for name in node)


def _looking(branch: Branch) -> Look:
    """Look under a name; most are names of the record itself, found without following a path."""
    own: dict[str, str | None] = {}
    for name in branch.node:
        plain = _plain(name)
        own[plain] = None if plain in own else name

    def look(name: str) -> list[Found]:
        is_simple = bool(_SIMPLE.fullmatch(name))
        plain = _plain(name)
        if is_simple and plain not in own:
            return []
        written = own[plain] if is_simple else None
        if written is None:  # a path, or a name that stands twice, which is refused on the way
            return [(one.pointer, _cell(one.node)) for one in followed(branch, name)]
        node = branch.node[written]
        if isinstance(node, list):
            return [
                (one.pointer, _cell(one.node)) for one in branch.child(written, node).elements()
            ]
        return [(branch.child(written, node).pointer, _cell(node))]

    return look


def _cell(node: object) -> Cell:
    if node is None or isinstance(node, str | int | float):
        return node
    return Odd(kind="branch") if node else None


@lru_cache(maxsize=4096)
def repeatable(text: str) -> str:
    """A name that may be repeated: what does not look like one might be somebody's data."""
    name = printable(text)
    return name if _NAME.fullmatch(name) and not _MANY_DIGITS.search(name) else "?"
