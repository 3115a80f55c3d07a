"""What stands behind each port: the one place where parts are chosen."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspection.archive import FolderArchive
from inspection.errors import UsageError
from inspection.evidence.bundle import is_bundle, unpacked
from inspection.evidence.examination import content_of, examined, known_issuers
from inspection.evidence.proof import Pages, PaperProof
from inspection.evidence.verify import Proof, require_result, verify
from inspection.objects.store import ObjectStore
from inspection.settings import Settings

if TYPE_CHECKING:  # loaded where they are opened
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sqlalchemy import Engine

    from inspection.access.oidc.entering import Rules
    from inspection.access.oidc.provider import Provider
    from inspection.evidence.audit_log import LogProof
    from inspection.records.store import Records

OIDC_CALLBACK: Final = "/api/v1/session/oidc/callback"
"""Where the identity provider sends people back, below the address of the installation."""

VERIFY_PAGE: Final = "/#/verify/"
"""Where anybody verifies a report by its code, below the address of the installation."""

REPORT_FONT: Final = Path(__file__).parent / "report" / "fonts" / "NotoSans-Regular.ttf"


def archive_at(folder: Path | None, settings: Settings) -> FolderArchive:
    """Archive in the folder asked for, else in the installation's, else in the user's own."""
    return FolderArchive(folder or settings.records or settings.data / "records")


def database_file(settings: Settings) -> Path | None:
    """The records' database where it is a file of SQLite."""
    address = records_address(settings)
    prefix = "sqlite:///"
    return Path(address.removeprefix(prefix)) if address.startswith(prefix) else None


def records_address(settings: Settings) -> str:
    """Address of the records' database: the installation's, else a file in its data folder."""
    if settings.database is not None:
        return settings.database.get_secret_value()
    return f"sqlite:///{settings.data / 'records.db'}"


def kept_in(settings: Settings) -> dict[str, Path]:
    """Folders of this machine that things are kept in, by what for: those with room to run out."""
    folders = {"data": settings.data}
    if settings.objects is not None and "://" not in settings.objects:
        folders["objects"] = Path(settings.objects)
    if (file := database_file(settings)) is not None and file.parent != settings.data:
        folders["database"] = file.parent
    return folders


def audit_key_file(settings: Settings) -> Path:
    """File of the key that signs the audit log's heads: the installation's, else in its data."""
    return settings.audit_key or settings.data / "audit-key.pem"


def open_head_place(settings: Settings) -> ObjectStore | None:
    """Open the second place of the signed heads; None where none is set."""
    return None if settings.audit_heads is None else open_objects(settings.audit_heads, settings)


def open_objects(address: str | None, settings: Settings) -> ObjectStore:
    """Open the object store asked for, else the installation's, else the one in its data folder."""
    # Loaded here, as below.
    from inspection.objects.location import objects_at  # noqa: PLC0415

    secret = settings.objects_secret
    return objects_at(
        address or settings.objects or str(settings.data),
        desk=settings.data / "passing",
        key_id=settings.objects_key_id,
        secret=None if secret is None else secret.get_secret_value(),
    )


def open_database(settings: Settings) -> "tuple[Records, Engine]":
    """Open the permits' records, made where there are none, and brought up to the code."""
    # Loaded here, as below.
    from inspection.records.engine import open_engine  # noqa: PLC0415
    from inspection.records.migrations.upgrade import upgrade  # noqa: PLC0415
    from inspection.records.store import Records  # noqa: PLC0415

    engine = open_engine(records_address(settings))
    upgrade(engine)
    return Records(engine), engine


def paper_proof(path: Path, trust: Sequence[Path] | None, settings: Settings) -> PaperProof:
    """Examine a PDF with the issuers named, else with those known to the installation."""
    known = trust or [one for one in [settings.trust] if one is not None]
    return examined(content_of(path), trust=known_issuers(known), look=look_at_pages)


def result_proof(
    path: Path, trust: Sequence[Path] | None, settings: Settings
) -> Proof | PaperProof:
    """
    Examine a result as it was given: its folder, all of it as one bundle, or its paper.

    Raises
    ------
    RefusedError
        ``result_absent`` if a folder holds nothing of a result, ``result_below`` if one lies in it.
    """
    if path.is_dir():
        require_result(path)
        return folder_proof(path)
    if is_bundle(path):
        with unpacked(path) as folder:
            return folder_proof(folder)
    return paper_proof(path, trust, settings)


