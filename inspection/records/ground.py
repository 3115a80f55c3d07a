"""What an inspection rests on of the permits' records, of many permits in few questions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.tables.permits import BoundaryVersion, Permit, PermitLimit
from inspection.records.values import Resolved, resolved_of

_IN_ONE_QUESTION: Final = 400


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A permit with what its record says, its boundaries and its limits, the oldest first."""

    permit: Permit
    values: dict[str, Resolved]
    boundaries: list[BoundaryVersion] = field(default_factory=list)
    limits: list[PermitLimit] = field(default_factory=list)


def grounds(session: Session, permit_ids: Collection[UUID]) -> dict[UUID, Ground]:
    """What is on record of some permits; those that the office does not have are left out."""
    found: dict[UUID, Ground] = {}
    for some in batched(sorted(set(permit_ids)), _IN_ONE_QUESTION):
        found |= _grounds(session, some)
    return found


def _grounds(session: Session, permit_ids: Sequence[UUID]) -> dict[UUID, Ground]:
    values = resolved_of(session, permit_ids)
    found = {
        one.id: Ground(permit=one, values=values[one.id])
        for one in session.scalars(select(Permit).where(Permit.id.in_(permit_ids)))
    }
    for boundary in session.scalars(
        select(BoundaryVersion)
        .where(BoundaryVersion.permit_id.in_(found))
        .order_by(BoundaryVersion.created_at, BoundaryVersion.id)
    ):
        found[boundary.permit_id].boundaries.append(boundary)
    for limit in session.scalars(
        select(PermitLimit)
        .where(PermitLimit.permit_id.in_(found))
        .order_by(PermitLimit.created_at, PermitLimit.id)
    ):
        found[limit.permit_id].limits.append(limit)
    return found
