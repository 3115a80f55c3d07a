"""The door of uploads: who may bring a file is asked of the records, as everywhere else."""

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
