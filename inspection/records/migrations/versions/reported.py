"""Reports, receipts, tracking codes and objections."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.guards import never_changed, never_moved
from inspection.records.migrations.parts import one_of, to_office, to_row

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "tracking_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        to_row("tracking_codes", "permits", "permit_id"),
        to_office("tracking_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_tracking_codes_code")),
    )
    op.create_index(op.f("ix_tracking_codes_permit_id"), "tracking_codes", ["permit_id"])
    never_moved("tracking_codes")
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("light_sha256", sa.String(length=64), nullable=True),
        to_row("reports", "inspections", "inspection_id"),
        to_row("reports", "permits", "permit_id"),
        to_row("reports", "reports", "supersedes_id"),
        to_row("reports", "decisions", "decision_id"),
        to_office("reports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_reports_office_id_id")),
        sa.UniqueConstraint("office_id", "sha256", name=op.f("uq_reports_office_id_sha256")),
        sa.UniqueConstraint("permit_id", "sequence", name=op.f("uq_reports_permit_id_sequence")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_reports_supersedes_id")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_reports_decision_id")),
    )
    op.create_index(op.f("ix_reports_inspection_id"), "reports", ["inspection_id"])
    op.create_index(
        "ix_reports_office_id_created_at_id", "reports", ["office_id", "created_at", "id"]
    )
    for hashed in ("sha256", "paper_sha256", "light_sha256"):
        op.create_index(op.f(f"ix_reports_{hashed}"), "reports", [hashed])
    never_changed("reports")
    op.create_table(
        "reissues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("review", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "state", one_of("reissuestate", "waiting", "running", "done", "failed"), nullable=False
        ),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        to_row("reissues", "decisions", "decision_id"),
        to_row("reissues", "inspections", "inspection_id"),
        to_row("reissues", "permits", "permit_id"),
        to_row("reissues", "reports", "report_id"),
        to_office("reissues"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reissues")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_reissues_decision_id")),
    )
    op.create_index(op.f("ix_reissues_inspection_id"), "reissues", ["inspection_id"])
    op.create_index(op.f("ix_reissues_permit_id"), "reissues", ["permit_id"])
    op.create_index(op.f("ix_reissues_state"), "reissues", ["state"])
    never_changed("reissues", columns=("decision_id", "report_id", "review"))
    never_moved("reissues")
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        to_row("objections", "findings", "finding_id"),
        to_row("objections", "reports", "report_id"),
        to_office("objections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_objections_office_id_id")),
        sa.UniqueConstraint("number", name=op.f("uq_objections_number")),
    )
    op.create_index(
        "ix_objections_answered_at", "objections", ["office_id", "answered_at", "created_at"]
    )
    op.create_index(
        "ix_objections_office_id_created_at_id", "objections", ["office_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_objections_report_id"), "objections", ["report_id"])
    never_changed("objections", columns=("number", "report_id", "finding_id", "text"))
    never_moved("objections")
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=True),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        to_row("receipts", "reports", "report_id"),
        to_office("receipts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("office_id", "number", name=op.f("uq_receipts_office_id_number")),
        sa.UniqueConstraint("report_id", name=op.f("uq_receipts_report_id")),
    )
    never_changed("receipts")
    op.create_table(
        "objection_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome", one_of("answeroutcome", "upheld", "partly", "dismissed"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        to_row("objection_answers", "users", "answered_by"),
        to_row("objection_answers", "objections", "objection_id"),
        to_office("objection_answers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_answers")),
    )
    op.create_index(
        op.f("ix_objection_answers_objection_id"), "objection_answers", ["objection_id"]
    )
    never_changed("objection_answers")
