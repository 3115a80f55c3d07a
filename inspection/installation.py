"""An installation as it is set: whether all of it can be used, and whether it is there."""

from typing import TYPE_CHECKING

from inspection.errors import UsageError
from inspection.settings import Settings
from inspection.wiring import open_database, open_objects, open_provider, records_address

if TYPE_CHECKING:  # loaded where it is opened
    from sqlalchemy import Engine

    from inspection.records.store import Records


def require_places(settings: Settings) -> None:
    """
    Require that what is set can be used, and that what is kept here can be written.

    Raises
    ------
    UsageError
        ``objects_address_impossible``, or as `inspection.errors.placing`, with the setting;
        ``oidc_settings``.
    """
    # Loaded here: a person who asks for help should not wait for the libraries of a store.
    from inspection.objects.folder import FolderObjects  # noqa: PLC0415

    open_provider(settings)
    for name, address in (
        ("TINJAU_DATA", str(settings.data)),
        ("TINJAU_OBJECTS", settings.objects),
        ("TINJAU_AUDIT_HEADS", settings.audit_heads),
    ):
        try:
            store = None if address is None else open_objects(address, settings)
            if isinstance(store, FolderObjects):
                store.require_writable()
        except UsageError as error:
            error.where = error.where or name
            raise


def require_installation(settings: Settings) -> None:
    """
    Require that an installation was begun here: a mistyped setting shall not begin another.

    Raises
    ------
    UsageError
        ``installation_absent``, with the setting that says where it would be.
    UnfinishedError
        As `inspection.records.engine.told`.
    """
    from inspection.records.engine import open_engine  # noqa: PLC0415
    from inspection.records.migrations.upgrade import require_begun  # noqa: PLC0415

    try:
        engine = open_engine(records_address(settings), make=False)
        try:
            require_begun(engine)
        finally:
            engine.dispose()
    except UsageError as error:
        error.where = error.where or (
            "TINJAU_DATA" if settings.database is None else "TINJAU_DATABASE"
        )
        raise


def open_installation(settings: Settings) -> "tuple[Records, Engine]":
    """Open the records of an installation that is there; raises as `require_installation`."""
    require_installation(settings)
    return open_database(settings)
