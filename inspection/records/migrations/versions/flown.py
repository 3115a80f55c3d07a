"""Uploads and flights."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.guards import never_moved
from inspection.records.migrations.parts import one_of, to_office, to_row

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "flights",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("claims", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        to_row("flights", "users", "brought_by"),
        to_row("flights", "permits", "permit_id"),
        to_office("flights"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flights")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_flights_office_id_id")),
    )
    op.create_index(
        "ix_flights_permit_id_created_at_id", "flights", ["permit_id", "created_at", "id"]
    )
    never_moved("flights")
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("carried_by", sa.Uuid(), nullable=True),
        sa.Column("signed_with", sa.Uuid(), nullable=True),
        sa.Column("parcel_sha256", sa.String(length=64), nullable=True),
        sa.Column("permit_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("claimed_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            one_of("uploadstate", "receiving", "complete", "refused", "ended", "expired"),
            nullable=False,
        ),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("received <= size", name=op.f("ck_uploads_within_size")),
        to_row("uploads", "users", "brought_by"),
        to_row("uploads", "users", "carried_by"),
        to_row("uploads", "device_keys", "signed_with"),
        to_row("uploads", "permits", "permit_id"),
        to_office("uploads"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_uploads_office_id_id")),
    )
    op.create_index(op.f("ix_uploads_brought_by"), "uploads", ["brought_by"])
    op.create_index(op.f("ix_uploads_claimed_sha256"), "uploads", ["claimed_sha256"])
    op.create_index(op.f("ix_uploads_expires_at"), "uploads", ["expires_at"])
    op.create_index(
        "ix_uploads_office_id_created_at_id", "uploads", ["office_id", "created_at", "id"]
    )
    never_moved("uploads")
