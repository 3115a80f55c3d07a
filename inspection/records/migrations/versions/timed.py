"""Service clocks."""

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
