"""Values of other systems on the record: added beside one another, corrected above, never lost."""

import hashlib
from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import DBAPIError

from inspection.exchange.permits.mapping import read_mapping
from inspection.exchange.permits.reading import read_permits
from inspection.records.adapting import brought_file, brought_permits
from inspection.records.brought import BroughtFile, BroughtOutline, BroughtPermit, BroughtValue
from inspection.records.importing import apply, planned
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.permits import (
    BoundaryStage,
    BoundaryVersion,
    Correction,
    ImportedValue,
    Permit,
    PermitKey,
)
from inspection.records.values import alike, resolved

IDENTIFYING = ("licence_id", "application_number")


def a_file(name, source="oss"):
    return BroughtFile(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        name=name,
        source=source,
        mapping=f"{source} 1",
        identifying=IDENTIFYING,
    )


def brought(reference, names, *, source="oss", outline=None, **values):
    return BroughtPermit(
        reference=reference,
        names=tuple(names.items()),
        values=tuple(
            BroughtValue(source=source, field=field, value=value, where=f"row {reference}")
            for field, value in values.items()
        ),
        outline=outline,
    )


def an_outline(west):
    return BroughtOutline(
        shape=shapely.box(west, -7.1, west + 0.1, -7.0),
        sha256=hashlib.sha256(str(west).encode()).hexdigest(),
        stated_crs="EPSG:4755",
        area_m2=1.0,
        stage=BoundaryStage.GRANTED,
    )


def take(world, file, *permits, actor=None):
    with world.records.writing(world.here) as session:
        plan = planned(session, file, permits)
        apply(session, plan, actor=actor)
    return plan


def on_record(world, reference):
    with world.records.reading(world.here) as session:
        permit = session.scalars(select(Permit).where(Permit.reference == reference)).one()
        return {name: one.value for name, one in resolved(session, permit.id).items()}


FIRST = brought("A", {"licence_id": "I-1", "business_id": "0012"}, holder_name="PT Batu", area=4.5)


def test_a_plan_changes_nothing_and_says_what_would(world):
    with world.records.reading(world.here) as session:
        plan = planned(session, a_file("one"), [FIRST])
        (change,) = plan.permits
        assert (change.permit_id, change.is_unclear, change.is_empty) == (None, False, False)
        assert {c.said.field: c.said.value for c in change.changes} == {
            "holder_name": "PT Batu",
            "area": 4.5,
        }
        assert session.scalars(select(Permit)).all() == []


def test_the_same_file_changes_nothing_more_and_neither_do_the_same_values(world):
    assert not take(world, a_file("one"), FIRST).was_taken
    assert take(world, a_file("one"), FIRST).was_taken
    (change,) = take(world, a_file("another export"), FIRST).permits
    assert change.is_empty
    with world.records.reading(world.here) as session:
        assert session.scalar(select(func.count(ImportedValue.id))) == 2
        assert session.scalar(select(func.count(Permit.id))) == 1
        actions = session.scalars(select(AuditEvent.action)).all()
        assert actions == ["import.applied", "import.applied"]


def test_sources_that_differ_are_shown_and_none_is_preferred(world):
    take(world, a_file("one"), FIRST)
    other = brought(
        "other", {"licence_id": "I-1"}, source="sicantik", holder_name="PT Pasir", area=4.5
    )
    (change,) = take(world, a_file("two", "sicantik"), other).permits
    assert [(c.said.field, c.differs_from) for c in change.changes] == [
        ("holder_name", (("oss", "PT Batu"),)),
        ("area", ()),
    ]
    assert on_record(world, "A") == {"holder_name": None, "area": 4.5}
    with world.records.reading(world.here) as session:
        held = resolved(session, change.permit_id)["holder_name"]
        assert held.is_conflict
        assert [(s.source, s.value, s.where) for s in held.stated] == [
            ("oss", "PT Batu", "row A"),
            ("sicantik", "PT Pasir", "row other"),
        ]


def test_a_source_that_says_something_new_is_followed_and_its_old_word_is_kept(world):
    take(world, a_file("one"), FIRST)
    later = brought("A", {"licence_id": "I-1"}, holder_name="PT Batu Jaya")
    (change,) = take(world, a_file("later"), later).permits
    assert [c.before for c in change.changes] == [("PT Batu",)]
    assert on_record(world, "A")["holder_name"] == "PT Batu Jaya"
    with world.records.reading(world.here) as session:
        assert session.scalar(select(func.count(ImportedValue.id))) == 3


