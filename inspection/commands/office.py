"""`tinjau office`: the offices of an installation, for whoever runs it."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from inspection.commands.opened import opened
from inspection.language import Language
from inspection.terminal import failure
from inspection.wording.catalogue import Wording

# Loaded by each command: a person who asks for help should not wait for the database's library.
if TYPE_CHECKING:
    from inspection.records.tables.offices import Office

office = typer.Typer(help="Make offices, and say by which rules each inspects.")

Code = Annotated[str, typer.Argument(metavar="CODE", help="By what commands name the office.")]
Zone = Annotated[str | None, typer.Option(metavar="ZONE", help="Time zone: Asia/Jakarta.")]
Rules = Annotated[str | None, typer.Option(metavar="NAME", help="Rules that come along.")]
Tongue = Annotated[Language | None, typer.Option(help="Language of its reports.")]


@office.command()
def add(
    code: Code,
    *,
    name: Annotated[str, typer.Option(help="Name of the office.")],
    admin: Annotated[str, typer.Option(metavar="LOGIN", help="Its first administrator.")],
    time_zone: Zone = None,
    profile: Rules = None,
    language: Tongue = None,
) -> int:
    """Make an office; prints the password that its first administrator begins with."""
    from inspection.access.offices import add_office  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    with opened() as (words, _, records):
        _, entry = add_office(
            records,
            code=code,
            name=name,
            time_zone=time_zone or "Asia/Jakarta",
            profile=profile or settings.profile,
            language=language or settings.language,
            admin=admin,
        )
        line = words.say("service.added", login=entry.user.login, password=entry.password)
    sys.stdout.write(line + "\n")
    return failure.DONE


@office.command("set")
def change(
    code: Code,
    *,
    name: Annotated[str | None, typer.Option(help="Name of the office.")] = None,
    time_zone: Zone = None,
    profile: Rules = None,
    language: Tongue = None,
    suspend: Annotated[
        bool | None,
        typer.Option("--suspend/--resume", help="Let nobody of it sign in, or let them again."),
    ] = None,
) -> int:
    """State name, time zone, rules or language of an office anew, or suspend it."""
    from inspection.access.office import office_named  # noqa: PLC0415
    from inspection.access.offices import change_office  # noqa: PLC0415

    with opened() as (words, _, records):
        changed = change_office(
            records,
            office_named(records, code),
            name=name,
            time_zone=time_zone,
            profile=profile,
            language=language,
            is_suspended=suspend,
        )
        sys.stdout.write(_line(changed, words))
    return failure.DONE


@office.command("list")
def list_offices() -> int:
    """Show the offices of the installation."""
    from inspection.access.offices import offices  # noqa: PLC0415

    with opened() as (words, _, records):
        for one in offices(records):
            sys.stdout.write(_line(one, words))
    return failure.DONE


def _line(one: "Office", words: Wording) -> str:
    told = {field: getattr(one, field) for field in ("code", "name", "time_zone", "profile")}
    said = "service.office" if one.suspended_at is None else "service.office_suspended"
    return words.say(said, **told, language=one.language) + "\n"
