"""Figures of the office, of its work and of nobody's: as an answer, and as tables."""

from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from api.dependencies import GivenRecords, may
from api.described import IN, problems
from api.files import apart
from api.schemas import TableForm
from api.statistics_schemas import (
    AgeingShown,
    ConfirmedShown,
    DecisionsShown,
    DistrictShown,
    FiguresAsked,
    FiguresShown,
    GroundsShown,
    MonthShown,
    OpenGroundShown,
    PermitGroundPage,
    PermitGroundShown,
    PermitsAsked,
    TableAsked,
    YearShown,
)
from inspection.access.rights import Action, Actor
from inspection.exchange.workbook import XLSX
from inspection.records.columns import now
from inspection.statistics.figures import Figures, figures
from inspection.statistics.ground import Grounds, GroundSum, grounds
from inspection.statistics.tables import csv_of, xlsx_of

router = APIRouter(prefix="/statistics", tags=["statistics"])
Reader = Annotated[Actor, Depends(may(Action.STATISTICS_READ))]
CSV: Final = "text/csv"
_TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the table",
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("", responses=problems(*IN, 422))
def show_figures(
    asked: Annotated[FiguresAsked, Query()], actor: Reader, records: GivenRecords
) -> FiguresShown:
    """What the office did in some months, what waits, and how much ground lies open."""
    with records.reading(actor.office_id) as session:
        return _shown(figures(session, asked.since, asked.until, now=now()))


@router.get("/permits", responses=problems(*IN, 422))
def list_permit_grounds(
    asked: Annotated[PermitsAsked, Query()], actor: Reader, records: GivenRecords
) -> PermitGroundPage:
    """Each permit's open ground by its latest flight, the most disturbed first."""
    with records.reading(actor.office_id) as session:
        permits = grounds(session).permits
    items = [
        PermitGroundShown(
            permit_id=one.permit_id,
            reference=one.reference,
            regency=one.place.regency,
            district=one.place.district,
            inspection_id=one.inspection_id,
            seen_at=one.seen_at,
            is_decided=one.is_decided,
            **asdict(one.ground),
        )
        for one in permits[asked.skip : asked.skip + asked.size]
    ]
    return PermitGroundPage(items=items, count=len(permits))


@router.get("/table", response_class=Response, responses=_TABLE | problems(*IN, 422))
def show_table(
    asked: Annotated[TableAsked, Query()], actor: Reader, records: GivenRecords
) -> Response:
    """One of the tables whole, as CSV in UTF-8 or a workbook: unknown is empty, names stay."""
    with records.reading(actor.office_id) as session:
        found = figures(session, asked.since, asked.until, now=now())
    name = f"{asked.of.value.replace('_', '-')}-{found.since}-{found.until}.{asked.form}"
    if asked.form is TableForm.XLSX:
        return Response(xlsx_of(asked.of, found), media_type=XLSX, headers=apart(name))
    text = csv_of(asked.of, found)
    return Response(text, media_type=f"{CSV}; charset=utf-8", headers=apart(name))


def _shown(found: Figures) -> FiguresShown:
    return FiguresShown(
        since=found.since,
        until=found.until,
        time_zone=found.time_zone,
        made_at=found.made_at,
        inspections=[MonthShown.model_validate(one) for one in found.inspections],
        decisions=[DecisionsShown.model_validate(one) for one in found.decisions],
        confirmed=ConfirmedShown.model_validate(found.confirmed),
        open_findings=AgeingShown.model_validate(found.open_findings),
        ground=_grounds(found.ground),
    )


def _grounds(found: Grounds) -> GroundsShown:
    return GroundsShown(
        total=OpenGroundShown(**_flat(found.total)),
        districts=[
            DistrictShown(regency=place.regency, district=place.district, **_flat(one))
            for place, one in found.districts
        ],
        years=[YearShown(year=year, **_flat(one)) for year, one in found.years],
        unread=found.unread,
    )


def _flat(one: GroundSum) -> dict[str, Any]:
    counts = {"permits": one.permits, "compared": one.compared, "undecided": one.undecided}
    return counts | asdict(one.ground)
