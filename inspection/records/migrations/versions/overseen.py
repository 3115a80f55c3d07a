"""Offices that are suspended, and central administrators, who belong to none of them."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.engine import is_sqlite
from inspection.records.migrations.guards import never_moved
from inspection.records.migrations.parts import one_of, to_office, to_row

revision = "0014"
down_revision = "0013"

_ROLES = ("inspector", "reviewer", "gis", "admin", "auditor", "central_admin")
_CENTRAL = "(role = 'central_admin') = (office_id = '00000000000000000000000000000000')"


def upgrade() -> None:
    """Take the step."""
    op.add_column("offices", sa.Column("suspended_at", Instant(), nullable=True))
    if is_sqlite(op.get_bind()):
        _make_grants_anew()
        return
    op.drop_constraint("role", "role_grants", type_="check")
    listed = ", ".join(f"'{role}'" for role in _ROLES)
    op.create_check_constraint("role", "role_grants", f"role IN ({listed})")
    op.create_check_constraint("central_admin", "role_grants", _CENTRAL)


def _make_grants_anew() -> None:
    # SQLite changes no rule of a table that is there; nothing refers to this one.
    op.create_table(
        "role_grants_anew",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", one_of("role", *_ROLES), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        to_row("role_grants", "users", "user_id"),
        to_office("role_grants"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("user_id", "role", name=op.f("uq_role_grants_user_id_role")),
        sa.CheckConstraint(_CENTRAL, name=op.f("central_admin")),
    )
    op.execute(
        "INSERT INTO role_grants_anew (id, created_at, office_id, user_id, role, granted_by) "
        "SELECT id, created_at, office_id, user_id, role, granted_by FROM role_grants"
    )
    op.drop_table("role_grants")
    op.rename_table("role_grants_anew", "role_grants")
    never_moved("role_grants")
