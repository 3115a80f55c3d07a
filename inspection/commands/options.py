"""Options that several commands share."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from inspection.errors import UsageError
from inspection.language import Language

Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one result object.")]
Speaking = Annotated[Language | None, typer.Option(help="Language of the answer.")]
Records = Annotated[Path | None, typer.Option(help="Folder of the permits' records.")]


def permit_id(text: str) -> UUID:
    """
    Read a permit's id, before anything is sent or written on its behalf.

    Raises
    ------
    UsageError
        ``permit_id`` if it is none.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise UsageError("permit_id", where=text) from error
