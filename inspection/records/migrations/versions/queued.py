"""By what the reviewers' queue is ordered: when a thing is due, and what it gives to look at."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Take the step; what was kept before is rated by a worker, which reads it again."""
    op.add_column(
        "inspections", sa.Column("rank", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("inspections", sa.Column("due_at", Instant(), nullable=True))
    op.add_column(
        "inspections", sa.Column("due_on", sa.Date(), nullable=False, server_default="9999-12-31")
    )
    op.execute("UPDATE inspections SET rank = -32 WHERE review IN ('open', 'returned')")
    op.create_index(
        "ix_inspections_queue",
        "inspections",
        ["office_id", "review", "due_on", "rank", "created_at", "id"],
    )
    op.create_index(
        "ix_inspections_submitted_by",
        "inspections",
        ["office_id", "submitted_by", "created_at", "id", "review"],
    )
