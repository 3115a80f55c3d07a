"""A permit's record: its boundaries, and every value with its source, never overwritten."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS, choice
from inspection.records.tables.base import Located, OfficeOwned, Record, refers_to


class BoundaryStage(StrEnum):
    """What a boundary is to the permit."""

    APPLIED = "applied"
    GRANTED = "granted"
    AMENDED = "amended"


class Permit(OfficeOwned, Record):
    """One permit, or an application for one; what is known of it lies in the rows around it."""

    __tablename__ = "permits"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("office_id", "reference"),
        Index("ix_permits_office_id_created_at_id", "office_id", "created_at", "id"),
    )

    reference: Mapped[str] = mapped_column(String(128))
    """What the office calls it."""

    words: Mapped[str] = mapped_column(
        default=lambda context: context.get_current_parameters()["reference"].casefold()
    )
    """By which it is found, in small letters: all that names it, its place or its holder."""


class PermitKey(OfficeOwned, Record):
    """A name that another system gives to the permit, by which its exports are matched."""

    __tablename__ = "permit_keys"
    __table_args__ = (
        UniqueConstraint("permit_id", "kind", "value"),
        Index("ix_permit_keys_office_id_kind_value", "office_id", "kind", "value"),
        refers_to("permits", "permit_id"),
    )

    permit_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(64))
    """Such as project_id, application_number, area_code; some are shared by several permits."""

    value: Mapped[str] = mapped_column(String(256))


class BoundaryVersion(Located, OfficeOwned, Record):
    """One boundary of a permit, as it was applied for, granted or amended."""

    __tablename__ = "boundary_versions"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("permit_id", "sequence"),
        Index("ix_boundary_versions_box", "office_id", "west", "east", "south", "north"),
        refers_to("permits", "permit_id"),
    )

    permit_id: Mapped[UUID]
    sequence: Mapped[int]
    """Counts the boundaries of the permit, from 1; the last one is in force."""

    stage: Mapped[BoundaryStage] = mapped_column(choice(BoundaryStage))
    source: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Of the file it was read from, which is kept as it came."""

    stated_crs: Mapped[str]
    """Reference system of that file; the outline here is the same ground in WGS 84."""

    area_m2: Mapped[float]
    as_of: Mapped[date | None]
    """The day from which it holds, as its source states."""

    given_by: Mapped[UUID | None]


class ImportFile(OfficeOwned, Record):
    """A file that values were taken from; the same file taken in again changes nothing."""

    __tablename__ = "import_files"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("office_id", "sha256", "mapping"),
    )

    sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    name: Mapped[str]
    source: Mapped[str] = mapped_column(String(64))
    """The system it comes from: oss, sicantik, esdm, or an office's own."""

    mapping: Mapped[str]
    """Name and version of the mapping that said which column is what."""

    taken_by: Mapped[UUID | None]


class MappingVersion(OfficeOwned, Record):
    """A mapping of an office's own, as it was sent; the last of its name counts."""

    __tablename__ = "mapping_versions"
    __table_args__ = (
        Index("ix_mapping_versions_office_id_name", "office_id", "name", "created_at"),
    )

    name: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    content: Mapped[str | None]
    """TOML; None where the office has no such mapping any more."""

    stated_by: Mapped[UUID]


class ImportedValue(OfficeOwned, Record):
    """One value as another system states it."""

    __tablename__ = "imported_values"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        Index("ix_imported_values_permit_id_field", "permit_id", "field"),
        refers_to("permits", "permit_id"),
        refers_to("import_files", "import_id"),
    )

    permit_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(128))
    value: Mapped[Json] = mapped_column(JSON)
    where: Mapped[str]
    """Row, cell or path in the file."""

    note: Mapped[dict[str, Json] | None]
    """What else is known of it: as it was written, what a code means, from which list it is."""

    stated_at: Mapped[datetime | None]
    """When the other system says that it held."""


class Correction(OfficeOwned, Record):
    """What an officer says instead of imported values, which stay as they are beneath it."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index("ix_corrections_permit_id_field", "permit_id", "field"),
        refers_to("permits", "permit_id"),
    )

    permit_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(String(128))
    value: Mapped[Json] = mapped_column(JSON)
    is_withdrawn: Mapped[bool]
    """Whether it takes the correction before it back, so that what was imported counts again."""

    reason: Mapped[str]
    corrected_by: Mapped[UUID]


class PermitLimit(OfficeOwned, Record):
    """One thing that the permit allows up to a limit; a later row for it takes its place."""

    __tablename__ = "permit_limits"
    __table_args__ = (refers_to("permits", "permit_id"),)

    permit_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(64))
    value: Mapped[Json] = mapped_column(JSON)
    unit: Mapped[str] = mapped_column(String(16))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(String(SHA256_DIGITS))
    stated_by: Mapped[UUID | None]
