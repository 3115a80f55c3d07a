"""A decision may ask that its report be attached as soon as it is written."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Take the step; of the decisions before it none asked for that."""
    op.add_column(
        "reissues",
        sa.Column("is_to_attach", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
