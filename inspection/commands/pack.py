"""`tinjau pack`: a flight onto a memory stick, for where no line carries it."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from inspection.commands.options import AsJson, Quiet, Speaking, permit_id
from inspection.errors import UsageError
from inspection.terminal import failure
from inspection.wording.catalogue import wording

if TYPE_CHECKING:  # loaded in the command, as below
    from inspection.check.checked import Answer
    from inspection.parcels.packing import ToPack
    from inspection.settings import Settings

ROLE: Final = re.compile(r"([a-z][a-z0-9_]{0,31})=(.+)", re.DOTALL)


def pack(  # noqa: PLR0913 - one per option of the command
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ROLE=]FILE...", help="Files to pack, and what each is."),
    ] = None,
    *,
    permit: Annotated[str | None, typer.Option(help="Their permit, by its id.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder on the stick; must not exist.")] = None,
    by: Annotated[str | None, typer.Option(help="Who packs, as they call themselves.")] = None,
    key: Annotated[
        bool, typer.Option("--key", help="Print the key that the office must be told.")
    ] = False,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Check files, and pack them into a folder with a signed manifest."""
    # Loaded here: a person who asks for help should not wait for the libraries of a raster.
    from inspection.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    spoken = language or settings.language
    if key:
        if files or permit or out or by:
            raise UsageError("parcel_key_alone")
        return _show_key(settings, Console(quiet=quiet or as_json), as_json=as_json)
    if not files or permit is None or out is None:
        raise UsageError("parcel_incomplete")

    from inspection.check.examination import check as checked  # noqa: PLC0415
    from inspection.check.limits import check_limits  # noqa: PLC0415
    from inspection.commands.check import refusal  # noqa: PLC0415
    from inspection.parcels.device_key import device_key, fingerprint, public_digits  # noqa: PLC0415
    from inspection.parcels.packing import Label, pack  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.terminal.checklist import print_checklist  # noqa: PLC0415
    from inspection.terminal.sending_bar import sending_bar  # noqa: PLC0415

    words = wording(spoken)
    console = Console(quiet=quiet or as_json)
    named = [_named(text) for text in files]
    label_permit = permit_id(permit)
    now = datetime.now(UTC)
    limits = check_limits(read_profile(settings.profile))
    paths = [path for _, path in named]
    answer = checked(paths, boundary=None, limits=limits, now=now, thorough=False)
    refused = refusal(answer)
    if refused is not None:
        print_checklist(answer, console, words)
        return failure.tell(refused, spoken)
    packed = _with_roles(named, answer)
    signing = device_key(settings.data)
    label = Label(
        permit=label_permit,
        packed_at=now.isoformat(timespec="seconds"),
        packed_by=by,
        flight=_flight(packed),
    )
    size = sum(path.stat().st_size for path in paths)
    with sending_bar(out.name, size, console) as advance:
        manifest = pack(packed, out, label=label, key=signing, advance=advance)
    print_of = fingerprint(public_digits(signing))
    if as_json:
        told = {"folder": str(out), "files": len(packed), "bytes": size, "fingerprint": print_of}
        sys.stdout.write(json.dumps(told | {"manifest_bytes": len(manifest)}) + "\n")
    line = words.say("pack.done", name=out.name, files=len(packed), fingerprint=print_of)
    console.print(line, markup=False, highlight=False)
    return failure.DONE


def _show_key(settings: "Settings", console: Console, *, as_json: bool) -> int:
    from inspection.parcels.device_key import device_key, fingerprint, public_digits  # noqa: PLC0415

    digits = public_digits(device_key(settings.data))
    told = {"key": digits, "fingerprint": fingerprint(digits)}
    if as_json:
        sys.stdout.write(json.dumps(told) + "\n")
    line = wording(settings.language).say(
        "pack.key", digits=digits, fingerprint=told["fingerprint"]
    )
    console.print(line, markup=False, highlight=False, soft_wrap=True)
    return failure.DONE


def _named(text: str) -> tuple[str | None, Path]:
    """Part what a file is from its name; one that is called so as a whole is meant as a whole."""
    parts = ROLE.fullmatch(text)
    if parts is None or Path(text).exists():
        return None, Path(text)
    return parts[1], Path(parts[2])


def _with_roles(named: Sequence[tuple[str | None, Path]], answer: "Answer") -> "list[ToPack]":
    """Give each file its role: the one said, where it fits, else what the check found it to be."""
    from inspection.check.checked import Kind  # noqa: PLC0415
    from inspection.check.roles import FOUND, require_once, require_role  # noqa: PLC0415
    from inspection.parcels.packing import ToPack  # noqa: PLC0415

    kinds = {one.file: one.kind for one in answer.files}
    packed = []
    for role, path in named:
        kind = kinds.get(path.name, Kind.UNKNOWN)
        if role is not None:
            require_role(role, kind, name=path.name)
        packed.append(ToPack(path=path, role=role or FOUND.get(kind, str(kind))))
    require_once([role for role, _ in named], [one.role for one in packed])
    return packed


def _flight(files: "Sequence[ToPack]") -> dict[str, object]:
    """What the first flight log claims of the flight, less whoever flew it."""
    from inspection.flight_log.reading import read_flight_log  # noqa: PLC0415

    for one in files:
        if one.role == "flight_log":
            log = read_flight_log(one.path)
            said = {
                "flight": log.flight,
                "start": log.capture.start.isoformat() if log.capture.start else None,
                "end": log.capture.end.isoformat() if log.capture.end else None,
                "zone": log.capture.zone,
                "aircraft": log.aircraft.model,
                "camera": log.camera.model,
            }
            return {name: value for name, value in said.items() if value is not None}
    return {}
