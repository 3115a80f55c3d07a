"""Tries to sign in that have not succeeded."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("login_sha256", sa.String(length=64), nullable=False),
        sa.Column("origin_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_login_sha256"), "sign_in_attempts", ["login_sha256"])
    op.create_index(
        op.f("ix_sign_in_attempts_origin_sha256"), "sign_in_attempts", ["origin_sha256"]
    )
    op.create_table(
        "sign_ins_begun",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("browser_sha256", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins_begun")),
        sa.UniqueConstraint("state_sha256", name=op.f("uq_sign_ins_begun_state_sha256")),
    )
