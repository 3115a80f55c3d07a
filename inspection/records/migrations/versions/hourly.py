"""Clocks count in days or in hours, and the queue is ordered by the minute."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Take the step; what was allowed one day until now is a promise in hours from now on."""
    # As SQL, for SQLite takes a list of what may stand there only together with its column.
    op.execute(
        "ALTER TABLE service_clocks ADD COLUMN unit VARCHAR(32) DEFAULT 'days' NOT NULL "
        "CONSTRAINT ck_service_clocks_unit CHECK (unit IN ('days', 'hours'))"
    )
    op.execute("UPDATE service_clocks SET unit = 'hours' WHERE allowed_hundredths <= 100")
    op.add_column(
        "inspections",
        sa.Column(
            "due_by", Instant(), nullable=False, server_default="9999-12-31T00:00:00.000000Z"
        ),
    )
    op.execute("UPDATE inspections SET due_by = due_at WHERE due_at IS NOT NULL")
    op.drop_index("ix_inspections_queue", "inspections")
    op.create_index(
        "ix_inspections_queue",
        "inspections",
        ["office_id", "review", "due_by", "rank", "created_at", "id"],
    )
    op.drop_column("inspections", "due_on")
