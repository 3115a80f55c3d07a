"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from inspection.language import Language

Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one result object.")]
Speaking = Annotated[Language | None, typer.Option(help="Language of the answer.")]
Records = Annotated[Path | None, typer.Option(help="Folder of the permits' records.")]
