"""`tinjau audit`: the audit log for whoever runs the installation: export, head, key."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from geo.errors import about
from inspection.commands.opened import opened
from inspection.errors import UsageError
from inspection.terminal import failure

# Loaded by each command: a person who asks for help should not wait for the database's library.

audit = typer.Typer(help="Export the audit log, sign its head, print the public key.")


@audit.command()
def export(
    *,
    out: Annotated[Path, typer.Option(help="The file to write; it must not exist yet.")],
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the office.")] = None,
    installation: Annotated[
        bool, typer.Option("--installation", help="The chain of what concerns no office alone.")
    ] = False,
) -> int:
    """Write all events of an office's chain and its signed heads, as `tinjau verify` reads them."""
    from inspection.access.office import office_named  # noqa: PLC0415
    from inspection.objects.draft import drafting  # noqa: PLC0415
    from inspection.records.audit import INSTALLATION  # noqa: PLC0415
    from inspection.upkeep.exporting import export_log  # noqa: PLC0415
    from inspection.upkeep.signing import audit_key  # noqa: PLC0415
    from inspection.wiring import audit_key_file  # noqa: PLC0415

    if out.exists():
        raise UsageError("out_exists", name=out.name)
    with opened() as (words, settings, records):
        chain = INSTALLATION if installation else office_named(records, office)
        key = audit_key(records, audit_key_file(settings))
        exported = export_log(records, chain, key=key, actor=None)
        with about(out.name), drafting(out.absolute().parent) as draft:
            draft.write(line + b"\n" for line in exported.lines)
            draft.publish(out, mode=0o600)
        told = {"events": exported.end.seq, "heads": exported.heads, "name": out.name}
        sys.stdout.write(words.say("log.exported", **told) + "\n")
    return failure.DONE


@audit.command()
def head(
    *,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Go on with another key: the one before is lost.")
    ] = False,
) -> int:
    """Sign the heads of today, where the service has not done it, and copy them elsewhere."""
    from inspection.evidence.head_key import fingerprint  # noqa: PLC0415
    from inspection.records.columns import now  # noqa: PLC0415
    from inspection.upkeep.signing import Signer, audit_key  # noqa: PLC0415
    from inspection.wiring import audit_key_file, open_head_place  # noqa: PLC0415

    with opened() as (words, settings, records):
        key = audit_key(records, audit_key_file(settings), new=new_key)
        place = open_head_place(settings)
        signed = Signer(records=records, key=key, place=place).sign(now())
        told = {"count": len(signed), "name": fingerprint(key.public_key())}
        lines = [words.say("log.signed" if signed else "log.signed_already", **told)]
        lines.append(words.say("log.not_copied" if place is None else "log.copied"))
    sys.stdout.write("\n".join(lines) + "\n")
    return failure.DONE


@audit.command()
def key() -> int:
    """Print the public keys that this installation signed with, as `tinjau verify` takes them."""
    from inspection.evidence.head_key import public_pem  # noqa: PLC0415
    from inspection.records.heads import known_keys  # noqa: PLC0415
    from inspection.upkeep.signing import audit_key  # noqa: PLC0415
    from inspection.wiring import audit_key_file  # noqa: PLC0415

    with opened() as (_, settings, records):
        audit_key(records, audit_key_file(settings))
        with records.reading_all() as session:
            keys = known_keys(session)
    sys.stdout.write("".join(public_pem(one).decode() for one in keys))
    return failure.DONE
