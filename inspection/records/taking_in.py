"""Files of other systems taken in together: on the record whole, or only shown and nothing kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from inspection.exchange.permits.imported import Reading
from inspection.records.adapting import IDENTIFYING, brought_file, brought_permits
from inspection.records.importing import Plan, apply, planned
from inspection.records.store import Records
from inspection.records.tables.permits import BoundaryStage, ImportFile


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One file, what it changes, and its row on the record."""

    reading: Reading
    plan: Plan
    file: ImportFile | None
    """None where nothing was kept: a file that was taken in before, or a dry run."""


def take_in(
    records: Records,
    office: UUID,
    readings: Sequence[Reading],
    *,
    stage: BoundaryStage,
    actor: UUID | None,
    dry_run: bool,
) -> list[Taken]:
    """
    Take files in, all or none; a dry run does the same and then takes it back.

    What names permits goes first, whatever the order of the files: what is known of a project
    or a business is added to its permits.
    """
    taken: list[Taken] = []
    with records.writing(office) as session:
        for reading in sorted(readings, key=_is_context):
            plan = planned(session, brought_file(reading), brought_permits(reading, stage=stage))
            file = apply(session, plan, actor=actor)
            session.flush()
            taken.append(Taken(reading=reading, plan=plan, file=None if dry_run else file))
        if dry_run:
            session.rollback()
    return taken


def _is_context(reading: Reading) -> bool:
    return not any(key in IDENTIFYING for one in reading.permits for key in one.keys)
