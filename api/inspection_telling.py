"""How inspections are told: with the number of their permit, and what went wrong in words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.inspection_schemas import InspectionProblem, InspectionTold
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.wording.catalogue import Wording


def told(session: Session, runs: Sequence[InspectionRun], words: Wording) -> list[InspectionTold]:
    """Tell inspections to whoever may read them."""
    asked = select(Permit.id, Permit.reference).where(
        Permit.id.in_({one.permit_id for one in runs})
    )
    references = {one.id: one.reference for one in session.execute(asked)}
    asked_flights = select(Flight).where(Flight.id.in_({one.current_id for one in runs}))
    flights = {one.id: one for one in session.scalars(asked_flights)}
    return [_told(one, references[one.permit_id], flights[one.current_id], words) for one in runs]


def _told(run: InspectionRun, reference: str, flight: Flight, words: Wording) -> InspectionTold:
    beside: dict[str, Any] = {
        "permit_reference": reference,
        "flight_name": flight.name,
        "flown_at": flight.claimed_at,
        "problem": None if run.problem is None else in_words(run.problem, words),
    }
    fields = InspectionTold.model_fields.keys() - beside.keys()
    return InspectionTold(**{name: getattr(run, name) for name in fields}, **beside)


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
