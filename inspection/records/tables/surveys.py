"""Ground that flights showed or left open, laid out by place so that maps can ask for it."""

from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.records.tables.base import Located, OfficeOwned, Record, refers_to


class SurveyedGround(Located, OfficeOwned, Record):
    """A piece of permit and ring that an inspection's document says was seen, or not; a copy."""

    __tablename__ = "surveyed_grounds"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("inspection_id", "code"),
        Index("ix_surveyed_grounds_box", "office_id", "west", "east", "south", "north"),
        refers_to("inspections", "inspection_id"),
    )

    inspection_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(32))
    """``G1`` is the largest gap in the permit, ``R1`` in the ring; ``S`` is all that was seen."""

    ground: Mapped[str | None] = mapped_column(String(16))
    """Of a gap, whether it lies in the permit or in the ring."""

    reason: Mapped[str | None] = mapped_column(String(64))
    """Why it was not seen; None for what was."""

    area_m2: Mapped[float]
    share: Mapped[float | None]
    """Of what was seen, how much of the permit that is."""
