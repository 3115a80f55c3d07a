"""What an inspection's ledger says, beside the inspection: statistics read no documents."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Take the step; what was kept before is read by a worker."""
    op.add_column("inspections", sa.Column("ledger_ha", sa.JSON(none_as_null=True), nullable=True))
