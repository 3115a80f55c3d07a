"""Permits taken in from what other systems export: first shown, then kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from api.dependencies import GivenRecords, GivenSettings, GivenWords, may
from api.described import IN, problems
from api.import_schemas import (
    ChangeShown,
    ImportAsked,
    Imported,
    ImportProblem,
    NotRead,
    PermitChangeShown,
)
from api.passing import passing_file
from inspection.access.rights import Action, Actor
from inspection.errors import RefusedError
from inspection.exchange.permits.imported import Reading
from inspection.exchange.permits.reading import read_permits
from inspection.records.adapting import brought_file, brought_permits
from inspection.records.columns import now
from inspection.records.importing import PermitChange, Plan, apply, planned
from inspection.records.own_mappings import mapping_named
from inspection.records.store import Records
from inspection.records.tables.permits import ImportFile
from inspection.terminal.checklist import message
from inspection.wording.catalogue import Wording

MOST_SHOWN: Final = 200
"""Permits, and problems, that one answer tells of."""

router = APIRouter(prefix="/permits/imports", tags=["permits"])
Importer = Annotated[Actor, Depends(may(Action.PERMIT_IMPORT))]
_FILE: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", responses=problems(*IN, 413, 415, 422), openapi_extra=_FILE)
async def import_permits(
    request: Request,
    asked: Annotated[ImportAsked, Query()],
    actor: Importer,
    records: GivenRecords,
    settings: GivenSettings,
    words: GivenWords,
) -> Imported:
    """Take in a file that another system exported; a dry run, unless said otherwise."""
    importing = request.app.state.importing
    # What its mapping will drop is still in the file.
    async with passing_file(request, settings.data / "passing", asked.name) as path, importing:
        return await run_in_threadpool(_taken, path, asked, actor, records, words)


def _taken(
    path: Path, asked: ImportAsked, actor: Actor, records: Records, words: Wording
) -> Imported:
    try:
        with records.reading(actor.office_id) as session:
            mapping = mapping_named(session, asked.mapping)
        reading = read_permits(path, mapping, imported_at=now())
    except RefusedError as error:
        error.file = asked.name
        raise
    file = replace(brought_file(reading), name=asked.name)
    brought = brought_permits(reading, stage=asked.stage)
    if asked.dry_run:
        with records.reading(actor.office_id) as session:
            return _shown(reading, planned(session, file, brought), None, words)
    with records.writing(actor.office_id) as session:
        plan = planned(session, file, brought)
        return _shown(reading, plan, apply(session, plan, actor=actor.user_id), words)


def _shown(reading: Reading, plan: Plan, done: ImportFile | None, words: Wording) -> Imported:
    # Those that a person should look at come first.
    changes = sorted(
        (one for one in plan.permits if one.is_unclear or not one.is_empty),
        key=lambda one: (not one.is_unclear, not _conflicts(one), one.permit_id is None),
    )
    told = list(_problems(reading, words))
    return Imported(
        import_id=done.id if done else None,
        sha256=plan.file.sha256,
        mapping=plan.file.mapping,
        was_taken=plan.was_taken,
        records=reading.records,
        refused=reading.refused,
        dropped=dict(reading.dropped),
        not_read=[
            NotRead(name=name, count=count, likely=reading.likely.get(name))
            for name, count in sorted(reading.passed_over.items())
        ],
        new=sum(one.permit_id is None for one in changes if not one.is_unclear),
        changed=sum(one.permit_id is not None for one in changes if not one.is_unclear),
        unclear=sum(one.is_unclear for one in changes),
        conflicting=sum(_conflicts(one) for one in changes if not one.is_unclear),
        permits=[_change(one) for one in changes[:MOST_SHOWN]],
        told=len(told),
        problems=told[:MOST_SHOWN],
    )


def _conflicts(one: PermitChange) -> bool:
    return any(change.differs_from for change in one.changes)


def _change(one: PermitChange) -> PermitChangeShown:
    return PermitChangeShown(
        reference=one.brought.reference,
        names=list(one.brought.names),
        where=next((value.where for value in one.brought.values), None),
        permit_id=one.permit_id,
        is_unclear=one.is_unclear,
        candidates=list(one.candidates),
        changes=[
            ChangeShown(
                field=change.said.field,
                source=change.said.source,
                value=change.said.value,
                where=change.said.where,
                before=list(change.before),
                differs_from=list(change.differs_from),
            )
            for change in one.changes
        ],
        new_names=len(one.new_names),
        new_boundary=one.sequence,
    )


def _problems(reading: Reading, words: Wording) -> Iterator[ImportProblem]:
    for one in (*reading.problems, *(each for p in reading.permits for each in p.problems)):
        said, hint = message(one, words)
        yield ImportProblem(code=one.code, where=one.where, message=said, hint=hint)
