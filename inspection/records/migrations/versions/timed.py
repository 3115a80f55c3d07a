"""Service clocks, and the steps that move them."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.guards import never_changed, never_moved
from inspection.records.migrations.parts import one_of, to_office, to_row

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "service_clocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("allowed_hundredths", sa.BigInteger(), nullable=False),
        sa.Column("mapping", sa.String(length=64), nullable=False),
        to_row("service_clocks", "calendars", "calendar_id"),
        to_row("service_clocks", "permits", "permit_id"),
        to_office("service_clocks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_clocks")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_service_clocks_office_id_id")),
        sa.UniqueConstraint("permit_id", "step", name=op.f("uq_service_clocks_permit_id_step")),
    )
    never_moved("service_clocks")
    op.create_table(
        "clock_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column(
            "effect",
            one_of("effect", "start", "stop", "resume", "stop_and_reset", "restart", "end"),
            nullable=True,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        to_row("clock_events", "service_clocks", "clock_id"),
        to_office("clock_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_events")),
        sa.UniqueConstraint(
            "clock_id", "at", "status", name=op.f("uq_clock_events_clock_id_at_status")
        ),
    )
    op.create_index("ix_clock_events_clock_id_at", "clock_events", ["clock_id", "at"])
    never_changed("clock_events")
    op.create_table(
        "process_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("meaning", sa.String(length=32), nullable=True),
        sa.Column("began", sa.Text(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        to_row("process_steps", "permits", "permit_id"),
        to_row("process_steps", "import_files", "import_id"),
        to_office("process_steps"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_steps")),
    )
    op.create_index(
        "ix_process_steps_permit_id_created_at", "process_steps", ["permit_id", "created_at"]
    )
    never_changed("process_steps")