def test_a_correction_lies_above_and_can_be_taken_back(world):
    take(world, a_file("one"), FIRST)

    def correct(value, *, withdrawn):
        with world.records.writing(world.here) as session:
            permit = session.scalars(select(Permit)).one()
            session.add(
                Correction(
                    permit_id=permit.id,
                    field="holder_name",
                    value=value,
                    is_withdrawn=withdrawn,
                    reason="deed of change",
                    corrected_by=world.reviewer,
                )
            )

    correct("PT Batu Baru", withdrawn=False)
    take(world, a_file("two"), brought("A", {"licence_id": "I-1"}, holder_name="PT Lain"))
    assert on_record(world, "A")["holder_name"] == "PT Batu Baru"
    correct(None, withdrawn=True)
    assert on_record(world, "A")["holder_name"] == "PT Lain"


def test_what_was_imported_cannot_be_changed(world):
    take(world, a_file("one"), FIRST)
    with pytest.raises(DBAPIError, match="refused"), world.records.writing(world.here) as session:
        session.execute(update(ImportedValue).values(value="x"))
    with pytest.raises(DBAPIError, match="refused"), world.engine.begin() as connection:
        connection.execute(text("DELETE FROM imported_values"))


def test_what_could_be_one_of_several_is_left_alone_and_named(world):
    second = brought("B", {"licence_id": "I-2"}, holder_name="PT Dua")
    take(world, a_file("one"), FIRST, second)
    both = brought("C", {"licence_id": "I-1", "application_number": "7"}, holder_name="x")
    with world.records.writing(world.here) as session:
        two = session.scalars(select(Permit).where(Permit.reference == "B")).one()
        session.add(PermitKey(permit_id=two.id, kind="application_number", value="7"))
    (change,) = take(world, a_file("two"), both).permits
    with world.records.reading(world.here) as session:  # the licence decides
        assert session.get(Permit, change.permit_id).reference == "A"
    twice = take(world, a_file("three"), *[brought("D", {"licence_id": "I-9"}, a=1)] * 2).permits
    assert [one.is_unclear for one in twice] == [True, True]
    same = take(world, a_file("four"), brought("B", {"licence_id": "I-77"}, a=1)).permits
    assert [one.is_unclear for one in same] == [True]
    assert on_record(world, "B") == {"holder_name": "PT Dua"}


def test_of_what_a_file_calls_the_same_all_waits_whatever_its_order(world):
    take(world, a_file("one"), brought("I-1", {"licence_id": "I-1"}))
    rows = [
        brought("SK 7", {"permit_number": "SK 7", "licence_id": f"L-{n}"}, outline=an_outline(n))
        for n in range(3)
    ]
    alone = brought("SK 8", {"permit_number": "SK 8", "licence_id": "L-9"}, outline=an_outline(9))
    again = [brought("I-1", {"licence_id": "I-1"}, outline=an_outline(n)) for n in (20, 21)]
    for order in (1, -1):
        plan = take(world, a_file(f"layer {order}"), *[*rows, alone, *again][::order])
        told = {one.brought.names: one for one in plan.permits}
        assert not told[alone.names].is_unclear
        for one in plan.permits:
            if one.brought is not alone:
                assert (one.is_unclear, one.permit_id, one.sequence) == (True, None, None)
    with world.records.reading(world.here) as session:
        assert sorted(session.scalars(select(Permit.reference))) == ["I-1", "SK 8"]


def test_a_name_that_agrees_beside_one_that_differs_is_for_a_person_to_judge(world):
    first = brought("A", {"licence_id": "I-1", "application_number": "7"}, holder_name="PT Batu")
    take(world, a_file("one"), first)
    other = brought("B", {"licence_id": "I-9", "application_number": "7"}, holder_name="x")
    (change,) = take(world, a_file("two"), other).permits
    assert (change.is_unclear, len(change.candidates), change.permit_id) == (True, 1, None)
    assert on_record(world, "A") == {"holder_name": "PT Batu"}


