"""The capacity model adds up: every worked number is what its formula gives from those above it."""

import ast
import math
import operator
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "capacity.md"
BOTH = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
NAMED = re.compile(r"^\| `(\w+)`")


def value_of(formula: str, known: dict[str, float]) -> float:
    """What a formula gives: sums, products, names and `ceil`."""

    def of(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float()):
                return node.value
            case ast.Name():
                return known[node.id]
            case ast.BinOp():
                return BOTH[type(node.op)](of(node.left), of(node.right))
            case ast.Call(func=ast.Name(id="ceil"), args=[inner]):
                return math.ceil(of(inner))
        raise AssertionError(ast.dump(node))

    return of(ast.parse(formula, mode="eval").body)


def rows_of(heading: str) -> list[list[str]]:
    """The cells of each named row under a heading, without the marks around them."""
    part = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if NAMED.match(line)]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def givens() -> list[dict[str, float]]:
    """What is known before anything is worked out, for each size of a service."""
    plain = {name: number(value) for name, value, *_ in rows_of("Measured") + rows_of("Assumed")}
    (permits,) = rows_of("Sizes")
    return [{**plain, permits[0]: number(cell)} for cell in permits[2:]]


@pytest.mark.parametrize("size", range(3))
def test_every_worked_number_follows_from_its_formula(size: int) -> None:
    known = givens()[size]
    worked = rows_of("Worked")
    assert len(worked) > 8
    for name, formula, *cells in worked:
        known[name] = value_of(formula, known)
        said = number(cells[size])
        places = len(cells[size].partition(".")[2])
        assert said == pytest.approx(known[name], abs=0.5 * 10**-places + 1e-9), name


def test_every_number_that_is_given_is_used() -> None:
    used = " ".join(formula for _, formula, *_ in rows_of("Worked"))
    assert [name for name in givens()[0] if not re.search(rf"\b{name}\b", used)] == []
