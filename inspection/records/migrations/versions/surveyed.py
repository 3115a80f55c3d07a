"""What flights showed and left open, by place."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.guards import never_changed
from inspection.records.migrations.parts import to_office, to_row
from inspection.records.migrations.spatial import index_outlines, outline_type

revision = "0016"
down_revision = "0015"

_TABLE = "surveyed_grounds"


def upgrade() -> None:
    """Take the step; workers lay out what was inspected before."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("outline", outline_type(), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        to_row(_TABLE, "inspections", "inspection_id"),
        to_office(_TABLE),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("office_id", "id", name=op.f(f"uq_{_TABLE}_office_id_id")),
        sa.UniqueConstraint("inspection_id", "code", name=op.f(f"uq_{_TABLE}_inspection_id_code")),
    )
    op.create_index(f"ix_{_TABLE}_box", _TABLE, ["office_id", "west", "east", "south", "north"])
    index_outlines(_TABLE)
    never_changed(_TABLE)
