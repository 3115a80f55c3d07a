"""What the ledger of a decided inspection comes to by what people let count."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Take the step; a worker counts what was decided before."""
    op.add_column("inspections", sa.Column("counted_ha", sa.JSON(none_as_null=True), nullable=True))
