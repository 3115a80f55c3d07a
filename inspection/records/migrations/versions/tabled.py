"""Which table a batch was made of, and what each of its rows names."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Take the step; of batches before it none says."""
    op.add_column("batches", sa.Column("table_name", sa.String(length=200), nullable=True))
    op.add_column("batch_items", sa.Column("line", sa.BigInteger(), nullable=True))
    op.add_column("batch_items", sa.Column("line_permit", sa.Text(), nullable=True))
    op.add_column("batch_items", sa.Column("line_current", sa.Text(), nullable=True))
