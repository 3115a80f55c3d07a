"""The same permit from several sources: joined where that is sure, and never overwritten."""

import json

from hypothesis import given
from hypothesis import strategies as st

from inspection.exchange.permits.imported import Origin, PermitImport, Value
from inspection.exchange.permits.merging import merged
from inspection.exchange.permits.vocabulary import Field, Key
from tests.inspection.exchange.conftest import NOW, codes, read


def origin(name):
    return Origin(
        system=name,
        file=f"{name}.json",
        sha256=name,
        mapping="m 1",
        mapping_sha256="0",
        imported_at=NOW,
    )


def value(text, source="one"):
    return Value(value=text, written=str(text), where="/x", origin=origin(source))


def permit(source="one", holder=None, **keys):
    return PermitImport(
        keys={Key(name): (value(text, source),) for name, text in keys.items()},
        values={} if holder is None else {Field.HOLDER_NAME: (value(holder, source),)},
    )


def told(permits):
    """What was joined, in no order."""
    return sorted(
        (
            sorted((str(key), one.key(key)) for key in one.keys),
            sorted(str(v.value) + v.origin.sha256 for said in one.values.values() for v in said),
            sorted(codes(one.problems)),
        )
        for one in permits
    )


def test_what_two_sources_say_alike_has_two_witnesses():
    (both,) = merged(
        [
            permit("one", "PT Sintetis Satu", licence_id="I-1"),
            permit("two", "pt  sintetis SATU", licence_id="i-1", permit_number="5/SK"),
        ]
    )
    assert both.conflicts == ()
    assert [v.origin.system for v in both.values[Field.HOLDER_NAME]] == ["one", "two"]
    assert both.key(Key.PERMIT_NUMBER) == "5/SK"


def test_what_they_say_differently_is_a_conflict_and_both_are_kept():
    (both,) = merged(
        [permit("one", "PT Satu", licence_id="I-1"), permit("two", "PT Dua", licence_id="I-1")]
    )
    assert both.conflicts == (Field.HOLDER_NAME,)
    assert both.agreed(Field.HOLDER_NAME) is None
    assert [v.value for v in both.values[Field.HOLDER_NAME]] == ["PT Satu", "PT Dua"]


def test_keys_that_contradict_keep_permits_apart():
    apart = merged(
        [
            permit(permit_number="5/SK", area_code="1"),
            permit("two", permit_number="5/SK", area_code="2"),
        ]
    )
    assert len(apart) == 2
    assert [one.problems for one in apart] == [(), ()]


def test_what_could_belong_to_two_belongs_to_neither_and_is_told():
    found = merged(
        [
            permit(permit_number="5/SK", area_code="1"),
            permit(permit_number="5/SK", area_code="2"),
            permit("two", "PT Satu", permit_number="5/SK"),
        ]
    )
    assert len(found) == 3
    assert {tuple(codes(one.problems)) for one in found} == {("import_match_ambiguous",)}


def test_a_chain_of_keys_joins_across_sources():
    (one,) = merged(
        [
            permit("a", licence_id="I-1", project_id="R-1"),
            permit("b", application_number="42", permit_number="5/SK"),
            permit("c", permit_number="5/SK", licence_id="I-1"),
        ]
    )
    assert one.key(Key.APPLICATION_NUMBER) == "42"
    assert one.key(Key.PROJECT_ID) == "R-1"


def test_a_project_with_two_licences_is_added_to_both_and_an_application_to_neither():
    found = merged(
        [
            permit("oss", licence_id="I-1", project_id="R-1"),
            permit("oss", licence_id="I-2", project_id="R-1"),
            permit("proyek", "PT Satu", project_id="R-1", business_id="9"),
            permit("sicantik", application_number="42", project_id="R-1"),
            permit("nib", "PT Satu", business_id="9"),
            permit("nib", "PT Lain", business_id="8"),
        ]
    )
    assert len(found) == 4
    licences = [one for one in found if one.key(Key.LICENCE_ID)]
    for one in licences:
        assert one.key(Key.BUSINESS_ID) == "9"
        assert {v.origin.system for v in one.values[Field.HOLDER_NAME]} == {"proyek", "nib"}
        assert codes(one.problems) == ["import_match_ambiguous"]
    (alone,) = [one for one in found if one.key(Key.BUSINESS_ID) == "8"]
    assert alone.agreed(Field.HOLDER_NAME).value == "PT Lain"


def test_a_project_of_another_business_is_not_added():
    found = merged(
        [
            permit(licence_id="I-1", project_id="R-1", business_id="9"),
            permit("two", "PT Lain", project_id="R-1", business_id="8"),
        ]
    )
    assert len(found) == 2


def test_a_key_that_hundreds_share_is_no_key():
    many = [permit(permit_number="0", area_code=str(n)) for n in range(101)]
    found = merged([*many, permit("two", permit_number="0")])
    assert len(found) == 102
    assert {tuple(codes(one.problems)) for one in found} == {("import_match_ambiguous",)}


SOME = st.sampled_from([None, "1", "2", "3"])
PERMITS = st.lists(
    st.builds(
        lambda source, holder, keys: permit(source, holder, **keys),
        st.sampled_from(["one", "two"]),
        st.sampled_from(["A", "B"]),
        st.fixed_dictionaries(
            {},
            optional={
                name: st.sampled_from("123")
                for name in ("licence_id", "application_number", "project_id", "business_id")
            },
        ).filter(bool),
    ),
    max_size=7,
)


@given(permits=PERMITS, data=st.data())
def test_nothing_is_lost_and_no_order_matters(permits, data):
    found = merged(permits)
    assert told(found) == told(merged(data.draw(st.permutations(permits))))
    values = {(v.value, v.origin.sha256) for one in found for s in one.values.values() for v in s}
    assert values == {
        (v.value, v.origin.sha256) for one in permits for s in one.values.values() for v in s
    }
    for one in found:
        for said in one.keys.values():
            assert len({v.value for v in said}) == 1, "joined although a key differs"


@given(permits=PERMITS)
def test_bringing_together_twice_changes_nothing(permits):
    once = merged(permits)
    assert [k for k, *_ in told(merged(once))] == [k for k, *_ in told(once)]


def test_oss_and_an_offices_application_meet_in_the_project(as_json, nib):
    rows = [
        {
            "permohonan_izin_id": 7,
            "no_permohonan": "0042",
            "id_proyek": nib["dataNIB"]["data_proyek"][0]["id_proyek"],
            "nama": "PT Sintetis Lain",
            "jenis_proses_id": 18,
            "status": "Proses",
        }
    ]
    oss = read(as_json(nib, "oss.json"), "oss-nib")
    office = read(as_json(json.dumps(rows), "sicantik.json"), "sicantik")
    (one,) = merged([*oss.permits, *office.permits])
    assert one.key(Key.APPLICATION_NUMBER) == "0042"
    assert one.key(Key.LICENCE_ID)
    assert one.conflicts == (Field.HOLDER_NAME,)
    assert len(one.steps) == 1
