"""What-ifs: published results tried under other rules, apart from inspections and reports."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.parts import one_of, to_office, to_row

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "trials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=True),
        to_row("trials", "users", "submitted_by"),
        to_row("trials", "batches", "batch_id"),
        to_office("trials"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_trials_office_id_id")),
    )
    states = ("waiting", "running", "done", "failed", "cancelled")
    op.create_table(
        "trial_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("trial_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("request", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", one_of("trialstate", *states), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("changes", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        to_row("trial_items", "trials", "trial_id"),
        to_row("trial_items", "inspections", "inspection_id"),
        to_office("trial_items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_items")),
        sa.UniqueConstraint("trial_id", "position", name=op.f("uq_trial_items_trial_id_position")),
    )
    op.create_index(
        "ix_trial_items_state_position", "trial_items", ["state", "position", "created_at"]
    )
