"""`tinjau user`: the people who sign in, for whoever runs the installation."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from inspection.commands.opened import opened
from inspection.errors import UsageError
from inspection.terminal import failure

# Loaded by each command: a person who asks for help should not wait for the database's library.
if TYPE_CHECKING:
    from inspection.records.tables.offices import Role

user = typer.Typer(help="Take people in, give them roles, shut them out.")


@user.command()
def add(
    login: Annotated[str, typer.Argument(help="By what the person signs in.")],
    *,
    name: Annotated[str | None, typer.Option(help="Name of the person; else the login.")] = None,
    role: Annotated[list[str] | None, typer.Option(help="A role of the person.")] = None,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the office.")] = None,
    subject: Annotated[
        str | None, typer.Option(metavar="ID", help="By what the identity provider knows them.")
    ] = None,
) -> int:
    """Take in a person; prints the password that they begin with, unless a provider has it."""
    from inspection.access.central import place_for  # noqa: PLC0415
    from inspection.access.people import (  # noqa: PLC0415
        add_person,
        link_to_provider,
        require_login,
        require_name,
    )
    from inspection.settings import read_settings  # noqa: PLC0415

    require_login(login)
    require_name(login if name is None else name)
    roles = _roles(role or [])
    before = read_settings()
    issuer = before.oidc_issuer
    if not roles and (subject is None or not before.oidc_roles):
        raise UsageError("role_unnamed")
    if subject is not None and issuer is None:
        raise UsageError("oidc_settings", where="TINJAU_OIDC_ISSUER")
    with opened() as (words, settings, records):
        with records.writing(place_for(records, roles, office, settings)) as session:
            entry = add_person(
                session, login=login, name=login if name is None else name, roles=roles, by=None
            )
            if subject is not None and issuer is not None:
                link_to_provider(session, entry.user, issuer=issuer, subject=subject, by=None)
        line = words.say("service.added", login=entry.user.login, password=entry.password)
        if subject is not None:
            line = words.say("service.linked", login=entry.user.login)
    sys.stdout.write(line + "\n")
    return failure.DONE


@user.command("role")
def set_role(
    login: Annotated[str, typer.Argument(help="Whose roles.")],
    roles: Annotated[list[str], typer.Argument(metavar="ROLE...", help="All that they have now.")],
) -> int:
    """Give a person these roles and no others."""
    from inspection.access.office import person_named  # noqa: PLC0415
    from inspection.access.roles import set_roles  # noqa: PLC0415
    from inspection.records.tables.offices import User  # noqa: PLC0415

    given = _roles(roles)
    with opened() as (words, _, records):
        office, person = person_named(records, login)
        with records.writing(office) as session:
            set_roles(session, session.get_one(User, person), given, by=None)
    line = words.say("service.roles", login=login, roles=", ".join(sorted(given)))
    sys.stdout.write(line + "\n")
    return failure.DONE


@user.command()
def disable(login: Annotated[str, typer.Argument(help="Who may not sign in any more.")]) -> int:
    """Shut a person out, at once."""
    from inspection.access.office import person_named  # noqa: PLC0415
    from inspection.access.people import close_account  # noqa: PLC0415
    from inspection.records.tables.offices import User  # noqa: PLC0415

    with opened() as (words, _, records):
        office, person = person_named(records, login)
        with records.writing(office) as session:
            close_account(session, session.get_one(User, person), by=None)
    sys.stdout.write(words.say("service.closed", login=login) + "\n")
    return failure.DONE


@user.command()
def enable(login: Annotated[str, typer.Argument(help="Who may sign in again.")]) -> int:
    """Let a person in again who was shut out."""
    from inspection.access.office import person_named  # noqa: PLC0415
    from inspection.access.people import reopen_account  # noqa: PLC0415
    from inspection.records.tables.offices import User  # noqa: PLC0415

    with opened() as (words, _, records):
        office, person = person_named(records, login)
        with records.writing(office) as session:
            reopen_account(session, session.get_one(User, person), by=None)
    sys.stdout.write(words.say("service.reopened", login=login) + "\n")
    return failure.DONE


@user.command("list")
def list_people(
    *,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the office.")] = None,
    central: Annotated[
        bool, typer.Option("--central", help="Those above the offices instead.")
    ] = False,
) -> int:
    """Show the people of an office, their roles, and who is shut out."""
    from inspection.access.office import office_named  # noqa: PLC0415
    from inspection.access.people import people_of  # noqa: PLC0415
    from inspection.records.audit import INSTALLATION  # noqa: PLC0415

    with opened() as (words, _, records):
        place = INSTALLATION if central else office_named(records, office)
        with records.reading(place) as session:
            people = people_of(session)
        for one, roles in people:
            said = "service.listed" if one.closed_at is None else "service.listed_closed"
            named = ", ".join(sorted(roles)) or "-"
            line = words.say(said, login=one.login, name=one.name, roles=named)
            sys.stdout.write(line + "\n")
    return failure.DONE


@user.command("key")
def set_key(
    login: Annotated[str, typer.Argument(help="Whose laptop it is.")],
    key: Annotated[str, typer.Argument(help="What tinjau pack --key printed there.")],
    *,
    device: Annotated[str, typer.Option(help="What the laptop is called.")] = "laptop",
    end: Annotated[bool, typer.Option("--end", help="Let the key count no more.")] = False,
) -> int:
    """Tell the office by which key it knows the parcels that a person packs."""
    from inspection.access.device_keys import (  # noqa: PLC0415
        add_device_key,
        device_key_of,
        end_device_key,
    )
    from inspection.access.office import person_named  # noqa: PLC0415
    from inspection.parcels.device_key import fingerprint, public_key_of  # noqa: PLC0415

    shown = fingerprint(public_key_of(key))
    with opened() as (words, _, records):
        office, person = person_named(records, login)
        with records.writing(office) as session:
            if end:
                row = device_key_of(session, user_id=person, key=key)
                end_device_key(session, row, by=None)
            else:
                add_device_key(session, user_id=person, name=device, key=key, by=None)
    said = "service.key_ended" if end else "service.key_added"
    sys.stdout.write(words.say(said, login=login, fingerprint=shown) + "\n")
    return failure.DONE


def _roles(named: list[str]) -> "set[Role]":
    from inspection.records.tables.offices import Role  # noqa: PLC0415

    for name in named:
        if name not in list(Role):
            raise UsageError("role_unknown", where=name)
    return {Role(name) for name in named}
