"""Permits, their boundaries, and what other systems say of them."""

import sqlalchemy as sa
from alembic import op

from inspection.records.columns import Instant
from inspection.records.migrations.guards import never_changed, never_moved
from inspection.records.migrations.parts import one_of, to_office, to_row
from inspection.records.migrations.spatial import index_outlines, outline_type

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "import_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        to_office("import_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_import_files_office_id_id")),
        sa.UniqueConstraint(
            "office_id", "sha256", "mapping", name=op.f("uq_import_files_office_id_sha256_mapping")
        ),
    )
    never_moved("import_files")
    op.create_table(
        "mapping_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        to_office("mapping_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_versions")),
    )
    op.create_index(
        "ix_mapping_versions_office_id_name",
        "mapping_versions",
        ["office_id", "name", "created_at"],
    )
    never_changed("mapping_versions")
    op.create_table(
        "permits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        to_office("permits"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permits")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_permits_office_id_id")),
        sa.UniqueConstraint("office_id", "reference", name=op.f("uq_permits_office_id_reference")),
    )
    op.create_index(
        "ix_permits_office_id_created_at_id", "permits", ["office_id", "created_at", "id"]
    )
    never_moved("permits")
    op.create_table(
        "boundary_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column(
            "stage", one_of("boundarystage", "applied", "granted", "amended"), nullable=False
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stated_crs", sa.Text(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("outline", outline_type(), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        to_row("boundary_versions", "permits", "permit_id"),
        to_office("boundary_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_versions")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_boundary_versions_office_id_id")),
        sa.UniqueConstraint(
            "permit_id", "sequence", name=op.f("uq_boundary_versions_permit_id_sequence")
        ),
    )
    op.create_index(
        "ix_boundary_versions_box",
        "boundary_versions",
        ["office_id", "west", "east", "south", "north"],
    )
    index_outlines("boundary_versions")
    never_changed("boundary_versions")
    op.create_table(
        "corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=128), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Uuid(), nullable=False),
        to_row("corrections", "permits", "permit_id"),
        to_office("corrections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_permit_id_field", "corrections", ["permit_id", "field"])
    never_changed("corrections")
    op.create_table(
        "imported_values",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=128), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("note", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("stated_at", Instant(), nullable=True),
        to_row("imported_values", "import_files", "import_id"),
        to_row("imported_values", "permits", "permit_id"),
        to_office("imported_values"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_values")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_imported_values_office_id_id")),
    )
    op.create_index(op.f("ix_imported_values_import_id"), "imported_values", ["import_id"])
    op.create_index("ix_imported_values_permit_id_field", "imported_values", ["permit_id", "field"])
    never_changed("imported_values")
    op.create_table(
        "permit_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=256), nullable=False),
        to_row("permit_keys", "permits", "permit_id"),
        to_office("permit_keys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_keys")),
        sa.UniqueConstraint(
            "permit_id", "kind", "value", name=op.f("uq_permit_keys_permit_id_kind_value")
        ),
    )
    op.create_index(
        "ix_permit_keys_office_id_kind_value", "permit_keys", ["office_id", "kind", "value"]
    )
    never_moved("permit_keys")
    op.create_table(
        "permit_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("stated_by", sa.Uuid(), nullable=True),
        to_row("permit_limits", "permits", "permit_id"),
        to_office("permit_limits"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_limits")),
    )
    op.create_index(op.f("ix_permit_limits_permit_id"), "permit_limits", ["permit_id"])
    never_changed("permit_limits")
