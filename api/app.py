"""The application, put together: nothing is built until somebody asks for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from api import pages
from api.described import describe
from api.errors import handle_errors
from api.headers import Headers
from api.limits import BodyLimit
from api.observing import PREFIX, Observing
from api.once import Once
from api.public import Public
from api.repeating import SIGN_EVERY, SWEEP_EVERY, repeat, sign_heads
from api.routes import (
    audit,
    batches,
    boundaries,
    corrections,
    decisions,
    device_keys,
    events,
    fetches,
    findings,
    flights,
    gaps,
    health,
    imports,
    inspections,
    mappings,
    messages,
    objecting,
    objections,
    office,
    offices,
    ogc,
    permits,
    profiles,
    projects,
    providers,
    queue,
    reports,
    session,
    stac,
    statistics,
    status,
    tiles,
    tokens,
    trials,
    uploads,
    users,
    verifications,
)
from api.upload_door import UploadDoor, opened_uploads, upload_app
from api.vitals import InstallationVitals
from api.watching import Watch
from inspection.delivery.reading import Reader
from inspection.delivery.reads import Reads
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import require_current
from inspection.records.store import Records
from inspection.settings import Settings
from inspection.tiles import Tiles
from inspection.upkeep.signing import Signer, audit_key
from inspection.upkeep.vitals import Counting
from inspection.wiring import (
    audit_key_file,
    kept_in,
    open_head_place,
    open_objects,
    open_provider,
    records_address,
)

IMPORTS_AT_ONCE = 2

ROUTES = (
    session,
    providers,
    users,
    office,
    offices,
    tokens,
    trials,
    device_keys,
    mappings,
    profiles,
    imports,
    permits,
    projects,
    corrections,
    boundaries,
    inspections,
    queue,
    events,
    batches,
    findings,
    gaps,
    decisions,
    audit,
    statistics,
    status,
    reports,
    flights,
    uploads,
    fetches,
    messages,
    objections,
    objecting,
    verifications,
)
"""Below the prefix, in the order in which they are asked whether an address is theirs."""


def create_app(settings: Settings) -> FastAPI:
    """
    Put the application together for one installation, whose database is up to date.

    Raises
    ------
    UsageError
        When it starts: ``database_address``, ``database_older``, ``database_newer``,
        ``audit_key_missing``, ``audit_key_differs``, ``oidc_settings``.
    """
    app = FastAPI(
        title="Tinjau",
        version=version("tinjau"),
        description="Permits, their inspections and reports.",
        lifespan=_open,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.settings = settings
    app.state.registry = CollectorRegistry()
    # First what is asked most: routes are tried one after the other.
    app.include_router(tiles.router)
    for one in ROUTES:
        app.include_router(one.router, prefix=PREFIX)
    app.include_router(ogc.router)
    app.include_router(stac.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/uploads", UploadDoor(app))
    handle_errors(app)
    describe(app)
    app.add_middleware(Once)
    app.add_middleware(BodyLimit)
    app.add_middleware(Headers)
    app.add_middleware(Observing, registry=app.state.registry)
    return app


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    engine = open_engine(records_address(settings))
    try:
        require_current(engine)
        app.state.engine = engine
        app.state.records = Records(engine)
        vitals = InstallationVitals(Counting(records=app.state.records), kept_in(settings))
        app.state.registry.register(vitals)
        app.state.importing = asyncio.Semaphore(IMPORTS_AT_ONCE)
        app.state.objects = open_objects(None, settings)
        app.state.provider = open_provider(settings)
        app.state.reader = Reader(app.state.objects)
        app.state.reads = Reads(app.state.records)
        app.state.public = Public()
        app.state.tiles = drawing = Tiles(app.state.objects)
        uploads = opened_uploads(app.state.records, app.state.objects, settings)
        app.state.upload_app = upload_app(uploads, app.state.records, settings)
        app.state.audit_key = audit_key(app.state.records, audit_key_file(settings))
        signer = Signer(
            records=app.state.records,
            key=app.state.audit_key,
            place=open_head_place(settings),
        )
        app.state.watch = Watch(app.state.records)
        tasks = [
            asyncio.create_task(app.state.watch.look_for_ever()),
            asyncio.create_task(repeat("sweep", uploads.sweep, SWEEP_EVERY)),
            asyncio.create_task(repeat("audit_heads", partial(sign_heads, signer), SIGN_EVERY)),
        ]
        yield
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        drawing.close()
    finally:
        engine.dispose()