def test_a_file_that_contradicts_itself_is_a_conflict_until_a_later_one_speaks(world):
    words = tuple(
        BroughtValue(source="oss", field="holder_name", value=value, where=f"row {value}")
        for value in ("PT Batu", "PT Pasir")
    )
    torn = BroughtPermit(reference="A", names=(("licence_id", "I-1"),), values=words)
    take(world, a_file("one"), torn)
    assert on_record(world, "A") == {"holder_name": None}
    (change,) = take(world, a_file("two"), torn).permits
    assert change.is_empty
    (change,) = take(
        world, a_file("three"), brought("A", {"licence_id": "I-1"}, holder_name="PT Batu")
    ).permits
    assert [one.before for one in change.changes] == [("PT Batu", "PT Pasir")]
    assert on_record(world, "A") == {"holder_name": "PT Batu"}


def test_a_business_with_two_permits_is_no_reason_to_confuse_them(world):
    other = brought("B", {"licence_id": "I-2", "business_id": "0012"}, holder_name="PT Batu")
    take(world, a_file("one"), FIRST)
    (change,) = take(world, a_file("two"), other).permits
    assert (change.permit_id, change.is_unclear) == (None, False)


def test_outlines_become_versions_and_are_found_by_their_box(world):
    take(world, a_file("one"), brought("A", {"licence_id": "I-1"}, outline=an_outline(107.5)))
    take(world, a_file("two"), brought("A", {"licence_id": "I-1"}, outline=an_outline(107.5)))
    take(world, a_file("three"), brought("A", {"licence_id": "I-1"}, outline=an_outline(108.5)))
    with world.records.reading(world.here) as session:
        versions = session.scalars(select(BoundaryVersion).order_by(BoundaryVersion.sequence))
        assert [(one.sequence, one.west) for one in versions] == [(1, 107.5), (2, 108.5)]
        near = select(BoundaryVersion.sequence).where(
            BoundaryVersion.meets(west=108.0, south=-8.0, east=109.0, north=-6.0)
        )
        assert session.scalars(near).all() == [2]
        beside = BoundaryVersion.meets(west=107.61, south=-8.0, east=108.4, north=-6.0)
        assert session.scalars(select(BoundaryVersion).where(beside)).all() == []


def test_case_and_blanks_make_no_conflict():
    assert alike("PT  Batu", "pt batu ")
    assert not alike("PT Batu", "PT Pasir")
    assert alike(1, 1.0)
    assert not alike("1", 1)


def test_many_permits_cost_no_more_each_than_a_few_do(world):
    """Statements to the database are counted: whatever is looked up anew for each adds to them."""

    def statements(first, count):
        permits = [
            brought(
                f"P{number}",
                {"licence_id": f"I-{number}", "business_id": f"{number % 50}"},
                outline=an_outline(100 + number / 500),
                **{f"field_{field}": f"value {number} {field}" for field in range(12)},
            )
            for number in range(first, first + count)
        ]
        asked = []

        def heard(*words):
            asked.append(words[2])

        event.listen(world.engine, "before_cursor_execute", heard)
        take(world, a_file(f"from {first}"), *permits)
        event.remove(world.engine, "before_cursor_execute", heard)
        return len(asked)

    few = statements(0, 50)
    assert 0 < statements(100, 400) <= few + 8  # rows of one table may be sent in a few parts
    with world.records.reading(world.here) as session:
        assert session.scalar(select(func.count(ImportedValue.id))) == 12 * 450


def test_an_export_that_was_read_goes_on_the_record(world, tmp_path):
    path = tmp_path / "permits.csv"
    path.write_text(
        "id_izin;nib;nama_perusahaan;luas_ha;tgl_izin\n"
        "I-1;0012;PT Batu;4,5;2024-03-25\n"
        "I-2;0012;PT Batu;7;2024-03-26\n"
    )
    read = read_permits(path, read_mapping("generic"), imported_at=datetime.now(UTC))
    file, permits = brought_file(read), brought_permits(read, stage=BoundaryStage.GRANTED)
    assert (file.name, file.source) == ("permits.csv", read.origin.system)
    assert not take(world, file, *permits).was_taken
    assert take(world, file, *permits).was_taken
    assert on_record(world, "I-2")["holder_name"] == "PT Batu"
    with world.records.reading(world.here) as session:
        assert session.scalar(select(func.count(Permit.id))) == 2
        kept = session.scalars(select(ImportedValue).where(ImportedValue.field == "issued_on"))
        assert {one.note["written"] for one in kept} == {"2024-03-25", "2024-03-26"}
        assert session.scalars(
            select(PermitKey.value).where(PermitKey.kind == "business_id")
        ).all() == ["0012", "0012"]
