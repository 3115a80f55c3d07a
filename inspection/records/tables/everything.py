"""All tables together: to import this is to know them all."""

from typing import Final

from sqlalchemy import MetaData

from inspection.records.tables import (
    audit,
    batches,
    clocks,
    delivery,
    flights,
    inspections,
    offices,
    permits,
    reports,
    surveys,
    trials,
)
from inspection.records.tables.base import Base

AREAS: Final = (
    offices,
    permits,
    flights,
    inspections,
    surveys,
    batches,
    reports,
    clocks,
    audit,
    delivery,
    trials,
)
METADATA: Final[MetaData] = Base.metadata
