"""Parts that steps are made of: references within an office, and closed lists."""

import sqlalchemy as sa
from alembic import op


def to_office(table: str) -> sa.ForeignKeyConstraint:
    """Reference of a table to the office that owns its rows."""
    return sa.ForeignKeyConstraint(
        ["office_id"],
        ["offices.id"],
        name=op.f(f"fk_{table}_office_id"),
        initially="DEFERRED",
        deferrable=True,
    )


def to_row(table: str, target: str, column: str, *more: str) -> sa.ForeignKeyConstraint:
    """Reference of a table to a row of the same office (and what more the two must share)."""
    return sa.ForeignKeyConstraint(
        ["office_id", column, *more],
        [f"{target}.{name}" for name in ("office_id", "id", *more)],
        name=op.f("_".join(("fk", table, "office_id", column, *more))),
        initially="DEFERRED",
        deferrable=True,
    )


def one_of(name: str, *values: str) -> sa.Enum:
    """A closed list; the database refuses anything else."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
