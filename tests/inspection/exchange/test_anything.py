"""Whatever a file holds, a record is read or told; nothing else ever happens."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import RefusedError
from geo.intake.records import Odd, Row, Sheet, Stamp, Table, Tree
from geo.vector.label import plain_name
from inspection.exchange.permits.days import Calendar
from inspection.exchange.permits.imported import Origin, PermitImport
from inspection.exchange.permits.mapping import COME_ALONG, Form, read_mapping
from inspection.exchange.permits.merging import merged
from inspection.exchange.permits.records import branches_of, rows_of
from inspection.exchange.permits.taking import Taker
from inspection.language import Language
from inspection.profiles.reading import profile_names
from inspection.terminal.import_sheet import as_answer
from inspection.wording.catalogue import wording
from tests.inspection.exchange.conftest import NOW

MAPPINGS = [read_mapping(name) for name in profile_names(COME_ALONG)]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["2024-01-01", "01/02/2024", "1.234", "0000-00-00", "-6.9,107.6", "R-1"]),
)


def taker(mapping):
    origin = Origin(
        system="any", file="f", sha256="0", mapping="m", mapping_sha256="0", imported_at=NOW
    )
    calendar = Calendar(rules=mapping.dates)
    return Taker(mapping=mapping, origin=origin, most_exact=10**15, calendar=calendar)


def require_read_or_told(mapping, records):
    """Every record brings something or a problem, and all of it can be said as JSON."""
    permits = []
    for record in records:
        if isinstance(record, RefusedError):
            continue
        found = taker(mapping).taken(record.rule, record.look, record.where)
        assert isinstance(found, PermitImport) or found[-1].code == "import_without_key"
        permits += [found] if isinstance(found, PermitImport) else []
    for language in Language:
        json.dumps(as_answer([], merged(permits), [], wording(language)), allow_nan=False)


def trees(mapping):
    parts = {
        part
        for one in mapping.record.values()
        for n in (*one.names(), *one.paths)
        for part in n.split(".")
    }
    names = st.sampled_from(sorted(parts - {"^", "*", "**", ""})) | st.text(max_size=3)
    return st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=8),
        max_leaves=30,
    )


@pytest.mark.parametrize(
    "mapping", [m for m in MAPPINGS if m.form is Form.JSON], ids=lambda m: m.name
)
@given(data=st.data())
def test_any_tree(mapping, data):
    found = data.draw(trees(mapping))
    root = data.draw(st.sampled_from([found, {"dataNIB": found}, {"data": {"any": found}}]))
    tree = Tree(root=root, dropped={})
    require_read_or_told(mapping, branches_of(tree, mapping, Counter()))


@pytest.mark.parametrize(
    "mapping", [m for m in MAPPINGS if m.form is Form.TABLE], ids=lambda m: m.name
)
@given(data=st.data())
def test_any_row(mapping, data):
    (rule,) = mapping.record.values()
    names = [plain_name(name) for name in rule.names()]
    cells = LEAVES | st.sampled_from([Odd(kind="error"), Stamp(text="2024-02-03T10:00:00")])
    row = Row(
        number=2, cells=data.draw(st.dictionaries(st.sampled_from(names), cells)), is_whole=True
    )
    letters = dict.fromkeys(names, "A")
    sheet = Sheet(title="S", headings=letters, letters=letters, repeated=frozenset(), rows=(row,))
    table = Table(sheets=(sheet,), dropped={}, passed_over=(), is_1904=False)
    require_read_or_told(mapping, rows_of(table, mapping, Counter()))
