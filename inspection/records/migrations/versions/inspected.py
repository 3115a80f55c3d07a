"""Inspections, findings and what people made of them."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.guards import never_changed, never_moved
from inspection.records.migrations.parts import one_of, to_office, to_row
from inspection.records.migrations.spatial import index_outlines, outline_type

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "inspections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("boundary_id", sa.Uuid(), nullable=False),
        sa.Column("current_id", sa.Uuid(), nullable=False),
        sa.Column("baseline_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("request", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "state",
            one_of(
                "inspectionstate",
                "submitted",
                "running",
                "done",
                "failed",
                "refused",
                "cancelled",
                "quarantined",
            ),
            nullable=False,
        ),
        sa.Column("step", sa.String(length=32), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("document_id", sa.String(length=64), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("is_comparable", sa.Boolean(), nullable=True),
        sa.Column("held_by", sa.String(length=128), nullable=True),
        sa.Column("retry_of_id", sa.Uuid(), nullable=True),
        sa.Column(
            "review",
            one_of("reviewstate", "open", "returned", "approved", "declined"),
            nullable=True,
        ),
        to_row("inspections", "flights", "baseline_id"),
        to_row("inspections", "boundary_versions", "boundary_id"),
        to_row("inspections", "flights", "current_id"),
        to_row("inspections", "permits", "permit_id"),
        to_row("inspections", "users", "submitted_by"),
        to_row("inspections", "inspections", "retry_of_id"),
        to_office("inspections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint(
            "office_id", "id", "submitted_by", name=op.f("uq_inspections_office_id_id_submitted_by")
        ),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_inspections_office_id_id")),
        sa.UniqueConstraint("retry_of_id", name=op.f("uq_inspections_retry_of_id")),
    )
    op.create_index(
        "ix_inspections_office_id_created_at_id", "inspections", ["office_id", "created_at", "id"]
    )
    op.create_index(
        "ix_inspections_permit_id_created_at_id", "inspections", ["permit_id", "created_at", "id"]
    )
    op.create_index(
        "ix_inspections_review", "inspections", ["office_id", "review", "created_at", "id"]
    )
    op.create_index(op.f("ix_inspections_state"), "inspections", ["state"])
    op.create_index("ix_inspections_finished_at_state", "inspections", ["finished_at", "state"])
    never_moved("inspections")
    _make_batches()
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome", one_of("decisionoutcome", "approved", "returned", "declined"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviews_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("decided_by <> submitted_by", name=op.f("ck_decisions_four_eyes")),
        to_row("decisions", "users", "decided_by"),
        to_row("decisions", "inspections", "inspection_id", "submitted_by"),
        to_office("decisions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_decisions_office_id_id")),
    )
    is_final = sa.text("outcome <> 'returned'")
    op.create_index(
        "uq_decisions_final",
        "decisions",
        ["inspection_id"],
        unique=True,
        sqlite_where=is_final,
        postgresql_where=is_final,
    )
    op.create_index(op.f("ix_decisions_inspection_id"), "decisions", ["inspection_id"])
    never_changed("decisions")
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("ground_class", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("location", sa.String(length=16), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("outline", outline_type(), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        to_row("findings", "inspections", "inspection_id"),
        to_row("findings", "users", "added_by"),
        to_office("findings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("inspection_id", "code", name=op.f("uq_findings_inspection_id_code")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_findings_office_id_id")),
    )
    op.create_index(
        "ix_findings_inspection_id_created_at_id", "findings", ["inspection_id", "created_at", "id"]
    )
    op.create_index("ix_findings_box", "findings", ["office_id", "west", "east", "south", "north"])
    index_outlines("findings")
    never_changed("findings")
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome", one_of("reviewoutcome", "accepted", "rejected", "edited"), nullable=False
        ),
        sa.Column("reason_code", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edit", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'edited' OR edit IS NOT NULL", name=op.f("ck_reviews_edit_given")
        ),
        sa.CheckConstraint(
            "outcome <> 'rejected' OR reason_code IS NOT NULL", name=op.f("ck_reviews_reason_given")
        ),
        to_row("reviews", "findings", "finding_id"),
        to_row("reviews", "users", "reviewed_by"),
        to_office("reviews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("finding_id", "sequence", name=op.f("uq_reviews_finding_id_sequence")),
    )
    never_changed("reviews")


def _make_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        to_row("batches", "users", "submitted_by"),
        to_office("batches"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_batches_office_id_id")),
    )
    never_changed("batches")
    op.create_table(
        "batch_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(inspection_id IS NULL) <> (problem IS NULL)",
            name=op.f("ck_batch_items_one_of_both"),
        ),
        to_row("batch_items", "batches", "batch_id"),
        to_row("batch_items", "inspections", "inspection_id"),
        to_office("batch_items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_items")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_batch_items_batch_id_position")),
    )
    op.create_index(op.f("ix_batch_items_inspection_id"), "batch_items", ["inspection_id"])
    never_changed("batch_items")
