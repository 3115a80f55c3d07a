"""The installation of this machine, for commands that speak to its records."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inspection.wording.catalogue import Wording, wording

if TYPE_CHECKING:  # loaded by the command that is run
    from inspection.records.store import Records
    from inspection.settings import Settings


@contextmanager
def opened() -> "Iterator[tuple[Wording, Settings, Records]]":
    """Its language, its settings and its records, until the command is done."""
    from inspection.installation import open_installation  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    records, engine = open_installation(settings)
    try:
        yield wording(settings.language), settings, records
    finally:
        engine.dispose()
