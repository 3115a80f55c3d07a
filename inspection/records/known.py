"""What is on the record already of the permits that an import is about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import batched
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.brought import (
    BroughtFile,
    BroughtOutline,
    BroughtPermit,
    BroughtStep,
    Name,
    likeness_of,
)
from inspection.records.tables.clocks import ProcessStep
from inspection.records.tables.permits import BoundaryVersion, ImportedValue, Permit, PermitKey
from inspection.records.values import current

_BATCH = 400
"""Names asked for at a time: a statement takes so many and not much more."""


class Known:
    """Permits of one office that share a name or the reference with what is brought."""

    def __init__(
        self, session: Session, brought: Sequence[BroughtPermit], file: BroughtFile
    ) -> None:
        self._session = session
        self._identifying = frozenset(file.identifying)
        self._around = file.around
        self._by_name: dict[Name, set[UUID]] = defaultdict(set)
        self._names: dict[UUID, set[Name]] = defaultdict(set)
        self._values: dict[UUID, list[ImportedValue]] = defaultdict(list)
        self._outlines: dict[UUID, dict[str, int]] = defaultdict(dict)
        self._steps: dict[UUID, set[tuple[str | None, ...]]] = defaultdict(set)
        self._references: dict[str, UUID] = {}
        self._find({name for one in brought for name in one.names}, self._identifying)
        # Of what names no permit, all are looked up that it could be about.
        bare = [one for one in brought if self._is_bare(one)]
        self._find({name for one in bare for name in one.names}, frozenset(self._around))
        for some in batched(sorted({one.reference for one in brought}), _BATCH):
            asked = select(Permit.reference, Permit.id).where(Permit.reference.in_(some))
            self._references.update(dict(session.execute(asked).all()))
        found = sorted({permit for permits in self._by_name.values() for permit in permits})
        for part in batched(found, _BATCH):
            self._load(part)

    def match(self, brought: BroughtPermit) -> tuple[UUID | None, tuple[UUID, ...]]:
        """
        The one permit that this is, or else those that it could be.

        It is the permit with which it shares an identifying name, if it differs from it in none
        of another kind, and there is just one such permit.
        """
        shared = {
            permit
            for name in brought.names
            if name[0] in self._identifying
            for permit in self._by_name.get(name, ())
        }
        fitting = [permit for permit in shared if not self._differs(permit, brought)]
        if len(fitting) == 1:
            return fitting[0], ()
        return None, tuple(sorted(fitting or shared))

    def around(self, brought: BroughtPermit) -> Sequence[UUID]:
        """
        The permits that something is about which names none of them.

        They share with it the narrowest of its names: its decree, else its project, else its
        business. Of several with one decree it is not known which is meant: these are none.
        """
        if not self._is_bare(brought):
            return ()
        for kind in self._around:
            named = [name for name in brought.names if name[0] == kind]
            if not named:
                continue
            sharing = sorted({one for name in named for one in self._by_name.get(name, ())})
            return () if kind == self._around[0] and len(sharing) > 1 else sharing
        return ()

    def _is_bare(self, brought: BroughtPermit) -> bool:
        return not any(kind in self._identifying for kind, _ in brought.names)

    def referred_to(self, reference: str) -> UUID | None:
        """The permit that the office calls so."""
        return self._references.get(reference)

    def names(self, permit_id: UUID | None) -> AbstractSet[Name]:
        """Names of a permit; none for one that is new."""
        return self._names[permit_id] if permit_id else frozenset()

    def values(self, permit_id: UUID | None) -> Mapping[str, Mapping[str, list[ImportedValue]]]:
        """What each source said last, by field and source."""
        return current(self._values[permit_id]) if permit_id else {}

    def new_steps(self, permit_id: UUID | None, brought: BroughtPermit) -> tuple[BroughtStep, ...]:
        """Steps that were not told before, or otherwise."""
        told = set(self._steps[permit_id]) if permit_id else set()
        fresh: list[BroughtStep] = []
        for step in brought.steps:
            if step.likeness not in told:
                told.add(step.likeness)
                fresh.append(step)
        return tuple(fresh)

    def next_sequence(self, permit_id: UUID | None, outline: BroughtOutline | None) -> int | None:
        """Number that an outline would get; None where it is known, or there is none."""
        held = self._outlines[permit_id] if permit_id else {}
        if outline is None or outline.sha256 in held:
            return None
        return max(held.values(), default=0) + 1

    def _differs(self, permit_id: UUID, brought: BroughtPermit) -> bool:
        held: dict[str, set[str]] = defaultdict(set)
        for kind, value in self._names[permit_id]:
            held[kind].add(value)
        return any(
            kind in self._identifying and held[kind] and value not in held[kind]
            for kind, value in brought.names
        )

    def _find(self, names: AbstractSet[Name], kinds: AbstractSet[str]) -> None:
        for kind in sorted({kind for kind, _ in names} & kinds):
            values = sorted(value for one, value in names if one == kind)
            for some in batched(values, _BATCH):
                asked = select(PermitKey).where(PermitKey.kind == kind, PermitKey.value.in_(some))
                for key in self._session.scalars(asked):
                    self._by_name[kind, key.value].add(key.permit_id)

    def _load(self, permits: Sequence[UUID]) -> None:
        keys = select(PermitKey).where(PermitKey.permit_id.in_(permits))
        for key in self._session.scalars(keys):
            self._names[key.permit_id].add((key.kind, key.value))
        values = select(ImportedValue).where(ImportedValue.permit_id.in_(permits))
        in_order = values.order_by(ImportedValue.created_at, ImportedValue.id)
        for one in self._session.scalars(in_order):
            self._values[one.permit_id].append(one)
        outlines = select(BoundaryVersion).where(BoundaryVersion.permit_id.in_(permits))
        for version in self._session.scalars(outlines):
            self._outlines[version.permit_id][version.sha256] = version.sequence
        steps = select(ProcessStep).where(ProcessStep.permit_id.in_(permits))
        for step in self._session.scalars(steps):
            self._steps[step.permit_id].add(likeness_of(step))
