"""`tinjau upload`: files to a service, or into the records beside us, whichever way they came."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from geo.errors import RefusedError, naming
from inspection.commands.options import AsJson, Quiet, Speaking, permit_id
from inspection.errors import UsageError
from inspection.language import Language
from inspection.terminal import failure
from inspection.wording.catalogue import wording

if TYPE_CHECKING:  # loaded in the command, as below
    from inspection.sending.sending import Line
    from inspection.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How the command tells what it did."""

    language: Language
    console: Console
    as_json: bool

    def say(self, key: str, **facts: str | int) -> None:
        """Print a sentence."""
        line = wording(self.language).say(key, **facts)
        self.console.print(line, markup=False, highlight=False)

    def answer(self, result: dict[str, object]) -> None:
        """Print the result object where it is asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(result) + "\n")


def upload(  # noqa: PLR0913 - one per option of the command
    file: Annotated[Path | None, typer.Argument(help="The file to send.")] = None,
    *,
    parcels: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FOLDER", help="Parcel to send; more are its copies."),
    ] = None,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of the service.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="TINJAU_TOKEN", help="Key to the service; better in TINJAU_TOKEN."),
    ] = None,
    into: Annotated[
        bool, typer.Option("--into", help="Take a parcel into the records of this machine.")
    ] = False,
    acting: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="With --into: on whose behalf.")
    ] = None,
    permit: Annotated[str | None, typer.Option(help="Its permit, by its id.")] = None,
    kind: Annotated[str, typer.Option(help="What it is there.")] = "file",
    hours: Annotated[
        float, typer.Option(min=0, help="How long to go on while nothing arrives.")
    ] = 12.0,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Check a file or a parcel, then send it; run again, it goes on where it was cut."""
    # Loaded here: a person who asks for help should not wait for the libraries of a raster.
    from inspection.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    spoken = language or settings.language
    speech = Speech(language=spoken, console=Console(quiet=quiet or as_json), as_json=as_json)
    if (file is None) == (not parcels) or (into and file is not None):
        raise UsageError("upload_what")
    permit = permit and str(permit_id(permit))
    to = Way(
        server=server,
        token=token,
        login=acting,
        into=into,
        patience_s=hours * 3600,
        language=spoken,
    )
    with to.line(settings) as line:
        if file is not None:
            sent = Sent(path=file, server=str(server), permit=permit, kind=kind)
            return _send_file(sent, line, settings, speech)
        return _send_parcel(parcels or [], line, speech, permit=permit, into=into)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file of this machine, and what it is over there."""

    path: Path
    server: str
    permit: str | None
    kind: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where the files go, as it was asked for."""

    server: str | None
    token: str | None
    login: str | None
    into: bool
    patience_s: float
    language: Language

    @contextmanager
    def line(self, settings: "Settings") -> "Iterator[Line]":
        """
        Open it.

        Raises
        ------
        UsageError
            ``upload_where`` if that is none of the ways there are.
        """
        if self.into and self.login is not None and self.server is None:
            from inspection.installation import open_installation  # noqa: PLC0415
            from inspection.taking_in import Within  # noqa: PLC0415
            from inspection.wiring import open_objects  # noqa: PLC0415

            records, engine = open_installation(settings)
            try:
                yield Within(records, open_objects(None, settings), settings, login=self.login)
            finally:
                engine.dispose()
        elif not self.into and self.login is None and self.server and self.token:
            from inspection.sending.line import HttpLine  # noqa: PLC0415

            yield HttpLine(
                self.server, self.token, patience_s=self.patience_s, language=self.language
            )
        else:
            raise UsageError("upload_where")


def _send_file(sent: Sent, line: "Line", settings: "Settings", speech: Speech) -> int:
    from inspection.check.examination import check as checked  # noqa: PLC0415
    from inspection.check.limits import check_limits  # noqa: PLC0415
    from inspection.commands.check import refusal  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.sending.sending import send  # noqa: PLC0415
    from inspection.sending.sources import FileSource  # noqa: PLC0415
    from inspection.terminal.checklist import print_checklist  # noqa: PLC0415
    from inspection.terminal.sending_bar import sending_bar  # noqa: PLC0415

    path = sent.path
    with naming(path):
        path.open("rb").close()  # a folder cannot be sent
    limits = check_limits(read_profile(settings.profile))
    answer = checked([path], boundary=None, limits=limits, now=datetime.now(UTC), thorough=False)
    refused = refusal(answer)
    if refused is not None:
        print_checklist(answer, speech.console, wording(speech.language))
        return failure.tell(refused, speech.language)
    with naming(path):
        source = FileSource(path, server=sent.server, permit=sent.permit, kind=sent.kind)
    with sending_bar(path.name, source.told.size, speech.console) as advance:
        url = send(source, line, advance, notes=source)
    speech.answer({"upload": url})
    speech.say("upload.done", name=path.name, url=url)
    return failure.DONE


def _send_parcel(
    folders: Sequence[Path], line: "Line", speech: Speech, *, permit: str | None, into: bool
) -> int:
    from inspection.parcels.copies import Copies  # noqa: PLC0415
    from inspection.parcels.device_key import fingerprint  # noqa: PLC0415
    from inspection.parcels.manifest import BLOCK_BYTES  # noqa: PLC0415
    from inspection.sending.parcel import send_parcel  # noqa: PLC0415
    from inspection.sending.sources import CHUNK_BYTES  # noqa: PLC0415
    from inspection.terminal.sending_bar import sending_bar  # noqa: PLC0415

    copies = Copies(folders)
    manifest = copies.first.manifest
    if permit is not None and permit != str(manifest.stated.permit):
        raise RefusedError("parcel_permit_differs")
    taken = send_parcel(
        copies,
        line,
        # Nothing is cut on the way into a database beside us: a block is checked and taken as one.
        piece_bytes=BLOCK_BYTES if into else CHUNK_BYTES,
        watch=lambda told: sending_bar(told.name, told.size, speech.console),
    )
    files = manifest.stated.files
    told = [{"file": one.name, "upload": taken.places.get(one.sha256)} for one in files]
    speech.answer(
        {"parcel": manifest.sha256, "signed_by": fingerprint(manifest.key), "files": told}
    )
    for one in files:
        if one.sha256 in taken.places:
            speech.say("upload.done", name=one.name, url=taken.places[one.sha256])
    for error in taken.damage[1:]:
        failure.tell(failure.failure_of(error), speech.language)
    if taken.damage:
        return failure.tell(failure.failure_of(taken.damage[0]), speech.language)
    return failure.DONE
