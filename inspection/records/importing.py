"""What other systems export, put on the record: first shown, then kept; nothing is overwritten."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.evidence.canonical import canonical_bytes
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.brought import (
    BroughtFile,
    BroughtPermit,
    BroughtStep,
    BroughtValue,
    Name,
    words_of,
)
from inspection.records.known import Known
from inspection.records.matching import Match, matches
from inspection.records.stepping import drive_clocks, step_rows
from inspection.records.tables.base import Record
from inspection.records.tables.clocks import ProcessStep
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import (
    BoundaryVersion,
    ImportedValue,
    ImportFile,
    Permit,
    PermitKey,
)
from inspection.records.values import alike


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value that would be added beside what is there."""

    said: BroughtValue
    before: tuple[Json, ...]
    """What the same source said of it until now; more than one where it contradicted itself."""

    differs_from: tuple[tuple[str, Json], ...]
    """Other sources and what they say of it, where that is something else."""


@dataclass(frozen=True, kw_only=True)
class PermitChange:
    """What an import would do to one permit."""

    brought: BroughtPermit
    permit_id: UUID | None
    """None for one that is not on the record yet."""

    is_unclear: bool
    """Whether it could be one of several, or another of the same reference: nothing is done."""

    candidates: tuple[UUID, ...]
    changes: tuple[Change, ...]
    new_names: tuple[Name, ...]
    new_steps: tuple[BroughtStep, ...]
    sequence: int | None
    """Number of the new boundary version; None where the outline is known or there is none."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        is_known = self.permit_id is not None
        nothing = not (self.changes or self.new_names or self.new_steps or self.sequence)
        return self.is_unclear or (is_known and nothing)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an import would change."""

    file: BroughtFile
    was_taken: bool
    """Whether this very file is on the record already, read by the same mapping."""

    permits: tuple[PermitChange, ...]


def planned(session: Session, file: BroughtFile, brought: Sequence[BroughtPermit]) -> Plan:
    """Say what an import would change, and change nothing."""
    taken = select(ImportFile.id).where(
        ImportFile.sha256 == file.sha256, ImportFile.mapping == file.mapping
    )
    if session.scalars(taken).first() is not None:
        return Plan(file=file, was_taken=True, permits=())
    known = Known(session, brought, file)
    return Plan(
        file=file,
        was_taken=False,
        permits=tuple(_change(known, one) for one in matches(known, brought)),
    )


def apply(session: Session, plan: Plan, *, actor: UUID | None) -> ImportFile | None:
    """Put on the record what was planned; None where that was done. What is unclear is left."""
    if plan.was_taken:
        return None
    file = ImportFile(
        sha256=plan.file.sha256,
        name=plan.file.name,
        source=plan.file.source,
        mapping=plan.file.mapping,
        taken_by=actor,
    )
    session.add(file)
    done = [one for one in plan.permits if not one.is_empty]
    named: set[tuple[UUID, Name]] = set()
    stepped: set[UUID] = set()
    for change in done:
        rows = list(_rows(change, file, named))
        session.add_all(rows)
        stepped |= {row.permit_id for row in rows if isinstance(row, ProcessStep)}
        if change.permit_id is not None:
            known = session.get_one(Permit, change.permit_id)
            known.words = words_of(change.brought, known.words)
    if stepped:
        drive_clocks(session, sorted(stepped), session.scalars(select(Office)).one())
    facts: dict[str, Json] = {
        "sha256": plan.file.sha256,
        "mapping": plan.file.mapping,
        "permits": len(done),
        "new": sum(one.permit_id is None for one in done),
        "unclear": sum(one.is_unclear for one in plan.permits),
        "values_sha256": _digest(done),
    }
    deed = Deed(
        action="import.applied", subject_kind="import", subject_id=str(file.id), facts=facts
    )
    record(session, deed, actor=str(actor) if actor else None)
    return file


def _change(known: Known, match: Match) -> PermitChange:
    one, permit_id = match.brought, match.permit_id
    sequence = None if match.is_unclear else known.next_sequence(permit_id, one.outline)
    return PermitChange(
        brought=one,
        permit_id=None if match.is_unclear else permit_id,
        is_unclear=match.is_unclear,
        candidates=match.candidates,
        changes=tuple(_value_changes(known, permit_id, one)),
        new_names=tuple(name for name in one.names if name not in known.names(permit_id)),
        new_steps=known.new_steps(permit_id, one),
        sequence=sequence,
    )


def _value_changes(
    known: Known, permit_id: UUID | None, brought: BroughtPermit
) -> Iterator[Change]:
    now = known.values(permit_id)
    said_now: dict[tuple[str, str], list[BroughtValue]] = {}
    for said in brought.values:
        said_now.setdefault((said.field, said.source), []).append(said)
    for (field, source), together in said_now.items():
        by_source = now.get(field, {})
        before = [row.value for row in by_source.get(source, [])]
        words = [said.value for said in together]
        if all(word in before for word in words) and all(word in words for word in before):
            continue
        others = [
            (row.source, row.value)
            for name, rows in by_source.items()
            if name != source
            for row in rows
        ]
        for said in together:
            differing = [other for other in others if not alike(other[1], said.value)]
            yield Change(said=said, before=tuple(before), differs_from=tuple(differing))


def _rows(
    change: PermitChange, file: ImportFile, named: set[tuple[UUID, Name]]
) -> Iterator[Record]:
    permit_id, outline = change.permit_id, change.brought.outline
    if permit_id is None:
        permit = Permit(reference=change.brought.reference)
        permit.words = words_of(change.brought, "")
        permit_id = permit.id
        yield permit
    for name in change.new_names:
        # Two rows may bring the same name to one permit, as that of its business.
        if (permit_id, name) not in named:
            named.add((permit_id, name))
            yield PermitKey(permit_id=permit_id, kind=name[0], value=name[1])
    for one in change.changes:
        yield ImportedValue(
            permit_id=permit_id,
            import_id=file.id,
            source=one.said.source,
            field=one.said.field,
            value=one.said.value,
            where=one.said.where,
            note=one.said.note,
            stated_at=one.said.stated_at,
        )
    yield from step_rows(change.new_steps, permit_id=permit_id, import_id=file.id)
    if outline is not None and change.sequence is not None:
        yield BoundaryVersion(
            permit_id=permit_id,
            sequence=change.sequence,
            stage=outline.stage,
            source=file.source,
            sha256=outline.sha256,
            stated_crs=outline.stated_crs,
            area_m2=outline.area_m2,
            outline=outline.shape,
        )


def _digest(done: Sequence[PermitChange]) -> str:
    digest = hashlib.sha256()
    for one in done:
        for change in one.changes:
            said = change.said
            digest.update(canonical_bytes([said.source, said.field, said.value, said.where]))
    return digest.hexdigest()
