"""Offices are apart: whatever is asked, and however it is written."""

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from inspection.records.separation import OWNER, ForeignRowError
from inspection.records.tables.base import Base, OfficeOwned
from inspection.records.tables.everything import METADATA
from inspection.records.tables.offices import Office, User
from inspection.records.tables.permits import Permit, PermitKey


@pytest.fixture
def permits(world):
    ours, theirs = Permit(reference="A-1"), Permit(reference="A-1")
    with world.records.writing(world.here) as session:
        session.add(ours)
    with world.records.writing(world.there) as session:
        session.add(theirs)
    return ours, theirs


def test_every_table_says_whose_its_rows_are():
    kinds = {mapper.class_ for mapper in Base.registry.mappers}
    assert len(kinds) == len(METADATA.tables) > 30
    assert [k for k in kinds if not issubclass(k, OfficeOwned) and k not in OWNER] == []


def test_a_foreign_row_is_absent_however_it_is_asked_for(world, permits):
    ours, theirs = permits
    other = aliased(Permit)
    with world.records.reading(world.here) as session:
        assert session.get(Permit, theirs.id) is None
        assert session.get(Permit, ours.id).reference == "A-1"
        assert session.scalars(select(Permit)).all() == [session.get(Permit, ours.id)]
        assert session.scalar(select(func.count()).select_from(Permit)) == 1
        assert session.scalar(select(func.count(Permit.id))) == 1
        assert session.scalars(select(other.id).where(other.id == theirs.id)).all() == []
        joined = select(User.login, Permit.reference).join(Permit, Permit.id != User.id)
        assert {login for login, _ in session.execute(joined)} == {
            "inspector@bandung",
            "reviewer@bandung",
        }
        inside = select(Office.code).where(Office.id.in_(select(Permit.office_id)))
        assert session.scalars(inside).all() == ["bandung"]
        united = select(Permit.id).union_all(select(User.id))
        assert theirs.id not in session.scalars(united).all()
        assert session.scalars(select(Office.code)).all() == ["bandung"]


def test_a_statement_that_changes_rows_reaches_only_our_own(world, permits):
    _, theirs = permits
    with world.records.writing(world.here) as session:
        changed = session.execute(update(Permit).values(reference="B-2"))
        assert changed.rowcount == 1
        assert session.execute(delete(Permit).where(Permit.id == theirs.id)).rowcount == 0
    with world.records.reading(world.there) as session:
        assert session.get(Permit, theirs.id).reference == "A-1"


def test_a_row_of_another_office_cannot_be_written(world, permits):
    office = Office(code="x", name="x", time_zone="UTC", profile="p", language="id")
    for foreign in (Permit(office_id=world.there, reference="C-3"), office):
        with pytest.raises(ForeignRowError), world.records.writing(world.here) as session:
            session.add(foreign)
    with world.records.writing(world.here) as session:
        session.get(Permit, permits[0].id).office_id = world.there
        with pytest.raises(ForeignRowError):
            session.flush()
        session.rollback()


def test_a_row_cannot_refer_to_a_row_of_another_office(world, permits):
    with pytest.raises(DBAPIError), world.records.writing(world.here) as session:
        session.add(PermitKey(permit_id=permits[1].id, kind="nib", value="1"))
    with world.records.writing(world.here) as session:
        session.add(PermitKey(permit_id=permits[0].id, kind="nib", value="1"))


def test_a_row_cannot_change_hands_by_a_statement(world):
    with pytest.raises(DBAPIError), world.records.writing(world.here) as session:
        session.execute(update(User).values(office_id=world.there))


@pytest.mark.parametrize(
    "statement",
    [
        text("SELECT reference FROM permits"),
        select(Permit.__table__),
        insert(Permit),
        update(Permit.__table__).values(reference="x"),
        select(User.id, Permit.__table__.c.reference),
        select(User).join(Permit.__table__, Permit.__table__.c.id != User.id),
        select(User).where(User.id.in_(select(Permit.__table__.c.id))),
        select(User.id).union_all(select(Permit.__table__.c.id)),
    ],
)
def test_a_statement_of_which_nobody_could_say_whose_rows_it_means_is_not_taken(world, statement):
    with world.records.writing(world.here) as session, pytest.raises(RuntimeError):
        session.execute(statement)


def test_a_session_that_reads_changes_nothing(world):
    with world.records.reading(world.here) as session:
        session.add(Permit(reference="D-4"))
        with pytest.raises(RuntimeError):
            session.flush()
    with world.records.reading(world.here) as session, pytest.raises(RuntimeError):
        session.execute(update(Permit).values(reference="x"))
