"""For whoever watches over the service: does it live, can it work, what did it do."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.dependencies import GivenSettings
from api.described import problems
from api.schemas import Health
from inspection.upkeep.vitals import require_ready
from inspection.wiring import kept_in

router = APIRouter(tags=["operation"])


@router.get("/healthz")
async def is_alive() -> Health:
    """Whether the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=problems())
def is_ready(request: Request, settings: GivenSettings) -> Health:
    """Whether it can work: a database that is up to date, the objects, and room on the disks."""
    state = request.app.state
    folders = kept_in(settings).values()
    require_ready(state.engine, state.objects, folders, least_free=settings.least_free_bytes)
    return Health(status="ok")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Numbers for Prometheus."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