def log_proof(
    path: Path,
    *,
    keys: Sequence[Path],
    heads: Sequence[Path],
    seeking: str | None,
    settings: Settings,
) -> "LogProof":
    """
    Examine an exported log with the public keys named, else with those that are known here.

    Raises
    ------
    UsageError
        ``audit_key_needed`` if there are none.
    RefusedError
        ``audit_log_empty``, ``audit_log_not_ours``; ``audit_key_unreadable``,
        ``audit_head_unreadable``, ``audit_heads_absent``.
    """
    from inspection.evidence.audit_log import verify_log  # noqa: PLC0415
    from inspection.evidence.head_key import keys_in  # noqa: PLC0415
    from inspection.evidence.log_file import heads_in, log_lines, require_exported  # noqa: PLC0415

    named = list(keys) or [one for one in [settings.audit_trust] if one is not None]
    known = keys_in(named) if named else _own_keys(settings)
    if not known:
        raise UsageError("audit_key_needed")
    require_exported(path)
    return verify_log(
        log_lines(path),
        name=path.name,
        keys=known,
        heads=heads_in(heads),
        seeking=seeking,
    )


def _own_keys(settings: Settings) -> "Sequence[Ed25519PublicKey]":
    """Keys that the installation signed with: the one that lies here, and those on its record."""
    from inspection.evidence.head_key import keys_in  # noqa: PLC0415
    from inspection.records.heads import known_keys  # noqa: PLC0415

    known = [*keys_in(one for one in [audit_key_file(settings)] if one.exists())]
    file = database_file(settings)
    if file is not None and not file.exists():
        return known
    records, engine = open_database(settings)
    try:
        with records.reading_all() as session:
            return [*known, *known_keys(session)]
    finally:
        engine.dispose()


def look_at_pages(pdf: bytes, document: bytes) -> Pages:
    """Compare the pages of a report with what its data print."""
    # Loaded here: a person who asks for help should not wait for the libraries of a report.
    from inspection.report.judge import judged  # noqa: PLC0415

    return judged(pdf, document).pages


def folder_proof(path: Path) -> Proof:
    """Examine the folder of a result, and its reports where nothing else is wrong."""
    proof = verify(path)
    if proof.flaws:
        return proof
    from inspection.report.judge import folder_flaws  # noqa: PLC0415

    return replace(proof, flaws=tuple(folder_flaws(path)))


def verify_page(settings: Settings) -> str:
    """Address of the page that verifies a report, to which its code is added; empty without one."""
    return "" if settings.address is None else f"{settings.address.rstrip('/')}{VERIFY_PAGE}"


def open_provider(settings: Settings) -> "tuple[Provider, Rules] | None":
    """
    The identity provider that people sign in by, and what its word makes of them; None without.

    Raises
    ------
    UsageError
        ``oidc_settings``, with the name of the setting.
    """
    # Loaded here, as above.
    from inspection.access.oidc.asking import is_guarded  # noqa: PLC0415
    from inspection.access.oidc.entering import Rule, Rules  # noqa: PLC0415
    from inspection.access.oidc.provider import Client, Provider  # noqa: PLC0415
    from inspection.records.tables.offices import Role  # noqa: PLC0415

    issuer, client, address = settings.oidc_issuer, settings.oidc_client, settings.address
    if issuer is None:
        return None
    if not is_guarded(issuer):
        raise UsageError("oidc_settings", where="TINJAU_OIDC_ISSUER")
    if client is None:
        raise UsageError("oidc_settings", where="TINJAU_OIDC_CLIENT")
    if address is None:
        raise UsageError("oidc_settings", where="TINJAU_ADDRESS")
    of_offices = set(Role) - {Role.CENTRAL_ADMIN}  # whom the command line alone takes in
    if any(role not in of_offices for one in settings.oidc_roles for role in one.roles):
        raise UsageError("oidc_settings", where="TINJAU_OIDC_ROLES")
    secret = settings.oidc_secret
    known = Client(
        issuer=issuer,
        client_id=client,
        secret=None if secret is None else secret.get_secret_value(),
        callback=f"{address.rstrip('/')}{OIDC_CALLBACK}",
    )
    rules = [
        Rule(
            value=one.value,
            office=one.office,
            roles=frozenset(map(Role, one.roles)),
            provision=one.provision,
        )
        for one in settings.oidc_roles
    ]
    return Provider(known), Rules(claim=settings.oidc_claim, roles=rules)
