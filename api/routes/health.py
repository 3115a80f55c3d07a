"""For whoever watches over the service: does it live, can it work, what did it do."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select

from api.dependencies import GivenRecords
from api.described import problems
from api.schemas import Health
from inspection.records.tables.offices import Office

router = APIRouter(tags=["operation"])


@router.get("/healthz")
async def is_alive() -> Health:
    """Whether the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=problems())
def is_ready(records: GivenRecords) -> Health:
    """Whether the database answers too."""
    with records.reading_all() as session:
        session.execute(select(Office.id).limit(1))
    return Health(status="ok")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Numbers for Prometheus."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
