"""What a file says that a mapping does not ask for, and what it says that cannot be."""

import tomllib

import pytest

from inspection.exchange.permits.likely import likely
from inspection.exchange.permits.mapping import COME_ALONG
from inspection.exchange.permits.vocabulary import Field, Key
from tests.inspection.exchange.conftest import codes, read


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "izin.csv"
        path.write_text(text)
        return path

    return write


def test_any_table_may_use_each_of_our_own_names() -> None:
    (record,) = tomllib.loads(COME_ALONG.joinpath("generic.toml").read_text())["record"].values()
    assert {*record["key"]} == {*Key}
    assert {*record["value"]} == {*Field}
    for name, rule in (record["key"] | record["value"]).items():
        assert rule["read"][0] == name


def test_columns_that_were_not_read_are_named_with_what_they_may_mean(written) -> None:
    rows = "licence_id;holder;kind;comodity;cuaca;nik\nI-1;PT Batu;IUP;pasir;cerah;1\n"
    reading = read(written(rows), "generic")
    (permit,) = reading.permits
    assert {str(name): said[0].value for name, said in permit.values.items()} == {
        "holder_name": "PT Batu",
        "permit_type": "IUP",
    }
    assert reading.passed_over == {"comodity": 1, "cuaca": 1}
    assert reading.likely == {"comodity": "commodity"}
    assert likely(["", "…", "?"], ["holder_name"]) == {}


def test_a_permit_that_ends_before_it_begins_is_told_and_kept_as_stated(written) -> None:
    rows = """licence_id;valid_from;valid_until
I-1;31-12-2025;1-1-2020
I-2;2020-01-01;2025-12-31
I-3;2020-01-01;2020-01-01
I-4;;2020-01-01
"""
    first, *others = read(written(rows), "generic").permits
    assert [(p.code, p.where) for p in first.problems] == [("import_days_reversed", "line 2, C")]
    assert first.values[Field.VALID_FROM][0].value == "2025-12-31"
    assert first.values[Field.VALID_UNTIL][0].value == "2020-01-01"
    assert [codes(one.problems) for one in others] == [[], [], []]
