"""The door of uploads: who may bring a file is asked of the records, as everywhere else."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from fastapi import FastAPI, Request
from starlette.types import Receive, Scope, Send

from api.dependencies import caller_of
from api.errors import status_of
from api.uploads import Admit, Refusal, UploadApp
from inspection.access.rights import Action, authorize
from inspection.errors import InspectionError, StrangerError
from inspection.objects.store import ObjectStore
from inspection.records.store import Records
from inspection.settings import Settings
from inspection.uploads.quota import Bringer, limits_of
from inspection.uploads.uploads import Uploads

SWEEP_EVERY: Final = timedelta(hours=1)


class UploadDoor:
    """Hands requests to the uploads that the application opened when it started."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app.state.upload_app(scope, receive, send)


def opened_uploads(records: Records, objects: ObjectStore, settings: Settings) -> Uploads:
    """Open the uploads of an installation: parts in its data folder, whole files as objects."""
    return Uploads(
        records,
        objects,
        folder=settings.data / "uploads",
        limits=limits_of(settings),
    )


def upload_app(uploads: Uploads, records: Records, settings: Settings) -> UploadApp:
    """Let in whoever the records say may bring files."""
    return UploadApp(uploads, _admitting(records), language=settings.language)


def _admitting(records: Records) -> Admit:
    def admit(scope: Scope) -> Bringer | Refusal:
        try:
            caller = caller_of(Request(scope), records)
            return authorize(caller.actor, Action.UPLOAD_CHANGE)
        except InspectionError as error:
            known = not isinstance(error, StrangerError)
            headers = {} if known else {"www-authenticate": "Bearer"}
            return Refusal(status=status_of(error), error=error, headers=headers)

    return admit


async def sweep_for_ever(uploads: Uploads) -> None:
    """Throw away what nobody finished, every hour; a failure is told and tried again."""
    while True:
        try:
            await asyncio.to_thread(uploads.sweep)
        except Exception as error:  # noqa: BLE001 - the service goes on; the log says what failed
            structlog.get_logger().error("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_EVERY.total_seconds())
