"""How inspections are told: with the number of their permit, and what went wrong in words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.inspection_schemas import InspectionProblem, InspectionTold
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.wording.catalogue import Wording


def told(session: Session, runs: Sequence[InspectionRun], words: Wording) -> list[InspectionTold]:
    """Tell inspections to whoever may read them."""
    asked = select(Permit.id, Permit.reference).where(
        Permit.id.in_({one.permit_id for one in runs})
    )
    references = {one.id: one.reference for one in session.execute(asked)}
    return [_told(one, references[one.permit_id], words) for one in runs]


def _told(run: InspectionRun, reference: str, words: Wording) -> InspectionTold:
    columns = {
        name: getattr(run, name)
        for name in InspectionTold.model_fields
        if name not in ("permit_reference", "problem")
    }
    problem = None if run.problem is None else in_words(run.problem, words)
    return InspectionTold(**columns, permit_reference=reference, problem=problem)


def in_words(problem: dict[str, Any], words: Wording) -> InspectionProblem:
    """A problem as it is kept, with its sentences."""
    code, facts = problem["code"], problem.get("facts", {})
    return InspectionProblem(
        code=code,
        message=words.say(f"errors.{code}.message", **facts),
        hint=words.say(f"errors.{code}.hint", **facts),
        file=problem.get("file"),
        where=problem.get("where"),
    )
